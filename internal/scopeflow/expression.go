package scopeflow

import (
	"go/constant"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/sqlscope"
)

// A filter of Milvus is a text: tenant == "a" && kind in ["b", "c"], with {name}
// for what is handed over beside it. It is read as a condition of SQL, which has
// the same operators once its brackets are parentheses.

// filterCondition returns the text of a filter as that of a condition, and as it is
// without the names of what is handed over: meta["tenant"], a key of a JSON field, is
// a field of its own, {name} a named placeholder.
func filterCondition(text string) (condition, plain string) {
	var c, p strings.Builder
	for i := 0; i < len(text); {
		key, n := enclosed(text[i:], `["`, `"]`)
		if n == 0 {
			key, n = enclosed(text[i:], `['`, `']`)
		}
		if n > 0 {
			c.WriteString("_" + key)
			p.WriteString("_" + key)
			i += n
		} else if name, n := enclosed(text[i:], "{", "}"); n > 0 {
			c.WriteString(":" + name)
			p.WriteString(text[i : i+n])
			i += n
		} else {
			b := text[i]
			switch b {
			case '[':
				b = '('
			case ']':
				b = ')'
			}
			c.WriteByte(b)
			p.WriteByte(b)
			i++
		}
	}
	return c.String(), p.String()
}

// enclosed returns the word between open and close that s begins with, and how long
// all of it is, 0 if it begins with no such thing.
func enclosed(s, open, close string) (word string, n int) {
	rest, ok := strings.CutPrefix(s, open)
	if !ok {
		return "", 0
	}
	word, _, ok = strings.Cut(rest, close)
	if !ok || word == "" || strings.ContainsFunc(word, func(r rune) bool { return r != '_' && !wordRune(r) }) {
		return "", 0
	}
	return word, len(open) + len(word) + len(close)
}

// matchedBy returns what the entities must equal that a filter at a place of a
// call finds.
func (e *engine) matchedBy(p models.Place, call ssa.CallInstruction) Value {
	v := argument(call.Common(), placeNumber(p))
	if v == nil {
		return unrestricted()
	}
	texts, ok := e.sqlTexts(v, call)
	if !ok {
		return e.opaque(call.Pos(), "a filter")
	}
	var out Value
	for _, t := range texts {
		out = join(out, e.matched(t, call))
	}
	return out
}

// matched returns what a filter's text lets through.
func (e *engine) matched(t sqlText, call ssa.CallInstruction) Value {
	text := make(sqlscope.Text, len(t.text))
	var names []string
	for i, p := range t.text {
		condition, plain := filterCondition(p.Text)
		text[i] = sqlscope.Piece{Text: condition, Hole: p.Hole}
		for _, word := range strings.FieldsFunc(strings.ToLower(plain), func(r rune) bool { return r != '_' && !wordRune(r) }) {
			if !slices.Contains(names, word) {
				names = append(names, word)
			}
		}
	}
	if strings.TrimSpace(plainText(text)) == "" && len(t.holes) == 0 {
		return unrestricted() // no filter
	}
	stmt := sqlscope.Scan(text, sqlscope.Options{Dialect: sqlscope.MySQL, Form: sqlscope.WhereForm}).Statements[0]
	if stmt.Unparsed != "" {
		return e.opaque(call.Pos(), "a filter")
	}
	out := unrestricted()
	for _, name := range names {
		for _, proof := range stmt.Restricted(0, name).Proofs {
			if len(proof.Undo) > 0 {
				out = concat(out, e.opaque(call.Pos(), "a condition beside unknown text"))
			} else if proof.Kind.Restricts() {
				out = concat(out, e.oneOf(proof.Values, t.holes, call))
			}
		}
	}
	return out
}

// oneOf returns the values of which a field is one.
func (e *engine) oneOf(values []sqlscope.Value, holes []Atom, call ssa.CallInstruction) Value {
	a := sqlArgs{e: e, at: call, pos: call.Pos()}
	var out Value
	for _, v := range values {
		if v.Kind == sqlscope.Placeholder {
			out = join(out, e.handedOver(v.Name, call))
		} else {
			out = join(out, a.value(v, holes))
		}
	}
	if out.bottom() {
		return unrestricted()
	}
	return masked(out.bag())
}

// handedOver returns what a function hands to a filter under a name.
func (e *engine) handedOver(name string, at ssa.CallInstruction) Value {
	var out Value
	e.instrs(at.Parent(), func(in ssa.Instruction) {
		call, ok := in.(*ssa.Call)
		if !ok {
			return
		}
		m := e.index.Func(callee(call.Common()))
		if m == nil {
			return
		}
		for i := range m.Flows {
			fl := &m.Flows[i]
			if fl.How != models.HandedBy || len(fl.From) != 2 {
				continue
			}
			key, ok := argument(call.Common(), placeNumber(fl.From[0])).(*ssa.Const)
			if ok && key.Value != nil && key.Value.Kind() == constant.String && constant.StringVal(key.Value) == name {
				out = join(out, e.place(fl.From[1], call.Common(), "", call))
			}
		}
	})
	if out.bottom() {
		return e.opaque(at.Pos(), "what a filter is handed by a name")
	}
	return out
}

// plainText returns what is known of a text.
func plainText(t sqlscope.Text) string {
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.Text)
	}
	return b.String()
}
