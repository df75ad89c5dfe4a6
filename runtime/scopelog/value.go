package scopelog

import (
	"encoding"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// top returns what to log in place of the value of an attribute, and whether that
// is not the value itself.
func (w *walker) top(x any, v verdict, depth int) (out any, changed bool) {
	switch x := x.(type) {
	case nil:
		return nil, false
	case error:
		// By far the most frequent, and handlers print the text of it alone,
		// unless JSON finds it inside of something else.
		if v == public && w.nested == 0 {
			if _, ok := x.(json.Marshaler); !ok {
				return w.err(x)
			}
		}
	case map[string][]string:
		if v == public && !w.header(x) {
			return nil, false
		}
	case http.Header:
		if v == public && !w.header(x) {
			return nil, false
		}
	}
	out, changed = w.value(reflect.ValueOf(x), v, depth)
	if b, ok := out.(*both); ok && changed {
		if _, ok := x.(error); ok {
			// Handlers may print errors in a way of their own.
			return redactedError(b.String()), true
		}
	}
	return out, changed
}

// redactedError is the text of an error that had a secret in it.
type redactedError string

func (e redactedError) Error() string { return string(e) }

// err returns what to log in place of an error.
func (w *walker) err(x error) (out any, changed bool) {
	if rv := reflect.ValueOf(x); rv.Kind() == reflect.Pointer && rv.IsNil() {
		return nil, false // slog prints <nil>
	}
	text, ok := callError(x)
	changed = !ok
	s, c := w.str(text, public, 0)
	changed = changed || c
	// What else a handler may print of it.
	for _, other := range w.renderings(x) {
		o, c := w.str(other, public, 0)
		if changed = changed || c; c && len(o) > len(s) {
			s = o // with a stack, say
		}
	}
	if changed {
		return redactedError(s), true
	}
	return nil, false
}

// renderings returns what the methods make of the value that the handlers of
// log/slog prefer to its Error and String.
func (w *walker) renderings(x any) []string {
	var all []string
	if f, ok := x.(fmt.Formatter); ok {
		text, _ := call(func() string { return fmt.Sprintf("%+v", f) })
		all = append(all, text)
	}
	if tm, ok := x.(encoding.TextMarshaler); ok {
		text, _ := marshal(tm.MarshalText)
		all = append(all, text)
	}
	return all
}

// header reports whether there is a secret in what most headers are, without
// making anything.
func (w *walker) header(h map[string][]string) bool {
	for name, values := range h {
		v := w.names.check(name)
		if _, ok := w.names.text(name); ok {
			return true
		}
		for _, value := range values {
			if w.left--; w.left < 0 || len(value) > maxText {
				return true
			}
			if _, ok := w.str(value, v, 0); ok {
				return true
			}
		}
	}
	return false
}

// value returns what to print in place of a value, and whether that is not the
// value itself. It may be a string, a *tree or a *both. Only what is exported is
// read: the rest is the business of its package, which may be writing to it.
func (w *walker) value(rv reflect.Value, v verdict, depth int) (out any, changed bool) {
	if what, over := w.visit(depth); over {
		return what, true
	}
	for rv.Kind() == reflect.Interface && !rv.IsNil() {
		rv = rv.Elem()
	}
	if !rv.IsValid() || isNil(rv) {
		return nil, false
	}
	if v != public {
		if harmless(rv, v) {
			return nil, false
		}
		return redacted, true
	}
	if typ := rv.Type(); typ.PkgPath() != "" && (rv.Kind() == reflect.String || isBytes(typ)) && rv.Len() > 0 {
		// type Password string
		if w.names.check(typ.Name()) != public {
			return redacted, true
		}
	}
	// Unnamed types have methods if they embed something.
	if rv.CanInterface() && (rv.Kind() == reflect.Pointer || rv.Kind() == reflect.Struct || rv.Type().PkgPath() != "" || rv.Type() == reflect.TypeFor[[]slog.Attr]()) {
		if out, changed, ok := w.known(rv, depth); ok {
			return out, changed
		}
		if out, changed, ok := w.methods(rv, depth); ok {
			return out, changed
		}
	}
	return w.raw(rv, depth)
}

// harmless reports whether a value under the name of a secret gives nothing away.
func harmless(rv reflect.Value, v verdict) bool {
	for range maxDepth {
		if rv.Kind() != reflect.Pointer && rv.Kind() != reflect.Interface || rv.IsNil() {
			break
		}
		rv = rv.Elem()
	}
	switch rv.Kind() {
	case reflect.Bool:
		return true
	case reflect.String, reflect.Slice, reflect.Map, reflect.Array:
		return rv.Len() == 0
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr,
		reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		// A time.Duration is how long it is good for.
		return v == plural || rv.Type() == reflect.TypeFor[time.Duration]()
	case reflect.Struct:
		return rv.Type() == reflect.TypeFor[time.Time]() || rv.NumField() == 0
	case reflect.Pointer, reflect.Interface, reflect.Func, reflect.Chan:
		return isNil(rv)
	}
	return false
}

func isNil(rv reflect.Value) bool {
	switch rv.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return rv.IsNil()
	}
	return false
}

