// Package events holds real payloads of every function and event source, for golden tests, the local
// stack and sam local invoke, and the tests that keep them real.
package events
