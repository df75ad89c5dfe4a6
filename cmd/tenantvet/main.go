// Tenantvet proves tenant isolation in Go services.
//
// It is a command, "tenantvet ./...", and a vet tool,
// "go vet -vettool=$(command -v tenantvet) ./...": the findings are the same.
// Run "tenantvet help" for flags and exit codes.
package main

import (
	"os"

	"github.com/tenantvet/tenantvet/analyzers"
	"github.com/tenantvet/tenantvet/analyzers/directives"
	"github.com/tenantvet/tenantvet/analyzers/ledger"
	"github.com/tenantvet/tenantvet/analyzers/proposals"
	"github.com/tenantvet/tenantvet/internal/command"
	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/guards"
	"github.com/tenantvet/tenantvet/internal/policy"
	"github.com/tenantvet/tenantvet/internal/starter"
)

func main() {
	os.Exit(command.Main(suite()))
}

// suite is what this program runs. The rules are listed in package analyzers.
func suite() driver.Suite {
	return driver.Suite{
		Analyzers:    append(analyzers.Suite(), ledger.Analyzer),
		OptIn:        []string{ledger.Name},
		Explain:      analyzers.Explain,
		Categories:   analyzers.Categories,
		PolicyDigest: policy.Digest,
		Given:        policy.Given,
		Baseline:     policy.BaselineFile,
		Tally:        directives.Analyzer,
		Notes:        directives.Notes,
		Ledger:       ledger.Analyzer,
		Usage:        ledger.Usage,
		Doctor:       ledger.Doctor,
		Policy:       starter.Command,
		Routes:       guards.Listing,
		Flags: func(dir string, getenv func(string) string) (map[string]string, error) {
			p, err := policy.Pack(dir, getenv)
			return p.Flags(), err
		},
		Proposals: proposals.Analyzer,
		Suggest:   proposals.Text,
		Init:      starter.Init,
	}
}
