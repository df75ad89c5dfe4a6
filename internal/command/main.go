package command

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/vettool"
)

// Main is the main function of a program with the given suite: a vet tool when
// go vet calls it, a command otherwise. It returns the exit code.
func Main(suite driver.Suite) int {
	dir, err := os.Getwd()
	if err == nil {
		err = suite.Validate()
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "tenantvet: %v\n", err)
		return ExitFailed
	}
	ownLimits := os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == ""
	if args := os.Args[1:]; vettool.Called(args) {
		// The go command runs one of these per core. Few packages come near
		// the limit, and those that do pay with some more collecting.
		if ownLimits {
			debug.SetMemoryLimit(520 << 20)
		}
		tool := vettool.Cmd{Suite: suite, Args: args, Env: os.Environ(), Dir: dir, Stdout: os.Stdout, Stderr: os.Stderr}
		return tool.Run()
	}
	// Types are needed to the end, so collecting often finds little. A short
	// run may take twice the usual room for it; a long one, on a large module,
	// is held down instead.
	if ownLimits {
		debug.SetGCPercent(300)
		debug.SetMemoryLimit(2500 << 20)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	info, err := os.Stderr.Stat()
	cmd := Cmd{
		Suite: suite, Args: os.Args[1:], Env: os.Environ(), Dir: dir,
		Stdout: os.Stdout, Stderr: os.Stderr,
		Terminal: err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb",
	}
	return cmd.Run(ctx)
}
