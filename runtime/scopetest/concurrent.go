package scopetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
)

// worker is one scope among those that work at the same time. It is the only
// one of its scope, so that it knows exactly what it has to find.
type worker struct {
	actor
	random *rand.Rand
	ids    []string          // texts of the ids it writes; the same for all if the feature lets it
	own    map[string]record // by the text of the id
	fixed  []record          // written before and never changed by the worker itself
}

// checkConcurrent lets several scopes do random things to the same ids, all at
// once in each round, and has each look for exactly what it wrote. The sequence
// of each scope is the same in every run; how they interleave is not.
func checkConcurrent(p *probe) {
	shared := p.Create != nil && !p.GlobalIDs
	users := []string{"ann"}
	if p.UserScoped {
		users = append(users, "bob")
	}
	var workers []*worker
	for t := range 2 {
		for _, env := range p.Envs[:min(2, len(p.Envs))] {
			for _, user := range users {
				a := p.actor(fmt.Sprintf("%s-%d", p.name, t), env, user)
				a.ctx = restless{a.ctx}
				w := &worker{actor: a, random: rand.New(rand.NewPCG(uint64(len(workers)), 1)), own: make(map[string]record)}
				for i := range 3 {
					id := fmt.Sprintf("%s-%d", p.name, i)
					if !shared {
						id += fmt.Sprintf("-%d", len(workers))
					}
					w.ids = append(w.ids, id)
				}
				workers = append(workers, w)
			}
		}
	}
	if !shared {
		for i, w := range workers {
			rec, ok := p.own(w.actor, fmt.Sprintf("%s-fixed-%d", p.name, i))
			if !ok {
				return
			}
			w.fixed = append(w.fixed, rec)
		}
	}
	for round := range p.rounds {
		if p.over() {
			return
		}
		start := make(chan struct{})
		var group sync.WaitGroup
		finished := make([]bool, len(workers))
		for i, w := range workers {
			group.Go(func() {
				<-start
				w.step(p, round, workers[(i+1+round%(len(workers)-1))%len(workers)])
				finished[i] = true
			})
		}
		close(start)
		group.Wait()
		if slices.Contains(finished, false) {
			p.breaks(Works, "a function of the feature ended its goroutine; return errors instead of failing the test from within")
			return
		}
	}
	for _, w := range workers {
		var all []record
		for _, id := range w.ids {
			if rec, ok := w.own[id]; ok {
				p.keeps(w.actor, rec, "after all were done")
				all = append(all, rec)
			} else if shared {
				p.lacks(w.actor, p.ID(id), "after all were done")
			}
		}
		p.holds(w.actor, "after all were done", append(all, w.fixed...)...)
	}
}

// step is what a worker does in one round, with other as a neighbour whose
// records it may try to reach.
func (w *worker) step(p *probe, round int, other *worker) {
	const during = "while other scopes worked"
	// Every fourth round all go for the same record, to be served at once.
	text := w.ids[w.random.IntN(len(w.ids))]
	action := w.random.IntN(4)
	if round%4 == 3 {
		text, action = w.ids[round/4%len(w.ids)], 3
	}
	rec, there := w.own[text]
	var err error
	switch {
	case !there && action != 3:
		if rec, err = p.put(w.actor, text); err == nil {
			w.own[text], there = rec, true
		}
	case there && action == 0 && p.Update != nil:
		rec.payload = p.payload(w.actor)
		if _, err = p.update(w.actor, rec.id, rec.payload); err == nil {
			w.own[text] = rec
		}
	case there && action == 1 && p.Delete != nil:
		if _, err = p.remove(w.actor, rec.id); err == nil {
			delete(w.own, text)
			there = false
		}
	}
	if err != nil {
		p.broken("%s, a call by %s for its own record %s failed: %v", during, w.name, quote(rec.id), err)
		return
	}
	switch {
	case there:
		p.keeps(w.actor, rec, during)
	case len(w.fixed) == 0: // ids are shared
		p.lacks(w.actor, p.ID(text), during)
	}
	for i, fixed := range other.fixed {
		p.lacks(w.actor, fixed.id, during)
		if p.Update != nil && action == 0 {
			_, _ = p.update(w.actor, fixed.id, p.payload(w.actor))
		}
		if p.Delete != nil && action == 1 {
			_, _ = p.remove(w.actor, fixed.id)
		}
		p.keeps(w.actor, w.fixed[i], during)
	}
	if action == 2 && p.List != nil {
		var all []record
		for _, id := range w.ids {
			if rec, ok := w.own[id]; ok {
				all = append(all, rec)
			}
		}
		p.holds(w.actor, during, append(all, w.fixed...)...)
	}
}
