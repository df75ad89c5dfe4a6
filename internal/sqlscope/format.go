package sqlscope

import (
	"fmt"
	"strconv"
	"strings"
)

// String tells a value in the notation of the text: $1 and ? with its number,
// :name, {7} for hole 7, 'x', f(…).
func (v Value) String() string {
	s := ""
	switch v.Kind {
	case Placeholder:
		switch {
		case v.Name != "":
			s = ":" + v.Name
		default:
			s = "$" + strconv.Itoa(v.Index)
		}
	case HoleValue:
		s = "{" + strconv.Itoa(v.Hole) + "}"
		if v.InLiteral {
			s = "'" + s + "'"
		}
	case Literal:
		s = "'" + v.Text + "'"
	case Computed:
		s = v.Text
	}
	if v.Part {
		s = "of " + s
	}
	if v.Repeated {
		s += "…"
	}
	if v.HolesBefore > 0 {
		s += "+" + strconv.Itoa(v.HolesBefore)
	}
	return s
}

// String tells a verdict in one line, its best proof in full.
func (v Verdict) String() string {
	var b strings.Builder
	b.WriteString(v.Kind.String())
	if len(v.Proofs) > 0 && v.Proofs[0].Kind == v.Kind {
		p := v.Proofs[0]
		for i, x := range p.Values {
			sep := " | "
			if i == 0 {
				sep = " "
			}
			b.WriteString(sep + x.String())
		}
		for _, l := range p.Via {
			fmt.Fprintf(&b, " via %s=%s", qualified(l.Table, l.Column), qualified(l.ToTable, l.ToColumn))
		}
		if len(p.Undo) > 0 {
			fmt.Fprintf(&b, " unless %v", p.Undo)
		}
	}
	if v.Kind == Dynamic && len(v.Holes) > 0 {
		fmt.Fprintf(&b, " %v", v.Holes)
	}
	if v.Reason != "" {
		b.WriteString(": " + v.Reason)
	}
	return b.String()
}
