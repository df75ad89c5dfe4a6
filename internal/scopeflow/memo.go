package scopeflow

import "go/types"

// memo returns what is known of k, and finds it out when it is first asked. While
// that is being done the answer is the zero value: whatever asks for itself adds
// nothing.
func memo[K comparable, V any](known *map[K]V, k K, find func() V) V {
	if v, ok := (*known)[k]; ok {
		return v
	}
	if *known == nil {
		*known = map[K]V{}
	}
	var zero V
	(*known)[k] = zero
	v := find()
	(*known)[k] = v
	return v
}

// namedOf returns the declared type, of an instance the generic one, that t is or
// points to; nil if it is none.
func namedOf(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Origin()
	}
	return nil
}

// anyMethod reports whether a method of n, declared or of the interface that it
// is, is as asked for.
func anyMethod(n *types.Named, is func(*types.Func) bool) bool {
	if iface, ok := n.Underlying().(*types.Interface); ok {
		for f := range iface.Methods() {
			if is(f) {
				return true
			}
		}
	}
	for f := range n.Methods() {
		if is(f) {
			return true
		}
	}
	return false
}
