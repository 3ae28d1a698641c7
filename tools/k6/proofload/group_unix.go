//go:build unix

package proofload

import (
	"os"
	"syscall"
)

// Ctrl-C in the terminal reaches a whole process group. proofload decides itself what then happens to the traffic, so k6 leaves its
// group. A session of its own would do as well, but Linux shares the CPU out by session: against a busy machine that cost a third of the rate.
func init() {
	if os.Getenv("PROOFLOAD_OWN_GROUP") != "" {
		_ = syscall.Setpgid(0, 0)
	}
}
