// Package analyzers is tenantvet's suite.
package analyzers

import (
	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/analyzers/directives"
	"github.com/tenantvet/tenantvet/analyzers/failopen"
	"github.com/tenantvet/tenantvet/analyzers/globalcache"
	"github.com/tenantvet/tenantvet/analyzers/lostscope"
	"github.com/tenantvet/tenantvet/analyzers/missingtenant"
	"github.com/tenantvet/tenantvet/analyzers/rawenv"
	"github.com/tenantvet/tenantvet/analyzers/scopesource"
	"github.com/tenantvet/tenantvet/analyzers/tokenlog"
	"github.com/tenantvet/tenantvet/analyzers/unscopedevent"
	"github.com/tenantvet/tenantvet/analyzers/unscopedkey"
	"github.com/tenantvet/tenantvet/analyzers/untestedscope"
)

// Suite returns the analyzers of tenantvet, each time a new slice, in the
// order of the documentation.
func Suite() []*analysis.Analyzer {
	return []*analysis.Analyzer{
		unscopedkey.Analyzer,   // keys of caches, locks, blobs, topics and stores carry the caller's scope
		missingtenant.Analyzer, // routes stand behind their guards
		globalcache.Analyzer,   // state that outlives requests is kept apart by tenant
		scopesource.Analyzer,   // scope is not what the client says it is
		failopen.Analyzer,      // a scope that is missing does not widen what is done
		lostscope.Analyzer,     // contexts keep the scope that is needed at their end
		rawenv.Analyzer,        // environments are values of a type, and tenants are no literals
		tokenlog.Analyzer,      // credentials do not get into logs, errors, traces and metrics
		unscopedevent.Analyzer, // messages say whose they are, and get to nobody else
		untestedscope.Analyzer, // what keeps data of tenants has a test of isolation, if the policy wants one
		directives.Analyzer,    // exemptions say why, and are needed
	}
}
