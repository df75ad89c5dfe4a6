// Package proposals finds out what a policy could say of a module and does not:
// functions behind which keys of tenants end out of tenantvet's sight. It proposes,
// with the evidence; a person decides.
package proposals

import (
	"encoding/json"
	"fmt"
	"go/token"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/driver"
	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/report"
	"github.com/tenantvet/tenantvet/internal/scopeflow"
)

// Analyzer gathers, from each package, what [Text] makes proposals of: interfaces
// and their calls, methods that hand keys on to sinks, and arguments of which
// nothing asks whose they are. It reports nothing.
var Analyzer = &analysis.Analyzer{
	Name:       "tenantvetproposals",
	Doc:        "gather what a policy could say of the code",
	URL:        "https://github.com/tenantvet/tenantvet/blob/main/docs/command.md#init-and-suggest",
	Run:        run,
	Requires:   []*analysis.Analyzer{scopeflow.Analyzer},
	ResultType: reflect.TypeFor[driver.Lines](),
}

// A record is a line of the tally. One of its fields is set.
type record struct {
	Interface *declared `json:",omitempty"`
	Type      *declared `json:",omitempty"`
	Called    *called   `json:",omitempty"`
	Passed    *passed   `json:",omitempty"`
}

// declared is an interface or another type with methods.
type declared struct {
	Package, Name string
	Methods       []method
	Pos           report.Pos
}

// A method is told apart from others by its name and its signature, as text: who
// declares an interface and who satisfies it need not import each other.
type method struct {
	Name, Signature string
	Known           bool    // of an interface: a row of the policy speaks of it
	Hands           []hands // of another type
	Pos             report.Pos
}

// hands says that a method hands a key on to a sink.
type hands struct {
	Kind models.Kind
	Op   models.Op
	What string
	Key  []string
}

// called counts the calls, by one package, of a method through an interface.
type called struct {
	Package, By string // of the interface, of the caller
	Interface   string
	Method      string
	Count       int
}

// passed is an argument of a call.
type passed struct {
	Func    string // as the policy names it, with the whole import path
	Package string
	Param   string // by which the policy names it
	Class   scopeflow.Class
	Parts   string
	Pos     report.Pos
}

// gatherer makes the records of a package.
type gatherer struct {
	pass *analysis.Pass
	res  *scopeflow.Result
	out  driver.Lines
	err  error
}

func run(pass *analysis.Pass) (any, error) {
	res := pass.ResultOf[scopeflow.Analyzer].(*scopeflow.Result)
	g := &gatherer{pass: pass, res: res, out: driver.Lines{}}
	if res.Index == nil || res.ForTests() {
		return g.out, nil
	}
	g.types()
	g.calls()
	for _, p := range res.Passed() {
		g.add(record{Passed: &passed{
			Func: name(p.Func), Package: p.Func.Pkg().Path(), Param: param(p.Func, p.Arg), Class: p.Class, Parts: p.Parts, Pos: g.pos(res.StartAt(p.Call.Pos())),
		}})
	}
	return g.out, g.err
}

func (g *gatherer) add(r record) {
	data, err := json.Marshal(r)
	if err != nil {
		g.err = err
		return
	}
	g.out = append(g.out, string(data))
}

// pos returns a place as a file below the module's root.
func (g *gatherer) pos(pos token.Pos) report.Pos {
	p := g.pass.Fset.Position(pos)
	file := p.Filename
	if rel, err := filepath.Rel(g.res.Policy.Dir, file); err == nil && filepath.IsLocal(rel) {
		file = rel
	}
	return report.Pos{File: filepath.ToSlash(file), Line: p.Line, Col: p.Column}
}

// types gathers the package's interfaces, and its types whose methods hand keys on.
func (g *gatherer) types() {
	handed := map[*types.Func][]hands{}
	for _, h := range g.res.Hands() {
		handed[h.Func] = append(handed[h.Func], hands{h.Kind, h.Op, h.What, h.Key})
	}
	scope := g.pass.Pkg.Scope()
	for _, n := range scope.Names() {
		obj, ok := scope.Lookup(n).(*types.TypeName)
		if !ok || obj.IsAlias() {
			continue
		}
		named, ok := obj.Type().(*types.Named)
		if !ok || named.TypeParams().Len() > 0 {
			continue
		}
		d := &declared{Package: g.pass.Pkg.Path(), Name: n, Pos: g.pos(obj.Pos())}
		if iface, ok := named.Underlying().(*types.Interface); ok {
			for m := range iface.Methods() {
				rows := g.res.Index.Func(m)
				d.Methods = append(d.Methods, method{Name: m.Name(), Signature: signature(m), Known: rows != nil && len(rows.Sinks) > 0, Pos: g.pos(m.Pos())})
			}
			if len(d.Methods) > 0 {
				g.add(record{Interface: d})
			}
			continue
		}
		hands := false
		for sel := range types.NewMethodSet(types.NewPointer(named)).Methods() {
			m, ok := sel.Obj().(*types.Func)
			if !ok || !m.Exported() {
				continue
			}
			d.Methods = append(d.Methods, method{Name: m.Name(), Signature: signature(m), Hands: handed[m], Pos: g.pos(m.Pos())})
			hands = hands || len(handed[m]) > 0
		}
		if hands {
			g.add(record{Type: d})
		}
	}
}

// calls counts how often methods are mentioned through interfaces.
func (g *gatherer) calls() {
	times := map[called]int{}
	for _, obj := range g.pass.TypesInfo.Uses {
		m, ok := obj.(*types.Func)
		if !ok || m.Pkg() == nil || m.Signature().Recv() == nil {
			continue
		}
		if named, ok := types.Unalias(m.Signature().Recv().Type()).(*types.Named); ok && types.IsInterface(named) {
			times[called{Package: m.Pkg().Path(), By: g.pass.Pkg.Path(), Interface: named.Obj().Name(), Method: m.Name()}]++
		}
	}
	for c, n := range times {
		c.Count = n
		g.add(record{Called: &c})
	}
	slices.Sort(g.out)
}

// signature returns the type of a method as text, without names of parameters.
func signature(m *types.Func) string {
	whole := func(p *types.Package) string { return p.Path() }
	sig := m.Signature()
	var b strings.Builder
	for _, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
		b.WriteByte('(')
		for v := range tuple.Variables() {
			b.WriteString(types.TypeString(v.Type(), whole) + ",")
		}
		b.WriteByte(')')
	}
	if sig.Variadic() {
		b.WriteString("...")
	}
	return b.String()
}

// param returns what the policy calls a parameter.
func param(fn *types.Func, i int) string {
	if name := fn.Signature().Params().At(i).Name(); name != "" && name != "_" {
		return name
	}
	return fmt.Sprintf("arg%d", i)
}

// name returns a function as the policy names it, with its whole import path.
func name(fn *types.Func) string {
	sig := fn.Signature()
	if sig.Recv() == nil {
		return fn.Pkg().Path() + "." + fn.Name()
	}
	t := types.Unalias(sig.Recv().Type())
	star := ""
	if p, ok := t.(*types.Pointer); ok {
		star, t = "*", types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil {
		return "(" + star + n.Obj().Pkg().Path() + "." + n.Obj().Name() + ")." + fn.Name()
	}
	return fn.Pkg().Path() + "." + fn.Name()
}
