package policy

import (
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/tenantvet/tenantvet/internal/models"
)

// Policies finds and reads policies as [ForDir] and [ForText] do, each of them once:
// for drivers that analyse many packages in one process. What changes on disk
// afterwards is not noticed. It is safe for concurrent use.
type Policies struct {
	read func(dir string) (*Policy, error)
	file func(dir string) (string, error)

	library models.Library

	mu    sync.Mutex
	known map[where]func() (*Policy, error)
}

// where is all that the policy for a directory depends on, in one process.
type where struct {
	file string // of the policy; "" for the default one
	root string // of the module
}

// NewPolicies returns the policies that [ForDir] finds in that environment.
func NewPolicies(getenv func(string) string) *Policies {
	return &Policies{
		read: func(dir string) (*Policy, error) { return ForDir(dir, getenv) },
		file: func(dir string) (string, error) { return Find(dir, getenv) },
	}
}

// TextPolicies returns the policy that is given as text, for any module: see
// [ForText].
func TextPolicies(name, text string) *Policies {
	return &Policies{
		read: func(dir string) (*Policy, error) { return ForText(name, text, dir) },
		file: func(string) (string, error) { return name, nil },
	}
}

// For returns the policy for the package in dir. It shares what was read with others,
// but knows for itself what this package asked of it.
func (ps *Policies) For(dir string) (*Policy, error) {
	file, err := ps.file(dir)
	if err != nil {
		return nil, err
	}
	_, root, err := upward(dir)
	if err != nil {
		return nil, err
	}
	if root == "" || inModuleCache(dir) {
		return ps.read(dir) // a place is all that there is to go by
	}
	ps.mu.Lock()
	read := ps.known[where{file, root}]
	if read == nil {
		if ps.known == nil {
			ps.known = make(map[where]func() (*Policy, error))
		}
		read = sync.OnceValues(func() (*Policy, error) { return ps.read(dir) })
		ps.known[where{file, root}] = read
	}
	ps.mu.Unlock()
	p, err := read()
	if err != nil {
		return nil, err
	}
	v := p.view()
	v.library = &ps.library
	return v, nil
}

// Builtin returns the built-in models of the libraries that are imported: see
// [models.Builtin].
func (p *Policy) Builtin(imported func(path string) bool) ([]*models.Set, error) {
	if p.library == nil {
		return models.Builtin(imported)
	}
	return p.library.Sets(imported)
}

// view returns the policy as one package sees it.
func (p *Policy) view() *Policy {
	v := *p
	v.schema = p.schema.view()
	v.entities = p.entities.view()
	return &v
}

// Given is what [Analyzer] finds for packages in the environment, for
// driver.Suite. If a policy is broken it is left to the analyzer to say so.
func Given(getenv func(string) string) func(dir string) map[*analysis.Analyzer]any {
	policies := NewPolicies(getenv)
	return func(dir string) map[*analysis.Analyzer]any {
		p, err := policies.For(dir)
		if err != nil {
			return nil
		}
		return map[*analysis.Analyzer]any{Analyzer: p}
	}
}