func isBytes(t reflect.Type) bool {
	return (t.Kind() == reflect.Slice || t.Kind() == reflect.Array) && t.Elem().Kind() == reflect.Uint8
}

// known handles types whose secrets lie elsewhere than names and texts tell.
func (w *walker) known(rv reflect.Value, depth int) (out any, changed, ok bool) {
	switch x := addressed(rv).(type) {
	case time.Time, *time.Time, time.Duration:
		return nil, false, true
	case slog.Value:
		out, changed = w.slogValue(x, depth)
		return out, changed, true
	case slog.Attr:
		t := &tree{kind: 'm'}
		t.addAttr(w, x, depth)
		return t, true, true
	case []slog.Attr:
		t := &tree{kind: 'm'}
		for _, a := range x {
			t.addAttr(w, a, depth)
		}
		return t, true, true
	case slog.LogValuer:
		// Inside of other values slog would not ask it, and print what it hides.
		out, _ = w.slogValue(slog.AnyValue(x), depth)
		return out, true, true
	case *http.Request:
		return w.request(x, depth), true, true
	case http.Request:
		return w.request(&x, depth), true, true
	case *http.Response:
		return w.response(x, depth), true, true
	case http.Response:
		return w.response(&x, depth), true, true
	case *http.Cookie:
		return x.Name + "=" + redacted, true, true
	case http.Cookie:
		return x.Name + "=" + redacted, true, true
	case *url.URL:
		out, changed = w.url(x)
		return out, changed, true
	case url.URL:
		out, changed = w.url(&x)
		return out, changed, true
	case *url.Userinfo, url.Userinfo:
		return redacted, true, true
	case url.Values:
		t := &tree{kind: 'm'}
		dirty := false
		for _, name := range slices.Sorted(maps.Keys(x)) {
			values := &tree{kind: 'l'}
			for _, value := range x[name] {
				s, ok := w.str(value, w.names.checkParam(name, value), 0)
				dirty = dirty || ok
				values.add("", "", s)
			}
			text, ok := w.names.text(name)
			dirty = dirty || ok
			t.add(text, text, values)
		}
		return t, dirty, true
	}
	return nil, false, false
}

// url prints a URL as its String does, without password and secret parameters.
func (w *walker) url(u *url.URL) (text string, changed bool) {
	text, _ = call(u.String)
	return w.str(text, public, 0)
}

// request lists what is worth logging of a request: its body and its internals
// are not.
func (w *walker) request(r *http.Request, depth int) *tree {
	t := &tree{kind: 'o'}
	t.add("Method", "method", w.fresh(r.Method))
	if r.URL != nil {
		u, _ := w.url(r.URL)
		t.add("URL", "url", u)
	}
	t.add("Proto", "proto", w.fresh(r.Proto))
	t.add("Host", "host", w.fresh(r.Host))
	t.add("RemoteAddr", "remote_addr", w.fresh(r.RemoteAddr))
	t.addValue(w, "Header", "header", reflect.ValueOf(r.Header), depth+1)
	return t
}

func (w *walker) response(r *http.Response, depth int) *tree {
	t := &tree{kind: 'o'}
	t.add("Status", "status", w.fresh(r.Status))
	t.add("Proto", "proto", w.fresh(r.Proto))
	t.add("ContentLength", "content_length", r.ContentLength)
	t.addValue(w, "Header", "header", reflect.ValueOf(r.Header), depth+1)
	return t
}

