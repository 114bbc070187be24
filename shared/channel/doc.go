// Package channel sends a section's news to its chat group, to a program of its own, or by mail.
package channel
