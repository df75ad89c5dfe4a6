package scopelog

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of what is looked at, and printed, of one attribute.
const (
	maxDepth  = 32       // values within values
	maxValues = 10_000   // values in all
	maxText   = 64 << 10 // bytes of one text
	maxJSON   = 8        // JSON texts within JSON texts
)

func cut(what string) string { return cutOpen + what + "]" }

// walker redacts the attributes of one record. It is used by one goroutine.
type walker struct {
	names *names
	left  int       // values that may still be visited
	path  []uintptr // the pointers, maps and slices that lead here

	nested int // the attributes that are looked at are inside of so many values
}

func (n *names) walker() walker { return walker{names: n, left: maxValues} }

// visit counts a value and reports what to put in its place if it is one too
// many.
func (w *walker) visit(depth int) (string, bool) {
	if depth > maxDepth {
		return cut("too deep"), true
	}
	if w.left--; w.left < 0 {
		return cut("too many values"), true
	}
	return "", false
}

// attr returns the attribute without secrets, and whether it had to be changed.
// A LogValuer is resolved. With mask the name says that the value is a secret.
func (w *walker) attr(a slog.Attr, depth int, mask bool) (slog.Attr, bool) {
	changed := false
	if a.Value.Kind() == slog.KindLogValuer {
		// Resolve ends by itself, and recovers from panics.
		a.Value, changed = a.Value.Resolve(), true
	}
	v := public
	if mask {
		v = human
	} else if a.Key != "" {
		v = w.names.check(a.Key)
	}
	if key, ok := w.names.text(a.Key); ok {
		a.Key, changed = key, true // a name may be a secret itself
	}
	if what, over := w.visit(depth); over {
		return slog.String(a.Key, what), true
	}
	switch a.Value.Kind() {
	case slog.KindString:
		if s, ok := w.str(a.Value.String(), v, 0); ok {
			return slog.String(a.Key, s), true
		}
	case slog.KindGroup:
		attrs := a.Value.Group()
		if len(attrs) == 0 {
			return a, changed
		}
		if v != public && !mask {
			return slog.String(a.Key, redacted), true
		}
		if attrs, ok := w.attrs(attrs, depth+1, mask); ok {
			return slog.Attr{Key: a.Key, Value: slog.GroupValue(attrs...)}, true
		}
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64:
		if v > plural {
			return slog.String(a.Key, redacted), true
		}
	case slog.KindAny:
		if x, ok := w.top(a.Value.Any(), v, depth); ok {
			return slog.Attr{Key: a.Key, Value: slog.AnyValue(x)}, true
		}
	default: // a bool, a time or a duration is no secret
	}
	return a, changed
}

// attrs returns the attributes without secrets, in a new slice if there were any.
func (w *walker) attrs(attrs []slog.Attr, depth int, mask bool) ([]slog.Attr, bool) {
	var out []slog.Attr
	for i, a := range attrs {
		b, ok := w.attr(a, depth, mask)
		if ok && out == nil {
			out = make([]slog.Attr, i, len(attrs))
			copy(out, attrs)
		}
		if out != nil {
			out = append(out, b)
		}
		if w.left < 0 {
			out = append(out, slog.String("more", cut(strconv.Itoa(len(attrs)-i-1)+" attributes")))
			break
		}
	}
	return out, out != nil
}

// str returns the string without secrets, and whether it had to be changed. The
// verdict is that of its name.
func (w *walker) str(s string, v verdict, nested int) (string, bool) {
	if v != public {
		if s == "" || s == redacted || v == plural && isNumber(s) {
			return s, false
		}
		return redacted, true
	}
	cutAt := -1
	if len(s) > 2*maxText {
		// Only the first part will be printed. What is a secret in it shows
		// from what stands in front of it, not far behind it.
		cutAt = len(s)
		s = s[:2*maxText]
	}
	out, changed := s, false
	if t := strings.TrimLeft(s, " \t\r\n"); len(t) > 1 && (t[0] == '{' || t[0] == '[' || t[0] == '"') && cutAt < 0 && nested < maxJSON && json.Valid([]byte(t)) {
		var b bytes.Buffer
		dec := json.NewDecoder(strings.NewReader(t))
		dec.UseNumber()
		if w.json(&b, dec, public, nested+1, 0) {
			out, changed = b.String(), true
		}
	} else if out, changed = w.names.text(s); !changed && cutAt < 0 && nested < maxJSON && w.encoded(s, nested+1) {
		out, changed = redacted, true
	}
	if cutAt < 0 && len(out) > maxText {
		cutAt = len(out)
	}
	if cutAt >= 0 {
		keep := min(len(out), maxText)
		return strings.ToValidUTF8(out[:keep], "") + cut(strconv.Itoa(cutAt-keep)+" bytes"), true
	}
	return out, changed
}

// encoded reports whether the whole text is base64 of one with a secret, as JSON
// prints bytes, and queues hand over JSON.
func (w *walker) encoded(s string, nested int) bool {
	if len(s) < 16 || strings.IndexByte(s, ' ') >= 0 {
		return false
	}
	end := run(s, 0, "+/-_")
	if padding := len(s) - end; padding > 2 || strings.Trim(s[end:], "=") != "" {
		return false
	}
	coding := base64.RawStdEncoding
	if strings.ContainsAny(s, "-_") {
		coding = base64.RawURLEncoding
	}
	var buf [256]byte
	text, err := coding.AppendDecode(buf[:0], []byte(s[:end]))
	if err != nil || !utf8.Valid(text) {
		return false
	}
	_, changed := w.str(string(text), public, nested)
	return changed
}

// json copies the next value of a valid JSON text without the secrets in it, and
// reports whether there were any. Spaces are lost, the order and all numbers stay.
func (w *walker) json(b *bytes.Buffer, dec *json.Decoder, v verdict, nested, depth int) bool {
	over := depth > maxDepth
	if over || v != public {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			raw = json.RawMessage("null")
		}
		switch {
		case over:
			writeJSONString(b, cut("too deep"))
			return true
		case harmlessJSON(raw, v):
			b.Write(raw)
			return false
		}
		writeJSONString(b, redacted)
		return true
	}
	token, err := dec.Token()
	if err != nil {
		b.WriteString("null") // not for valid JSON
		return true
	}
	changed := false
	switch token := token.(type) {
	case json.Delim:
		b.WriteByte(byte(token))
		for first := true; dec.More(); first = false {
			if !first {
				b.WriteByte(',')
			}
			v := public
			if token == '{' {
				key, _ := dec.Token()
				name, _ := key.(string)
				v = w.names.check(name)
				name, ok := w.names.text(name)
				changed = changed || ok
				writeJSONString(b, name)
				b.WriteByte(':')
			}
			if w.json(b, dec, v, nested, depth+1) {
				changed = true
			}
		}
		_, _ = dec.Token() // the closing one
		b.WriteByte(byte(token) + 2)
	case string:
		s, ok := w.str(token, public, nested)
		writeJSONString(b, s)
		changed = ok
	case json.Number:
		b.WriteString(token.String())
	case bool:
		b.WriteString(strconv.FormatBool(token))
	default:
		b.WriteString("null")
	}
	return changed
}

// harmlessJSON reports whether a value under the name of a secret gives nothing
// away.
func harmlessJSON(raw json.RawMessage, v verdict) bool {
	switch string(raw) {
	case "null", "true", "false", `""`, "{}", "[]", `"` + redacted + `"`:
		return true
	}
	return v == plural && isNumber(string(raw))
}

func writeJSONString(b *bytes.Buffer, s string) {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string in a buffer cannot fail
	b.Truncate(b.Len() - 1)
}