// fresh returns the text without secrets.
func (w *walker) fresh(s string) string {
	s, _ = w.str(s, public, 0)
	return s
}

// slogValue returns what to print in place of a value of slog.
func (w *walker) slogValue(x slog.Value, depth int) (out any, changed bool) {
	w.nested++
	a, _ := w.attr(slog.Attr{Value: x}, depth+1, false)
	w.nested--
	if a.Value.Kind() == slog.KindGroup {
		t := &tree{kind: 'm'}
		for _, a := range a.Value.Group() {
			t.add(a.Key, a.Key, plain(a.Value, 0))
		}
		return t, true
	}
	return a.Value.Any(), true
}

// plain makes of a value that was redacted one that fmt and JSON print well.
func plain(v slog.Value, depth int) any {
	switch {
	case v.Kind() != slog.KindGroup:
		return v.Any()
	case depth > maxDepth:
		return cut("too deep")
	}
	t := &tree{kind: 'm'}
	for _, a := range v.Group() {
		t.add(a.Key, a.Key, plain(a.Value, depth+1))
	}
	return t
}

// methods handles types that print themselves. Which method is asked depends on
// the handler: JSON asks MarshalJSON and MarshalText; fmt asks Format, Error and
// String; both print the fields of what has none.
func (w *walker) methods(rv reflect.Value, depth int) (out any, changed, ok bool) {
	// JSON finds the methods of the pointer as well, fmt does not.
	x := addressed(rv)
	jm, isJM := x.(json.Marshaler)
	tm, isTM := x.(encoding.TextMarshaler)
	var print func() string
	switch x := x.(type) {
	case fmt.Formatter:
		if implements[fmt.Formatter](rv) {
			print = func() string { return fmt.Sprintf("%+v", x) }
		}
	case error:
		if implements[error](rv) {
			print = x.Error
		}
	case fmt.Stringer:
		if implements[fmt.Stringer](rv) {
			print = x.String
		}
	}
	if !isJM && !isTM && print == nil {
		return nil, false, false
	}

	b := &both{text: original(rv), json: original(rv)}
	if isTM {
		text, fine := marshal(tm.MarshalText)
		s, c := w.str(text, public, 0)
		b.text, b.json = s, s
		changed = changed || c || !fine
	}
	if isJM {
		text, fine := marshal(jm.MarshalJSON)
		s, c := w.str(text, public, 0)
		changed = changed || c || !fine
		if json.Valid([]byte(s)) {
			b.json = json.RawMessage(s)
		} else {
			b.json = s
		}
		if !isTM {
			b.text = s
		}
	}
	if print != nil {
		text, fine := call(print)
		s, c := w.str(text, public, 0)
		b.text = s
		changed = changed || c || !fine
	}
	if (isJM || isTM) && (print != nil || isTM) {
		return b, changed, true
	}
	// One of the two prints the fields.
	raw, c := w.raw(rv, depth)
	if !c {
		raw = original(rv)
	}
	if print == nil {
		b.text = raw
	} else {
		b.json = raw
	}
	return b, changed || c, true
}

// addressed returns the value or, for a struct that sits somewhere, its address:
// to make a copy would be to read all of it, also what is under a lock.
func addressed(rv reflect.Value) any {
	if rv.CanAddr() && rv.Kind() != reflect.Pointer && rv.Addr().CanInterface() {
		return rv.Addr().Interface()
	}
	return rv.Interface()
}

// original returns the value for a tree or a *both to print. It does not make a
// copy of a struct either.
func original(rv reflect.Value) any {
	if rv.CanAddr() && rv.Kind() == reflect.Struct {
		return rv // which fmt prints as what it holds, and writeJSON knows
	}
	return rv.Interface()
}

// implements reports whether the value itself has the methods, and not only its
// address.
func implements[I any](rv reflect.Value) bool { return rv.Type().Implements(reflect.TypeFor[I]()) }

// call calls a method of somebody else's.
func call(f func() string) (text string, ok bool) {
	defer func() {
		if recover() != nil {
			text, ok = cut("panicked"), false
		}
	}()
	return f(), true
}

// callError is call for the most frequent method.
func callError(x error) (text string, ok bool) {
	defer func() {
		if recover() != nil {
			text, ok = cut("panicked"), false
		}
	}()
	return x.Error(), true
}

