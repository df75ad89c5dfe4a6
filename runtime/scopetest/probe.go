package scopetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// actor is somebody who calls the feature.
type actor struct {
	name string // for messages; unique within a check
	ctx  context.Context
}

// outcome is what a call came to.
type outcome int

const (
	done outcome = iota
	absent
	failed
)

func (o outcome) String() string {
	return [...]string{"success", "not found", "an error"}[o]
}

// probe runs one check on one feature: it makes actors, calls the feature as
// them, remembers who wrote what and records what was broken.
type probe struct {
	*subject
	ctx       context.Context
	name      string // in front of every tenant and id, so that checks do not meet
	guarantee Guarantee
	dimension Dimension
	rounds    int
	impatient bool // the first violation is enough

	mu         sync.Mutex
	violations []Violation
	notes      []string
	writers    map[string]string   // payload to the name of the actor who wrote it
	written    map[string][]record // what to remove in the end
}

// record is what an actor has written and should find again.
type record struct {
	ctx         context.Context
	id, payload string
}

// broken records a violation of the guarantee that is being checked.
func (p *probe) broken(format string, args ...any) {
	p.breaks(p.guarantee, format, args...)
}

func (p *probe) breaks(g Guarantee, format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	v := Violation{Guarantee: g, Dimension: p.dimension, Detail: fmt.Sprintf(format, args...)}
	if !slices.Contains(p.violations, v) {
		p.violations = append(p.violations, v)
	}
}

// note records something that is no violation and should still be said.
func (p *probe) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.notes = append(p.notes, fmt.Sprintf(format, args...))
}

// over reports whether there is no point in going on.
func (p *probe) over() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	// A feature that is broken throughout would drown the first, clear messages.
	return p.ctx.Err() != nil || p.impatient && len(p.violations) > 0 || len(p.violations) >= 8
}

// as returns the actor with this scope; "" leaves the user out.
func (p *probe) as(tenantText, env, userText string) (actor, error) {
	name := fmt.Sprintf("tenant %s in %s", quote(tenantText), env)
	user := ""
	if userText != "" {
		user = p.User(userText)
		if p.UserScoped {
			name += fmt.Sprintf(" as user %s", quote(userText))
		}
	}
	sc, err := newScope(p.Tenant(tenantText), env, user, "")
	if err != nil {
		return actor{}, err
	}
	ctx, err := tenant.NewContext(p.ctx, sc)
	return actor{name: name, ctx: ctx}, err
}

// actor returns the actor with this scope, which is known to be well formed
// unless a function of the feature makes something else of it.
func (p *probe) actor(tenantText, env, userText string) actor {
	a, err := p.as(tenantText, env, userText)
	if err != nil {
		p.breaks(Works, "no scope could be made of what the functions Tenant and User return: %v", err)
	}
	return a
}

// marker is what every payload of this check begins with.
func (p *probe) marker() string { return "payload-" + p.name + "-" }

// payload returns a new text that only this actor writes.
func (p *probe) payload(a actor) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := fmt.Sprintf("%s%d", p.marker(), len(p.writers)+1)
	p.writers[text] = a.name
	return text
}

// call runs a function of the feature. A panic is an error like any other, so
// that the message says what broke instead of ending the whole run.
func call(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return f()
}

// judge tells what a call came to, and looks into its error: an error that
// quotes a record shows it.
func (p *probe) judge(a actor, what string, err error) outcome {
	if err == nil {
		return done
	}
	for text := err.Error(); ; {
		_, rest, ok := strings.Cut(text, p.marker())
		if !ok {
			break
		}
		number := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
		p.mu.Lock()
		writer, ok := p.writers[p.marker()+number]
		p.mu.Unlock()
		if ok && writer != a.name {
			p.broken("the error of a %s by %s quotes what %s wrote", what, a.name, writer)
		}
		text = rest
	}
	if errors.Is(err, p.NotFound) {
		return absent
	}
	return failed
}

func (p *probe) remember(a actor, id, payload string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.written[a.name] = append(p.written[a.name], record{a.ctx, id, payload})
}

// put writes a new record. It returns the id, which differs from the text where
// the feature chooses ids.
func (p *probe) put(a actor, idText string) (rec record, err error) {
	rec = record{ctx: a.ctx, id: p.ID(idText), payload: p.payload(a)}
	err = call(func() (err error) {
		if p.Create != nil {
			return p.Create(a.ctx, rec.id, rec.payload)
		}
		rec.id, err = p.Add(a.ctx, rec.payload)
		return err
	})
	p.judge(a, "create", err)
	// Even after an error something may be there.
	p.remember(a, rec.id, rec.payload)
	return rec, err
}

// own is put for where it has to succeed.
func (p *probe) own(a actor, idText string) (record, bool) {
	rec, err := p.put(a, idText)
	if err != nil {
		p.breaks(Works, "%s could not create %s: %v", a.name, quote(rec.id), err)
	}
	return rec, err == nil
}

func (p *probe) read(a actor, id string) (payload string, o outcome, err error) {
	err = call(func() (err error) {
		payload, err = p.Read(a.ctx, id)
		return err
	})
	return payload, p.judge(a, "read", err), err
}

func (p *probe) update(a actor, id, payload string) (outcome, error) {
	err := call(func() error { return p.Update(a.ctx, id, payload) })
	// An update may create.
	p.remember(a, id, payload)
	return p.judge(a, "update", err), err
}

