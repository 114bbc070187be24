// Package events holds real payloads of every function. They are made from the code that writes
// them, so they cannot drift from it: change the code, and TestPayloads says which file to make anew.
package events
