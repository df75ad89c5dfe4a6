package routes

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// A lock file holds, for each mounted route, its handler and its middleware, and
// what its guards ask for, where that is known:
//
//	GET /orders/{id} (*api.Orders).Get
//		auth.Require
//		guard.Role("admin")
//		guard: membership
//		guard: role(admin)
//
// It holds no line numbers, so that only what matters changes it.
const lockHeader = "# routes of this module; written by: tenantvet routes -write, checked by: tenantvet routes -check"

type locked struct {
	key, handler string
	mws          []string
}

// locked returns the routes as a lock file holds them: one line a method.
func (r *Routes) locked() []locked {
	literal := regexp.MustCompile(`\bfunc@[^:\s]+:\d+`) // here: nothing is compiled at start-up
	stable := func(s string) string { return literal.ReplaceAllString(s, "func") }
	var out []locked
	for i := range r.Routes {
		e := &r.Routes[i]
		methods := e.Methods
		if len(methods) == 0 {
			methods = []string{"ANY"}
		}
		for _, m := range methods {
			l := locked{key: m + " " + strings.ReplaceAll(e.place(), " ", "%20"), handler: stable(e.Handler.Name)}
			for j := range e.Middleware {
				l.mws = append(l.mws, stable(e.Middleware[j].mark()))
			}
			for _, g := range e.Contract.grants() {
				l.mws = append(l.mws, "guard: "+g)
			}
			if !slices.ContainsFunc(out, func(o locked) bool {
				return o.key == l.key && o.handler == l.handler && slices.Equal(o.mws, l.mws)
			}) {
				out = append(out, l)
			}
		}
	}
	slices.SortStableFunc(out, compareLocked)
	return out
}

func compareLocked(a, b locked) int {
	am, ap, _ := strings.Cut(a.key, " ")
	bm, bp, _ := strings.Cut(b.key, " ")
	if c := strings.Compare(ap, bp); c != 0 {
		return c
	}
	if c := strings.Compare(am, bm); c != 0 {
		return c
	}
	if c := strings.Compare(a.handler, b.handler); c != 0 {
		return c
	}
	return slices.Compare(a.mws, b.mws)
}

// Lock returns the text of the lock file for the routes.
func (r *Routes) Lock() string {
	var b strings.Builder
	b.WriteString(lockHeader + "\n")
	for _, l := range r.locked() {
		fmt.Fprintf(&b, "%s %s\n", l.key, l.handler)
		for _, m := range l.mws {
			fmt.Fprintf(&b, "\t%s\n", m)
		}
	}
	return b.String()
}

// readLock reads a lock file. Errors name the line.
func readLock(name, text string) ([]locked, error) {
	var out []locked
	sc := bufio.NewScanner(strings.NewReader(text))
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		line := sc.Text()
		switch {
		case strings.TrimSpace(line) == "", strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "\t"):
			if len(out) == 0 {
				return nil, fmt.Errorf("%s:%d: a middleware before the first route: write the file anew with tenantvet routes -write %s", name, n, name)
			}
			l := &out[len(out)-1]
			l.mws = append(l.mws, strings.TrimSpace(line))
		default:
			parts := strings.SplitN(line, " ", 3)
			if len(parts) != 3 {
				return nil, fmt.Errorf("%s:%d: not of the form METHOD PATH HANDLER: write the file anew with tenantvet routes -write %s", name, n, name)
			}
			out = append(out, locked{key: parts[0] + " " + parts[1], handler: parts[2]})
		}
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

// Check compares the routes with a lock file and writes what differs. bad is
// set if a route is new, is gone, or has lost a middleware or its order.
func (r *Routes) Check(w io.Writer, name, text string) (bad bool, err error) {
	old, err := readLock(name, text)
	if err != nil {
		return false, err
	}
	now := r.locked()
	group := func(list []locked) (keys []string, by map[string][]locked) {
		by = map[string][]locked{}
		for _, l := range list {
			if by[l.key] == nil {
				keys = append(keys, l.key)
			}
			by[l.key] = append(by[l.key], l)
		}
		return keys, by
	}
	oldKeys, was := group(old)
	newKeys, is := group(now)
	all := make([]locked, 0, len(oldKeys)+len(newKeys))
	for _, k := range append(slices.Clone(oldKeys), newKeys...) {
		all = append(all, locked{key: k})
	}
	slices.SortStableFunc(all, compareLocked)
	all = slices.CompactFunc(all, func(a, b locked) bool { return a.key == b.key })
	var b strings.Builder
	for _, k := range all {
		a, z := was[k.key], is[k.key]
		for len(a) > 0 && len(z) > 0 {
			// Those of the same handler belong together.
			i, j := 0, 0
			for x := range a {
				if y := slices.IndexFunc(z, func(l locked) bool { return l.handler == a[x].handler && slices.Equal(l.mws, a[x].mws) }); y >= 0 {
					i, j = x, y
					break
				}
				if y := slices.IndexFunc(z, func(l locked) bool { return l.handler == a[x].handler }); y >= 0 && a[i].handler != z[j].handler {
					i, j = x, y
				}
			}
			bad = difference(&b, k.key, a[i], z[j]) || bad
			a, z = slices.Delete(slices.Clone(a), i, i+1), slices.Delete(slices.Clone(z), j, j+1)
		}
		for _, l := range a {
			bad = true
			fmt.Fprintf(&b, "- %s %s: gone\n", l.key, l.handler)
		}
		for _, l := range z {
			bad = true
			fmt.Fprintf(&b, "+ %s %s: new%s\n", l.key, l.handler, behind(l.mws))
		}
	}
	_, err = io.WriteString(w, b.String())
	return bad, err
}