// marshal is call for methods that also return an error, whose text is as good as
// the value for handlers.
func marshal(f func() ([]byte, error)) (text string, ok bool) {
	return call(func() string {
		data, err := f()
		if err != nil {
			return "!ERROR:" + err.Error()
		}
		return string(data)
	})
}

// raw returns what to print in place of a value without asking its methods.
func (w *walker) raw(rv reflect.Value, depth int) (out any, changed bool) {
	switch rv.Kind() {
	case reflect.String:
		s, ok := w.str(rv.String(), public, 0)
		return s, ok
	case reflect.Pointer:
		if !w.enter(rv.Pointer()) {
			return cut("cycle"), true
		}
		defer w.leave()
		elem := rv.Elem()
		if elem.Kind() == reflect.Struct && elem.CanInterface() {
			// Its methods have been asked, by way of the pointer.
			return w.fields(elem, depth)
		}
		return w.value(elem, public, depth+1)
	case reflect.Struct:
		return w.fields(rv, depth)
	case reflect.Map:
		if !w.enter(rv.Pointer()) {
			return cut("cycle"), true
		}
		defer w.leave()
		return w.entries(rv, depth)
	case reflect.Slice, reflect.Array:
		if isBytes(rv.Type()) {
			return w.bytes(rv)
		}
		if rv.Kind() == reflect.Slice && rv.Len() > 0 {
			if !w.enter(rv.Pointer()) {
				return cut("cycle"), true
			}
			defer w.leave()
		}
		return w.elems(rv, depth)
	}
	return nil, false // numbers, bools, functions, channels
}

// enter notes that the walk is inside of what the pointer points to, and reports
// false if it was already. A struct and its first field, or a slice and its first
// element, may share an address; so an address may be entered twice.
func (w *walker) enter(p uintptr) bool {
	seen := 0
	for _, above := range w.path {
		if above == p {
			seen++
		}
	}
	if seen > 1 {
		return false
	}
	w.path = append(w.path, p)
	return true
}

func (w *walker) leave() { w.path = w.path[:len(w.path)-1] }

// bytes looks at bytes as text, which they often are.
func (w *walker) bytes(rv reflect.Value) (out any, changed bool) {
	n := rv.Len()
	text := make([]byte, min(n, 2*maxText))
	reflect.Copy(reflect.ValueOf(text), rv)
	s, ok := w.str(string(text), public, 0)
	if n > len(text) {
		return s + cut(strconv.Itoa(n-len(text))+" bytes"), true
	}
	return s, ok
}

func (w *walker) fields(rv reflect.Value, depth int) (out any, changed bool) {
	typ := rv.Type()
	var t *tree
	hidden, jsonSame := false, true
	for i := range typ.NumField() {
		f := typ.Field(i)
		if !f.IsExported() {
			if !f.Anonymous {
				hidden = hidden || mayHoldText(f.Type, 0)
				continue
			}
			// The exported fields of an embedded struct are printed as if they
			// were its own, whatever the name of its type.
			if f.Type.Kind() != reflect.Struct {
				hidden = true
				continue
			}
		}
		name, omit := jsonName(f, rv.Field(i))
		v := w.names.check(f.Name)
		if v == public && name != f.Name {
			v = w.names.check(name)
		}
		if inlined(f) {
			v = public // an embedded Session: its fields speak for themselves
		}
		c, ok := w.value(rv.Field(i), v, depth+1)
		if ok && !sameJSON(c) {
			jsonSame = false
		}
		if ok && t == nil {
			t = &tree{kind: 'o'}
			for j := range i {
				t.addField(typ.Field(j), rv.Field(j))
			}
		}
		if t == nil {
			continue
		}
		if !ok {
			t.addField(f, rv.Field(i))
			continue
		}
		t.items = append(t.items, item{name: f.Name, json: name, value: c, noJSON: omit, inline: inlined(f)})
	}
	if hidden && t == nil {
		t = &tree{kind: 'o'}
		for j := range typ.NumField() {
			t.addField(typ.Field(j), rv.Field(j))
		}
	}
	if t == nil {
		return nil, false
	}
	if hidden {
		t.items = append(t.items, item{value: cut("unexported fields"), noJSON: true})
	}
	if jsonSame && rv.CanInterface() {
		t.same = original(rv)
	}
	return t, true
}

