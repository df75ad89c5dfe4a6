package command

import (
	"flag"
	"io"

	"github.com/tenantvet/tenantvet/internal/skeleton"
)

// gen carries out "tenantvet gen": it prints code to begin with.
func (c *Cmd) gen(args []string) (int, error) {
	const usage = "gen prints one thing: tenantvet gen isolation-test [-C dir] ./dir.Type"
	if len(args) == 0 || args[0] != "isolation-test" {
		return 0, usageError{usage}
	}
	fs := flag.NewFlagSet("tenantvet gen", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	dir := fs.String("C", "", "")
	if err := fs.Parse(args[1:]); err != nil {
		return 0, usageError{"gen: " + err.Error()}
	}
	if fs.NArg() != 1 {
		return 0, usageError{usage}
	}
	at, err := c.chdir(*dir)
	if err != nil {
		return 0, err
	}
	text, err := skeleton.IsolationTest(at, fs.Arg(0))
	if err != nil {
		return 0, err
	}
	_, err = c.Stdout.Write(text)
	return ExitClean, err
}
