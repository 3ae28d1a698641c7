// Command k6 is k6 itself, pinned by go.mod and go.sum, with proofload's output compiled in.
package main

import (
	"go.k6.io/k6/v2/cmd"

	_ "proofload/tools/k6/proofload"
)

func main() {
	cmd.Execute()
}
