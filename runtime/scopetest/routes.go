package scopetest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ParseRoutes makes a contract of what "tenantvet routes -format json ./..."
// prints: the routes that the code mounts, in that order, with what their guards
// ask for. So [Permutations] compares what was read off the code with what the
// running handler answers.
//
// What only a test knows is for the caller to fill in: Values of paths with
// wildcards, and where it matters Body, Query, Headers and Answers. Left lists
// the routes of which no contract can be made, each with the reason: one that is
// not guarded as it should be, one that answers any method, one whose path or
// guards are not known. Tasks and the like, which nobody requests, are left out
// without a word. The error is about data that is no such list, or has no route
// with a verdict.
func ParseRoutes(data []byte) (c Contract, left []string, err error) {
	var table struct{ Routes []listedRoute }
	if err := json.Unmarshal(data, &table); err != nil {
		return Contract{}, nil, fmt.Errorf("the list of routes cannot be read; make it with tenantvet routes -format json: %w", err)
	}
	c.Version = ContractVersion
	judged := false
	for i := range table.Routes {
		l := &table.Routes[i]
		judged = judged || l.Verdict != ""
		if slices.ContainsFunc(l.Methods, notRequested) {
			continue
		}
		r, problem := l.route()
		if problem != "" {
			left = append(left, fmt.Sprintf("%s %s: %s", cmp.Or(strings.Join(l.Methods, ","), "ANY"), l.Path, problem))
			continue
		}
		for _, method := range l.Methods {
			r.Method = method
			c.Routes = append(c.Routes, r)
		}
	}
	if !judged {
		return Contract{}, nil, errors.New("the list of routes has no route with a verdict; are there guards that tenantvet knows, and is it that of the whole program?")
	}
	return c, left, nil
}

// listedRoute is what a contract needs of a route in the list.
type listedRoute struct {
	Methods        []string
	Path, Template string
	Verdict, Why   string
	Requires       *struct {
		Caller Requirement
		Roles  [][]string
	}
}

// notRequested reports whether a method stands for something that is not
// requested by HTTP.
func notRequested(method string) bool {
	switch method {
	case "TASK", "TOPIC", "JOB", "WORKFLOW", "ACTIVITY", "RPC", "STREAM", "GRAPHQL", "FIELD":
		return true
	}
	return false
}

// route returns the route of a contract, without its method, or why there is
// none.
func (l *listedRoute) route() (Route, string) {
	switch {
	case len(l.Methods) == 0:
		return Route{}, "it answers any method"
	case l.Template == "":
		return Route{}, "its path is not known"
	case l.Requires == nil && l.Verdict == "guarded":
		return Route{}, "the role that its guards ask for is not known"
	case l.Requires == nil:
		return Route{}, strings.TrimSuffix("its verdict is "+l.Verdict+", "+l.Why, ", ")
	}
	r := Route{Path: l.Template, Requires: l.Requires.Caller}
	for i, roles := range l.Requires.Roles {
		if i == 0 {
			r.Roles = roles
			continue
		}
		r.Roles = slices.DeleteFunc(slices.Clone(r.Roles), func(role string) bool { return !slices.Contains(roles, role) })
	}
	if r.Requires == RequireRole && len(r.Roles) == 0 {
		return Route{}, "its guards have no role in common"
	}
	return r, ""
}
