package scopetest

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"testing"
)

// Isolation proves that the scopes of a feature are kept apart: what one
// tenant, environment or, where the feature is user-scoped, user wrote can
// neither be seen nor changed by another, not by accident, not by odd ids and
// not under concurrency. Each guarantee is a subtest, "read/tenant" for one; a
// failure says which guarantee broke and what was seen. What a feature has no
// function for is skipped, and the skip says so.
//
// Before that, implementations that break one guarantee each are put in place
// of the feature, with the same functions and the same forms of ids. If one of
// them passes, the proof would be worth nothing and the test fails.
//
// Tenants and ids are made of the name of the test, so several features, also in
// parallel tests, may share a store. Run it with -race.
func Isolation(t *testing.T, f Feature) {
	t.Helper()
	run, err := newRun(t.Context(), t.Name(), f, checks())
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() {
		run.rounds /= 4
	}
	if err := run.control(); err != nil {
		t.Fatal(err)
	}
	for _, task := range run.tasks() {
		useless := false
		t.Run(task.name(), func(t *testing.T) {
			if task.skip != "" {
				t.Skipf("not proved: %s; %s", task.guarantee.Sentence(), task.skip)
			}
			violations, notes := run.do(t.Context(), run.subject, task)
			for _, v := range violations {
				t.Error(v)
				useless = useless || v.Guarantee == Works
			}
			for _, n := range notes {
				t.Log(n)
			}
		})
		if useless && task.guarantee == Works {
			t.Fatal("the feature does not work within a single scope, so nothing can be said about several")
		}
	}
}

// CheckIsolation does what [Isolation] does and returns what it found, in the
// order of the guarantees, instead of failing a test: to show that a feature
// which is broken on purpose is caught. The name is what [Isolation] takes from
// the test. The error is about the feature's functions not being enough, or
// about the kit not being able to catch what it should; violations are no error.
// It stops early if the context ends, with the context's error.
func CheckIsolation(ctx context.Context, name string, f Feature) ([]Violation, error) {
	run, err := newRun(ctx, name, f, checks())
	if err != nil {
		return nil, err
	}
	if err := run.control(); err != nil {
		return nil, err
	}
	var all []Violation
	for _, task := range run.tasks() {
		if task.skip != "" {
			continue
		}
		violations, _ := run.do(ctx, run.subject, task)
		all = append(all, violations...)
		if err := context.Cause(ctx); err != nil {
			return all, fmt.Errorf("scopetest: not all was checked: %w", err)
		}
		if task.guarantee == Works && slices.ContainsFunc(violations, func(v Violation) bool { return v.Guarantee == Works }) {
			break
		}
	}
	return all, nil
}

// run is one feature being tested.
type run struct {
	*subject
	ctx    context.Context
	prefix string // of tenants and ids
	checks []check
	rounds int
}

func newRun(ctx context.Context, name string, f Feature, checks []check) (*run, error) {
	s, err := f.subject()
	if err != nil {
		return nil, err
	}
	if ctx == nil {
		return nil, errors.New("scopetest: the context is nil; give the one of the test")
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // a hash never returns an error
	r := &run{subject: s, ctx: ctx, prefix: fmt.Sprintf("tv%08x", h.Sum32()), checks: checks, rounds: 80}
	if err := r.forms(); err != nil {
		return nil, fmt.Errorf("scopetest: the feature cannot be tested: %w", err)
	}
	return r, nil
}

// forms tries the functions that make ids, so that they are not taken for a
// fault of the feature.
func (r *run) forms() error {
	var errs []error
	x, y := r.prefix+"-form-x", r.prefix+"-form-y"
	for _, form := range []struct {
		name string
		f    func(string) string
	}{{"Tenant", r.Tenant}, {"User", r.User}, {"ID", r.ID}} {
		switch first := form.f(x); {
		case first != form.f(x):
			errs = append(errs, fmt.Errorf("its function %s returns something else each time; derive it from the text alone", form.name))
		case first == form.f(y):
			errs = append(errs, fmt.Errorf("its function %s returns the same for different texts; use all of the text", form.name))
		}
	}
	if _, err := newScope(r.Tenant(x), r.Envs[0], r.User(x), ""); err != nil {
		errs = append(errs, fmt.Errorf("its functions Tenant and User return what makes no scope: %w", err))
	}
	return errors.Join(errs...)
}

// task is a check for one dimension.
type task struct {
	check
	dimension Dimension
	skip      string // why it cannot be done
}

func (t task) name() string {
	if t.dimension == "" {
		return string(t.guarantee)
	}
	return string(t.guarantee) + "/" + string(t.dimension)
}

// tasks lists what there is to do, in order.
func (r *run) tasks() []task {
	var tasks []task
	for _, c := range r.checks {
		skip := ""
		if c.needs != nil {
			skip = c.needs(r.subject)
		}
		if c.whole != nil {
			tasks = append(tasks, task{check: c, skip: skip})
			continue
		}
		for _, dim := range []Dimension{Tenant, Env, User} {
			why := skip
			switch {
			case why != "":
			case dim == Env && len(r.Envs) == 1:
				why = "the feature serves one environment (Envs)"
			case dim == User && !r.UserScoped:
				why = "users share the records of their tenant (UserScoped)"
			}
			tasks = append(tasks, task{check: c, dimension: dim, skip: why})
		}
	}
	return tasks
}

// do runs a task on a feature, in every direction.
func (r *run) do(ctx context.Context, s *subject, t task) (violations []Violation, notes []string) {
	try := func(label string, impatient bool, f func(p *probe)) {
		p := &probe{
			subject: s, ctx: ctx, name: r.prefix + "-" + string(t.guarantee) + label,
			guarantee: t.guarantee, dimension: t.dimension, rounds: r.rounds, impatient: impatient,
			writers: make(map[string]string), written: make(map[string][]record),
		}
		defer p.clean()
		f(p)
		violations = append(violations, p.violations...)
		notes = append(notes, p.notes...)
	}
	impatient := s != r.subject
	if t.whole != nil {
		try("", impatient, t.whole)
		return violations, notes
	}
	sides := 2
	if t.dimension == Env {
		sides = len(r.Envs)
	}
	for i := range sides {
		for j := range sides {
			if i == j || len(violations) > 0 {
				continue // the same again, the other way round, says nothing new
			}
			try(fmt.Sprintf("-%s%d%d", t.dimension, i, j), impatient, func(p *probe) {
				a, b := p.side(i), p.side(j)
				if len(p.violations) == 0 {
					t.pair(p, a, b)
				}
			})
		}
	}
	return violations, notes
}

// side returns one of the actors that differ in the probe's dimension only.
func (p *probe) side(i int) actor {
	tenantText, env, user := p.name, p.Envs[len(p.Envs)-1], "ann"
	switch p.dimension {
	case Tenant:
		tenantText += []string{"-a", "-b"}[i]
	case Env:
		env = p.Envs[i]
	case User:
		user = []string{"ann", "bob"}[i]
	}
	return p.actor(tenantText, env, user)
}