func behind(mws []string) string {
	if len(mws) == 0 {
		return ", without middleware"
	}
	return ", behind " + strings.Join(mws, ", ")
}

// difference writes what differs between two states of a route.
func difference(b *strings.Builder, key string, a, z locked) (bad bool) {
	var lines []string
	if a.handler != z.handler {
		lines = append(lines, fmt.Sprintf("  its handler was %s and is %s", a.handler, z.handler))
	}
	lost, gained := subtract(a.mws, z.mws), subtract(z.mws, a.mws)
	for _, m := range lost {
		bad = true
		if slices.Contains(z.mws, m+"?") {
			lines = append(lines, "- has "+m+" on some paths only")
			gained = subtract(gained, []string{m + "?"})
			continue
		}
		lines = append(lines, "- lost "+m)
	}
	for _, m := range gained {
		lines = append(lines, "+ gained "+m)
	}
	if common := subtract(a.mws, lost); !slices.Equal(common, subtract(z.mws, subtract(z.mws, a.mws))) {
		bad = true
		lines = append(lines, fmt.Sprintf("- the order was %s and is %s", strings.Join(a.mws, ", "), strings.Join(z.mws, ", ")))
	}
	if len(lines) > 0 {
		fmt.Fprintf(b, "%s %s\n", key, z.handler)
		for _, l := range lines {
			fmt.Fprintf(b, "\t%s\n", l)
		}
	}
	return bad
}

// subtract returns what is in a and not in b, counting.
func subtract(a, b []string) []string {
	rest := slices.Clone(b)
	var out []string
	for _, s := range a {
		if i := slices.Index(rest, s); i >= 0 {
			rest = slices.Delete(rest, i, i+1)
			continue
		}
		out = append(out, s)
	}
	return out
}

// Against compares the routes with an OpenAPI document in JSON or YAML and writes what
// is in one and not in the other. Names of parameters do not matter.
func (r *Routes) Against(w io.Writer, name string, data []byte) (differ bool, err error) {
	doc, err := readDocument(name, data)
	if err != nil {
		return false, err
	}
	type operation struct{ method, path, shown string }
	var said []operation
	for p, methods := range doc.methods {
		for _, m := range methods {
			if m := strings.ToUpper(m); isHTTPMethod(m) {
				full := join(doc.base, p)
				said = append(said, operation{m, shape(full), m + " " + full})
			}
		}
	}
	slices.SortFunc(said, func(a, b operation) int {
		if c := strings.Compare(a.path, b.path); c != 0 {
			return c
		}
		return strings.Compare(a.method, b.method)
	})
	var b strings.Builder
	covered := make([]bool, len(r.Routes))
	for _, op := range said {
		found := false
		for i := range r.Routes {
			e := &r.Routes[i]
			if shape(e.Path) == op.path && (len(e.Methods) == 0 || slices.Contains(e.Methods, op.method)) {
				found, covered[i] = true, true
			}
		}
		if !found {
			differ = true
			fmt.Fprintf(&b, "- %s: in %s, not in the code\n", op.shown, name)
		}
	}
	for i := range r.Routes {
		e := &r.Routes[i]
		for _, m := range e.Methods {
			if isHTTPMethod(m) && !slices.ContainsFunc(said, func(op operation) bool { return op.method == m && op.path == shape(e.Path) }) {
				differ = true
				fmt.Fprintf(&b, "+ %s %s: in the code at %s, not in %s\n", m, e.place(), e.At, name)
			}
		}
		if len(e.Methods) == 0 && !covered[i] {
			differ = true
			fmt.Fprintf(&b, "+ ANY %s: in the code at %s, not in %s\n", e.place(), e.At, name)
		}
	}
	_, err = io.WriteString(w, b.String())
	return differ, err
}

// shape is a path without the names of its parameters and without a slash at
// its end.
func shape(p string) string {
	p, _ = template(p, "")
	p = braced.ReplaceAllString(p, "{}")
	if len(p) > 1 {
		p = strings.TrimSuffix(p, "/")
	}
	return p
}
