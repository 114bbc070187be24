// Package meeting is what the office's monthly meeting with its supervisors (监督员座谈会) works with: the digest of the
// month, made once and kept in editions, and what the meeting decides. It knows no storage, no network and no clock:
// what it needs of them it names.
package meeting