func (p *probe) remove(a actor, id string) (outcome, error) {
	err := call(func() error { return p.Delete(a.ctx, id) })
	return p.judge(a, "delete", err), err
}

func (p *probe) list(a actor) (records []Record, o outcome, err error) {
	err = call(func() (err error) {
		records, err = p.List(a.ctx)
		return err
	})
	return records, p.judge(a, "list", err), err
}

// writer names who wrote a payload.
func (p *probe) writer(payload string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if name, ok := p.writers[payload]; ok {
		return "what " + name + " wrote"
	}
	return fmt.Sprintf("%s, which nobody wrote", quote(payload))
}

// keeps checks that the actor still finds the record as it was written, and
// says otherwise what happened before.
func (p *probe) keeps(a actor, rec record, after string) {
	if p.Read != nil {
		payload, o, err := p.read(a, rec.id)
		switch {
		case o == absent:
			p.broken("%s, %s no longer finds its own record %s", after, a.name, quote(rec.id))
		case o == failed:
			p.broken("%s, %s cannot read its own record %s: %v", after, a.name, quote(rec.id), err)
		case payload != rec.payload:
			p.broken("%s, %s finds %s in its own record %s", after, a.name, p.writer(payload), quote(rec.id))
		}
	}
	if p.List == nil {
		return
	}
	records, o, err := p.list(a)
	if o != done {
		p.broken("%s, %s cannot list its records: %v", after, a.name, err)
		return
	}
	// The id is not enough where it is not alone, nor is there always one.
	found := slices.ContainsFunc(records, func(r Record) bool {
		return (r.ID == "" || r.ID == rec.id) && (r.Payload == "" || r.Payload == rec.payload) && r != Record{}
	})
	if !found {
		p.broken("%s, the list of %s no longer has its own record %s", after, a.name, quote(rec.id))
	}
}

// lacks checks that the actor, who has no record under the id, finds none.
func (p *probe) lacks(a actor, id, after string) {
	if p.Read == nil {
		return
	}
	payload, o, err := p.read(a, id)
	switch o {
	case done:
		p.broken("%s, %s reads %s under the id %s", after, a.name, p.writer(payload), quote(id))
	case failed:
		if strings.HasPrefix(err.Error(), "panic: ") {
			p.broken("%s, a read of %s by %s ends in a %v", after, quote(id), a.name, err)
		}
	}
}

// holds checks that the list of the actor is exactly this.
func (p *probe) holds(a actor, after string, want ...record) {
	if p.List == nil {
		return
	}
	records, o, err := p.list(a)
	if o != done {
		p.broken("%s, %s cannot list its records: %v", after, a.name, err)
		return
	}
	p.matches(a, after, records, want)
}

func (p *probe) matches(a actor, after string, records []Record, want []record) {
	var ids, payloads []string
	for _, rec := range want {
		ids = append(ids, rec.id)
		payloads = append(payloads, rec.payload)
	}
	// take removes a text from what is expected and reports whether it was.
	take := func(list *[]string, text string) bool {
		i := slices.Index(*list, text)
		if i >= 0 {
			*list = slices.Delete(*list, i, i+1)
		}
		return i >= 0
	}
	// In the check of the own records, what belongs to somebody else is another
	// matter.
	g := func(r Record) Guarantee {
		own := slices.ContainsFunc(want, func(rec record) bool { return rec.id == r.ID }) || p.writer(r.Payload) == "what "+a.name+" wrote"
		if p.guarantee == Works && !own {
			return List
		}
		return p.guarantee
	}
	for _, r := range records {
		switch {
		case r == Record{}:
			p.breaks(Works, "the list of %s holds a record without id and payload; set at least one of them", a.name)
		case r.Payload != "" && !take(&payloads, r.Payload):
			p.breaks(g(r), "%s, the list of %s holds %s", after, a.name, p.writer(r.Payload))
		case r.ID != "" && !take(&ids, r.ID):
			p.breaks(g(r), "%s, the list of %s holds a record %s that is not its own", after, a.name, quote(r.ID))
		}
	}
	if missing := len(want) - len(records); missing > 0 {
		p.broken("%s, the list of %s lacks %d of its own %d records", after, a.name, missing, len(want))
	}
}

// clean removes what was written, as far as the feature lets it.
func (p *probe) clean() {
	if p.Delete == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(p.written)) {
		gone := make(map[string]bool)
		for _, rec := range p.written[name] {
			if rec.id != "" && !gone[rec.id] {
				gone[rec.id] = true
				// What is not there any more is an error to some.
				_ = call(func() error { return p.Delete(rec.ctx, rec.id) })
			}
		}
	}
}

// restless is a context that gives other goroutines a turn whenever code asks
// it something, such as for its scope: right where code that mixes up callers
// is between two steps.
type restless struct{ context.Context }

func (r restless) Value(key any) any {
	value := r.Context.Value(key)
	runtime.Gosched()
	return value
}

func (r restless) Err() error {
	runtime.Gosched()
	return r.Context.Err()
}

// quote quotes a text for a message, and shortens the longest.
func quote(text string) string {
	const limit = 60
	if len(text) > limit {
		return fmt.Sprintf("%q... (%d bytes)", strings.ToValidUTF8(text[:limit], ""), len(text))
	}
	return fmt.Sprintf("%q", text)
}
