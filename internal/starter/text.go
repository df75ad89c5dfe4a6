package starter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
)

const head = `# What tenantvet has to know of this module: see docs/policy.md of
# github.com/tenantvet/tenantvet. It belongs at the root of the module, as
# .tenantvet.toml.

# Sources hand out who the caller is. A key is proven when the caller's tenant (and
# environment, if there is a source for it) is part of it; so what stands here is what
# everything else rests on.
`

const none = `#
# No function was found that looks like one: takes a context or a request, and has a
# name that speaks of a tenant, org, workspace, account or environment. If there is
# one, name it:
#
# [[source]]
# func = "./internal/auth.TenantID"
# result = "result0"
# dimension = "tenant"
`

const found = `# The functions below look like it, going by their names. Of each, make sure that what
# it returns comes from the caller's session or token and not from what the caller may
# choose (a header, a path, a body). Then take the # away from its four lines, and
# remove the others.
`

const tail = `
# Names that say what a field, header or parameter is. They prove nothing; they word
# findings, and tell a tenant of the request from a plain id.
%s
# What keys must carry follows from the sources. To say it yourself:
#
# [require]
# cache = ["tenant", "env"]
# topic = ["tenant"]

# What all tenants share on purpose: keys by their constant beginning, variables and
# functions by their names.
#
# [[shared]]
# key = "rates:"
# reason = "exchange rates are the same for everybody"

# Findings that are known and will stay.
#
# [[exempt]]
# category = "unscopedkey"
# packages = "./internal/migrate/..."
# reason = "runs once, by an operator, over all tenants"
`

// write returns the text of a policy that proposes the candidates.
func write(cs []Candidate) string {
	var b strings.Builder
	b.WriteString(head)
	if len(cs) == 0 {
		b.WriteString(none)
	} else {
		b.WriteString(found)
	}
	for _, c := range cs {
		called := fmt.Sprintf("a function of that name is called %d times", c.Calls)
		if c.Calls == 1 {
			called = "a function of that name is called once"
		}
		fmt.Fprintf(&b, "\n# %s:%d returns %s; %s\n", c.File, c.Line, c.Returns, called)
		fmt.Fprintf(&b, "# [[source]]\n# func = %q\n# result = %q\n# dimension = %q\n", c.Func, c.Result, c.Dim)
	}
	fmt.Fprintf(&b, tail, dimensions(cs))
	return b.String()
}

// dimensions writes the table of names, with the defaults and the words that
// the module uses instead.
func dimensions(cs []Candidate) string {
	tenant := []string{"tenant_id", "TenantID", "X-Tenant-ID"}
	env := []string{"env", "environment_id", "EnvironmentID", "X-Environment-ID"}
	for _, c := range cs {
		for _, w := range split(c.Func[strings.LastIndexByte(c.Func, '.')+1:] + "_" + strings.TrimPrefix(c.Result, "result0.")) {
			switch w {
			case "org", "organization", "organisation", "workspace", "account":
				upper := strings.ToUpper(w[:1]) + w[1:]
				for _, name := range []string{w + "_id", upper + "ID", "X-" + upper + "-ID"} {
					if c.Dim == models.Tenant && !slices.Contains(tenant, name) {
						tenant = append(tenant, name)
					}
				}
			}
		}
	}
	quote := func(names []string) string { return `"` + strings.Join(names, `", "`) + `"` }
	return fmt.Sprintf("[dimensions]\ntenant = [%s]\nenv = [%s]\n", quote(tenant), quote(env))
}
