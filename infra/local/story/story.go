// Package story plays the program's main job against the running stack: template.yaml itself, the
// functions' real binaries, real engines. What must survive a crash is played with a crash at
// every call.
package story
