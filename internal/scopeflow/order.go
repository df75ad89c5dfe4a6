package scopeflow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// shape is what the engine keeps of a function's control flow.
type shape struct {
	index map[ssa.Instruction]int
	reach map[*ssa.BasicBlock][]uint64 // blocks that can follow, in one step or more

	// Of a function whose parameters are of known types, see [kind]: the one way on
	// from blocks whose branch those decide, and the blocks that nothing leads to then.
	taken map[*ssa.BasicBlock]*ssa.BasicBlock
	dead  map[*ssa.BasicBlock]bool
}

func (e *engine) shapeOf(fn *ssa.Function) *shape {
	if s := e.shapes[fn]; s != nil {
		return s
	}
	s := &shape{index: map[ssa.Instruction]int{}, reach: map[*ssa.BasicBlock][]uint64{}}
	for _, b := range fn.Blocks {
		for i, in := range b.Instrs {
			s.index[in] = i
		}
	}
	e.shapes[fn] = s
	if e.kind != nil && e.kind.covers(fn) {
		e.decideBranches(fn, s)
	}
	return s
}

// succs returns the blocks that control may go to from b.
func (e *engine) succs(b *ssa.BasicBlock) []*ssa.BasicBlock {
	if e.kind != nil {
		if to := e.shapeOf(b.Parent()).taken[b]; to != nil {
			return []*ssa.BasicBlock{to}
		}
	}
	return b.Succs
}

// dead reports whether in is never run, as far as the types of parameters decide it.
func (e *engine) dead(in ssa.Instruction) bool {
	return e.kind != nil && in.Block() != nil && e.shapeOf(in.Parent()).dead[in.Block()]
}

// follows reports whether control may go from a block to another, one of those that
// its last instruction names.
func (e *engine) follows(from, to *ssa.BasicBlock) bool {
	return e.kind == nil || !e.shapeOf(from.Parent()).dead[from] && slices.Contains(e.succs(from), to)
}

// blockReaches reports whether control can go from block a to block b by at
// least one edge.
func (e *engine) blockReaches(a, b *ssa.BasicBlock) bool {
	s := e.shapeOf(a.Parent())
	set := s.reach[a]
	if set == nil {
		set = make([]uint64, (len(a.Parent().Blocks)+63)/64)
		work := append([]*ssa.BasicBlock(nil), e.succs(a)...)
		for len(work) > 0 {
			x := work[len(work)-1]
			work = work[:len(work)-1]
			if set[x.Index/64]&(1<<(x.Index%64)) != 0 {
				continue
			}
			set[x.Index/64] |= 1 << (x.Index % 64)
			work = append(work, e.succs(x)...)
		}
		s.reach[a] = set
	}
	return set[b.Index/64]&(1<<(b.Index%64)) != 0
}

// reaches reports whether b can run after a. Both are of one function.
func (e *engine) reaches(a, b ssa.Instruction) bool {
	if e.dead(a) {
		return false
	}
	if a.Block() == b.Block() {
		s := e.shapeOf(a.Parent())
		if s.index[a] < s.index[b] {
			return true
		}
	}
	return e.blockReaches(a.Block(), b.Block())
}

// dominates reports whether a has run whenever b runs. Both are of one function.
func (e *engine) dominates(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() {
		s := e.shapeOf(a.Parent())
		return s.index[a] < s.index[b]
	}
	if a.Block().Dominates(b.Block()) {
		return true
	}
	if e.kind == nil {
		return false
	}
	// Fewer ways lead to b where some branches are decided.
	s := e.shapeOf(a.Parent())
	if len(s.taken) == 0 || s.dead[a.Block()] || s.dead[b.Block()] {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{a.Block(): true}
	work := []*ssa.BasicBlock{a.Parent().Blocks[0]}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[x] {
			continue
		}
		if x == b.Block() {
			return false
		}
		seen[x] = true
		work = append(work, e.succs(x)...)
	}
	return true
}

func (e *engine) inLoop(in ssa.Instruction) bool {
	return in.Block() != nil && e.blockReaches(in.Block(), in.Block())
}

// reachesPast reports whether control can get from a to b without running by,
// all of one function.
func (e *engine) reachesPast(a, b, by ssa.Instruction) bool {
	index := e.shapeOf(a.Parent()).index
	before := func(x, y ssa.Instruction) bool { return x.Block() == y.Block() && index[x] < index[y] }
	if before(a, b) && !(before(a, by) && before(by, b)) {
		return true
	}
	if before(a, by) {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := slices.Clone(e.succs(a.Block()))
	for len(work) > 0 {
		blk := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[blk] {
			continue
		}
		seen[blk] = true
		if blk == b.Block() && !before(by, b) {
			return true
		}
		if blk != by.Block() {
			work = append(work, e.succs(blk)...)
		}
	}
	return false
}

// avoidable reports whether control can get from where base is made to here
// past all of the writes.
func (e *engine) avoidable(base ssa.Value, ws []write, here ssa.Instruction) bool {
	fn := here.Parent()
	stop := map[*ssa.BasicBlock]bool{}
	for _, w := range ws {
		if w.instr.Parent() != fn {
			return false // written elsewhere, at a time not known: taken as done
		}
		if w.mode == setTo && w.must {
			if w.instr.Block() == here.Block() && !e.dominates(w.instr, here) {
				continue // comes after, in a loop
			}
			stop[w.instr.Block()] = true
		}
	}
	start := fn.Blocks[0]
	if def, ok := base.(ssa.Instruction); ok && def.Parent() == fn {
		start = def.Block()
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{start}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] || stop[b] {
			continue
		}
		if b == here.Block() {
			return true
		}
		seen[b] = true
		work = append(work, e.succs(b)...)
	}
	return false
}
