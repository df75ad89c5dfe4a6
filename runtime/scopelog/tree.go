package scopelog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
)

// tree stands for a struct, map or list that had a secret in it. It prints as the
// original would, but for what was taken out; entries of a map are sorted, and
// pointers within are followed.
type tree struct {
	kind  byte // 'o' struct, 'm' map, 'l' list
	items []item
	same  any // if not nil, a value that has the same JSON
}

type item struct {
	name   string // as fmt prints it; none in a list
	json   string
	value  any  // a *tree, a *both, or what holds no secret
	noJSON bool // JSON leaves it out
	inline bool // an embedded struct, whose fields JSON moves up
}

func (t *tree) add(name, json string, value any) {
	t.items = append(t.items, item{name: name, json: json, value: value})
}

// addField adds a field that holds no secret.
func (t *tree) addField(f reflect.StructField, rv reflect.Value) {
	it := item{name: f.Name, inline: inlined(f)}
	it.json, it.noJSON = jsonName(f, rv)
	switch {
	case f.IsExported():
		it.value = original(rv)
	case f.Anonymous && f.Type.Kind() == reflect.Struct:
		// Not to be had as a whole, but its exported fields are.
		sub := &tree{kind: 'o'}
		for i := range f.Type.NumField() {
			sub.addField(f.Type.Field(i), rv.Field(i))
		}
		it.value = sub
	default:
		return
	}
	t.items = append(t.items, it)
}

// addAttr adds an attribute without the secrets in it.
func (t *tree) addAttr(w *walker, a slog.Attr, depth int) {
	w.nested++
	a, _ = w.attr(a, depth+1, false)
	w.nested--
	t.add(a.Key, a.Key, plain(a.Value, 0))
}

// addValue adds a value without the secrets in it.
func (t *tree) addValue(w *walker, name, json string, rv reflect.Value, depth int) {
	out, changed := w.value(rv, public, depth)
	if !changed {
		out = original(rv)
	}
	t.add(name, json, out)
}

// String prints the tree as the verb %+v does.
func (t *tree) String() string {
	var b strings.Builder
	t.print(&b)
	return b.String()
}

func (t *tree) print(b *strings.Builder) {
	open, end := "{", "}"
	switch t.kind {
	case 'm':
		open, end = "map[", "]"
	case 'l':
		open, end = "[", "]"
	}
	b.WriteString(open)
	for i, it := range t.items {
		if i > 0 {
			b.WriteByte(' ')
		}
		if it.name != "" {
			b.WriteString(it.name)
			b.WriteByte(':')
		}
		if sub, ok := it.value.(*tree); ok {
			sub.print(b)
		} else {
			fmt.Fprintf(b, "%+v", it.value)
		}
	}
	b.WriteString(end)
}

// MarshalJSON prints the tree as JSON.
func (t *tree) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	t.json(&b)
	return b.Bytes(), nil
}

func (t *tree) json(b *bytes.Buffer) {
	if t.same != nil {
		writeJSON(b, t.same)
		return
	}
	open, end := byte('{'), byte('}')
	if t.kind == 'l' {
		open, end = '[', ']'
	}
	b.WriteByte(open)
	first := true
	t.jsonItems(b, &first)
	b.WriteByte(end)
}

func (t *tree) jsonItems(b *bytes.Buffer, first *bool) {
	for _, it := range t.items {
		if it.noJSON {
			continue
		}
		if it.inline {
			if sub, ok := it.value.(*tree); ok && sub.kind == 'o' && sub.same == nil {
				sub.jsonItems(b, first)
				continue
			}
			var inner bytes.Buffer
			writeJSON(&inner, it.value)
			text := inner.Bytes()
			if string(text) == "null" {
				continue
			}
			if len(text) > 1 && text[0] == '{' {
				if text = text[1 : len(text)-1]; len(text) > 0 {
					comma(b, first)
					b.Write(text)
				}
				continue
			}
		}
		comma(b, first)
		if t.kind != 'l' {
			writeJSONString(b, it.json)
			b.WriteByte(':')
		}
		writeJSON(b, it.value)
	}
}

func comma(b *bytes.Buffer, first *bool) {
	if !*first {
		b.WriteByte(',')
	}
	*first = false
}

// writeJSON writes the JSON of a value, or of what keeps it from having one, as
// the handler of log/slog does.
func writeJSON(b *bytes.Buffer, x any) {
	switch x := x.(type) {
	case *tree:
		x.json(b)
		return
	case *both:
		writeJSON(b, x.json)
		return
	case reflect.Value:
		writeJSON(b, addressed(x))
		return
	}
	start := b.Len()
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(x); err != nil {
		b.Truncate(start)
		writeJSONString(b, "!ERROR:"+err.Error())
		return
	}
	b.Truncate(b.Len() - 1)
}

// both stands for a value that prints itself, in one way as JSON and in another
// as text.
type both struct{ text, json any }

// String prints the value as the verb %+v does.
func (b *both) String() string { return fmt.Sprintf("%+v", b.text) }

// MarshalJSON prints the value as JSON.
func (b *both) MarshalJSON() ([]byte, error) {
	var buf bytes.Buffer
	writeJSON(&buf, b.json)
	return buf.Bytes(), nil
}
