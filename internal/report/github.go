package report

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// GitHub prints a document as workflow commands, which GitHub Actions shows at
// the lines of a pull request: an error for each result that is not known, with
// its path below the message. The ledger is a notice.
func GitHub(w io.Writer, doc Document) error {
	place := func(p Pos) Pos {
		p.File = filepath.ToSlash(Relative(doc.Root, p.File))
		return p
	}
	// What the format wants escaped: more in the values of properties.
	text := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	value := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	var b strings.Builder
	for _, e := range doc.Errors {
		fmt.Fprintf(&b, "::error title=tenantvet::%s\n", text.Replace(e))
	}
	for _, r := range doc.Results {
		if !r.act() {
			continue
		}
		pos := place(r.Pos)
		fmt.Fprintf(&b, "::error file=%s", value.Replace(pos.File))
		if pos.Line > 0 {
			fmt.Fprintf(&b, ",line=%d", pos.Line)
		}
		if pos.Col > 0 {
			fmt.Fprintf(&b, ",col=%d", pos.Col)
		}
		msg := r.Message
		for _, s := range r.Related {
			msg += fmt.Sprintf("\n%s: %s", place(s.Pos), s.Message)
		}
		fmt.Fprintf(&b, ",title=%s::%s\n", value.Replace(r.Rule()), text.Replace(msg))
	}
	if l := doc.Ledger; l != nil {
		fmt.Fprintf(&b, "::notice title=tenantvet ledger::%s\n", text.Replace(l.Total.String()))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
