package routes

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// A flow is what is known of the ways through a function.
type flow struct {
	fn   *ssa.Function
	good []bool  // by block: a return that is not about an error can be reached
	post []*bits // by block: the blocks that every good way from there passes
	to   []*bits // by block: the blocks that can be reached; made on demand
}

type bits []uint64

func newBits(n int) *bits {
	b := make(bits, (n+63)/64)
	return &b
}

func (b *bits) has(i int) bool { return (*b)[i/64]&(1<<(i%64)) != 0 }
func (b *bits) set(i int)      { (*b)[i/64] |= 1 << (i % 64) }

func (b *bits) fill() {
	for i := range *b {
		(*b)[i] = ^uint64(0)
	}
}

// and intersects b with c.
func (b *bits) and(c *bits) {
	for i := range *b {
		(*b)[i] &= (*c)[i]
	}
}

func (b *bits) equal(c *bits) bool {
	for i := range *b {
		if (*b)[i] != (*c)[i] {
			return false
		}
	}
	return true
}

// flow returns the ways through fn.
func (p *program) flow(fn *ssa.Function) *flow {
	if f := p.flows[fn]; f != nil {
		return f
	}
	n := len(fn.Blocks)
	f := &flow{fn: fn, good: make([]bool, n), post: make([]*bits, n), to: make([]*bits, n)}
	p.flows[fn] = f

	// An error that is returned, or ends the program, is not where registration
	// leads to, unless that is the last way out: return srv.ListenAndServe().
	var last *ssa.BasicBlock
	for _, b := range fn.Blocks {
		if pos := exit(b); pos.IsValid() && b != fn.Recover && (last == nil || pos > exit(last)) {
			last = b
		}
	}
	for _, b := range fn.Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if b != last && (!ok || errorReturn(r, 0) && len(r.Results) > 1 || len(r.Results) == 1 && errorReturn1(r)) {
			continue
		}
		f.mark(b)
	}
	for i := range f.post {
		f.post[i] = newBits(n)
		f.post[i].fill()
	}
	for changed := true; changed; {
		changed = false
		for i := n - 1; i >= 0; i-- {
			b := fn.Blocks[i]
			if !f.good[b.Index] {
				continue
			}
			next := newBits(n)
			any := false
			for _, s := range b.Succs {
				if !f.good[s.Index] {
					continue
				}
				if !any {
					copy(*next, *f.post[s.Index])
					any = true
				} else {
					next.and(f.post[s.Index])
				}
			}
			next.set(b.Index)
			if !next.equal(f.post[b.Index]) {
				f.post[b.Index] = next
				changed = true
			}
		}
	}
	return f
}

// exit returns where a block leaves its function, if it does: by a return, or by a
// call that does not return, which SSA has a panic behind.
func exit(b *ssa.BasicBlock) token.Pos {
	n := len(b.Instrs)
	switch in := b.Instrs[n-1].(type) {
	case *ssa.Return:
		if in.Pos().IsValid() || b.Parent().Syntax() == nil {
			return in.Pos()
		}
		return b.Parent().Syntax().End() // the end of the body
	case *ssa.Panic:
		for _, before := range b.Instrs[:n-1] {
			if call, ok := before.(*ssa.Call); ok && call.Pos() == in.Pos() {
				return in.Pos()
			}
		}
	}
	return token.NoPos
}

// errorReturn1 reports whether the only result of a return is an error, and
// not nil.
func errorReturn1(r *ssa.Return) bool {
	if !isError(r.Results[0].Type()) {
		return false
	}
	c, ok := r.Results[0].(*ssa.Const)
	return !ok || !c.IsNil()
}

// mark notes that b leads to a good return, and so does what leads to b.
func (f *flow) mark(b *ssa.BasicBlock) {
	work := []*ssa.BasicBlock{b}
	for len(work) > 0 {
		b, work = work[len(work)-1], work[:len(work)-1]
		if f.good[b.Index] {
			continue
		}
		f.good[b.Index] = true
		work = append(work, b.Preds...)
	}
}

// join returns the first block that every good way from b passes, nil if none.
func (f *flow) join(b *ssa.BasicBlock) *ssa.BasicBlock {
	var best *ssa.BasicBlock
	count := -1
	for _, c := range f.fn.Blocks {
		if c == b || !f.good[c.Index] || !f.post[b.Index].has(c.Index) {
			continue
		}
		// The nearest is the one that has the most others after it.
		n := 0
		for _, d := range f.fn.Blocks {
			if f.good[d.Index] && f.post[c.Index].has(d.Index) {
				n++
			}
		}
		if n > count {
			best, count = c, n
		}
	}
	return best
}

// reaches reports whether b leads to c.
func (f *flow) reaches(b, c *ssa.BasicBlock) bool {
	if f.to[b.Index] == nil {
		seen := newBits(len(f.fn.Blocks))
		work := []*ssa.BasicBlock{b}
		for len(work) > 0 {
			x := work[len(work)-1]
			work = work[:len(work)-1]
			if seen.has(x.Index) {
				continue
			}
			seen.set(x.Index)
			work = append(work, x.Succs...)
		}
		f.to[b.Index] = seen
	}
	return f.to[b.Index].has(c.Index)
}