// sameJSON reports whether the JSON of what was put in place of a value is that of
// the value.
func sameJSON(out any) bool {
	t, ok := out.(*tree)
	return ok && t.same != nil
}

// mayHoldText reports whether a value of the type may lead to a text.
func mayHoldText(t reflect.Type, depth int) bool {
	switch t.Kind() {
	case reflect.String, reflect.Slice, reflect.Map, reflect.Pointer, reflect.Interface:
		return true
	case reflect.Array:
		return depth > maxDepth || t.Elem().Kind() == reflect.Uint8 || mayHoldText(t.Elem(), depth+1)
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return false
		}
		for i := range t.NumField() {
			if depth > maxDepth || mayHoldText(t.Field(i).Type, depth+1) {
				return true
			}
		}
	}
	return false
}

// inlined reports whether JSON prints the fields of the field as if they were the
// struct's own.
func inlined(f reflect.StructField) bool {
	if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); !f.Anonymous || name != "" {
		return false
	}
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct
}

// jsonName returns the name that JSON gives the field, and whether it leaves the
// field out.
func jsonName(f reflect.StructField, rv reflect.Value) (name string, omit bool) {
	tag := f.Tag.Get("json")
	if tag == "-" {
		return f.Name, true
	}
	name, options, _ := strings.Cut(tag, ",")
	if name == "" {
		name = f.Name
	}
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "omitempty":
			switch rv.Kind() {
			case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
				omit = omit || rv.Len() == 0
			case reflect.Struct:
			default:
				omit = omit || rv.IsZero()
			}
		case "omitzero":
			omit = omit || rv.IsZero()
		}
	}
	return name, omit
}

func (w *walker) entries(rv reflect.Value, depth int) (out any, changed bool) {
	type entry struct {
		name string
		key  reflect.Value
	}
	entries := make([]entry, 0, rv.Len())
	for _, key := range rv.MapKeys() {
		entries = append(entries, entry{keyName(key), key})
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	var t *tree
	keep := func(e entry) { t.add(e.name, e.name, original(rv.MapIndex(e.key))) }
	for i, e := range entries {
		name, renamed := w.names.text(e.name)
		c, ok := w.value(rv.MapIndex(e.key), w.names.check(e.name), depth+1)
		if (ok || renamed) && t == nil {
			t = &tree{kind: 'm'}
			for _, e := range entries[:i] {
				keep(e)
			}
		}
		switch {
		case t == nil:
		case ok:
			t.add(name, name, c)
		case renamed:
			t.add(name, name, original(rv.MapIndex(e.key)))
		default:
			keep(e)
		}
		if w.left < 0 {
			t.add("more", "more", cut(strconv.Itoa(len(entries)-i-1)+" entries"))
			break
		}
	}
	if t == nil {
		return nil, false
	}
	return t, true
}

// keyName returns the text of a map's key.
func keyName(key reflect.Value) string {
	if key.Kind() == reflect.String {
		return key.String()
	}
	text, _ := call(func() string {
		if tm, ok := key.Interface().(encoding.TextMarshaler); ok {
			if data, err := tm.MarshalText(); err == nil {
				return string(data)
			}
		}
		return fmt.Sprint(key.Interface())
	})
	return text
}

func (w *walker) elems(rv reflect.Value, depth int) (out any, changed bool) {
	switch rv.Type().Elem().Kind() {
	case reflect.Bool, reflect.Int, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		if rv.Type().Elem().PkgPath() == "" {
			return nil, false // numbers, however many
		}
	}
	var t *tree
	for i := range rv.Len() {
		c, ok := w.value(rv.Index(i), public, depth+1)
		if ok && t == nil {
			t = &tree{kind: 'l'}
			for j := range i {
				t.add("", "", original(rv.Index(j)))
			}
		}
		switch {
		case t == nil:
		case ok:
			t.add("", "", c)
		default:
			t.add("", "", original(rv.Index(i)))
		}
		if w.left < 0 {
			t.add("", "", cut(strconv.Itoa(rv.Len()-i-1)+" elements"))
			break
		}
	}
	if t == nil {
		return nil, false
	}
	return t, true
}
