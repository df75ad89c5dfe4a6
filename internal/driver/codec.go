package driver

import (
	"encoding"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
)

// Facts are encoded one by one, by the exported fields of their struct, with
// no description of the type: reader and writer are one and the same program,
// which every cache key says. Gob, which other drivers use, writes such a
// description in front of each value, some hundred bytes that take longer to
// decode than the fact; with it in one stream, a fact could not be passed on
// without decoding all before it.
//
// A type that encodes itself (encoding.BinaryMarshaler, gob.GobEncoder) is
// asked to. Maps, functions, channels and unexported fields are refused.

func selfEncoding(t reflect.Type) bool {
	p := t
	if p.Kind() != reflect.Pointer {
		p = reflect.PointerTo(t)
	}
	return p.Implements(reflect.TypeFor[encoding.BinaryMarshaler]()) && p.Implements(reflect.TypeFor[encoding.BinaryUnmarshaler]()) ||
		p.Implements(reflect.TypeFor[gob.GobEncoder]()) && p.Implements(reflect.TypeFor[gob.GobDecoder]())
}

// encodable says why values of t cannot be encoded, or nil.
func encodable(t reflect.Type, seen []reflect.Type) error {
	if slices.Contains(seen, t) || selfEncoding(t) {
		return nil
	}
	seen = append(seen, t)
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return nil
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return encodable(t.Elem(), seen)
	case reflect.Struct:
		for f := range t.Fields() {
			if !f.IsExported() {
				return fmt.Errorf("field %s of %v is not exported and would be lost", f.Name, t)
			}
			if err := encodable(f.Type, seen); err != nil {
				return err
			}
		}
		return nil
	case reflect.Map:
		return fmt.Errorf("%v is a map, whose order is not fixed: use a sorted slice", t)
	}
	return fmt.Errorf("%v cannot be encoded", t)
}

func encodeFact(f analysis.Fact) (string, error) {
	b, err := appendValue(nil, reflect.ValueOf(f).Elem())
	return string(b), err
}

// decodeFact decodes into the value that ptr points to.
func decodeFact(data string, ptr reflect.Value) error {
	r := &reader{s: data}
	readValue(r, ptr.Elem())
	if r.err == nil && r.s != "" {
		return errCorrupt
	}
	return r.err
}

func appendValue(b []byte, v reflect.Value) ([]byte, error) {
	if selfEncoding(v.Type()) {
		p := v
		if v.Kind() != reflect.Pointer {
			p = reflect.New(v.Type())
			p.Elem().Set(v)
		} else if v.IsNil() {
			return binary.AppendUvarint(b, 0), nil
		}
		b = binary.AppendUvarint(b, 1)
		var data []byte
		var err error
		if m, ok := p.Interface().(encoding.BinaryMarshaler); ok {
			data, err = m.MarshalBinary()
		} else {
			data, err = p.Interface().(gob.GobEncoder).GobEncode()
		}
		return appendString(b, string(data)), err
	}
	switch v.Kind() {
	case reflect.Bool:
		return binary.AppendUvarint(b, boolInt(v.Bool())), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		i := v.Int()
		return binary.AppendUvarint(b, uint64(i)<<1^uint64(i>>63)), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return binary.AppendUvarint(b, v.Uint()), nil
	case reflect.Float32, reflect.Float64:
		return binary.AppendUvarint(b, math.Float64bits(v.Float())), nil
	case reflect.String:
		return appendString(b, v.String()), nil
	case reflect.Pointer:
		if v.IsNil() {
			return binary.AppendUvarint(b, 0), nil
		}
		return appendValue(binary.AppendUvarint(b, 1), v.Elem())
	case reflect.Slice, reflect.Array:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		var err error
		for i := 0; i < v.Len() && err == nil; i++ {
			b, err = appendValue(b, v.Index(i))
		}
		return b, err
	case reflect.Struct:
		var err error
		for i := 0; i < v.NumField() && err == nil; i++ {
			b, err = appendValue(b, v.Field(i))
		}
		return b, err
	}
	return b, fmt.Errorf("%v cannot be encoded", v.Type())
}

func readValue(r *reader, v reflect.Value) {
	if r.err != nil {
		return
	}
	if selfEncoding(v.Type()) {
		if r.uvarint() == 0 {
			return
		}
		data := []byte(r.str())
		p := v
		if v.Kind() != reflect.Pointer {
			p = v.Addr()
		} else {
			v.Set(reflect.New(v.Type().Elem()))
		}
		var err error
		if m, ok := p.Interface().(encoding.BinaryUnmarshaler); ok {
			err = m.UnmarshalBinary(data)
		} else if d, ok := p.Interface().(gob.GobDecoder); ok {
			err = d.GobDecode(data)
		}
		r.err = errors.Join(r.err, err)
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(r.uvarint() != 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		u := r.uvarint()
		v.SetInt(int64(u>>1) ^ -int64(u&1))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(r.uvarint())
	case reflect.Float32, reflect.Float64:
		v.SetFloat(math.Float64frombits(r.uvarint()))
	case reflect.String:
		v.SetString(r.str())
	case reflect.Pointer:
		if r.uvarint() != 0 {
			v.Set(reflect.New(v.Type().Elem()))
			readValue(r, v.Elem())
		}
	case reflect.Slice:
		// Elements may take no byte at all (empty structs), so the count
		// has no bound but the one a corrupt file must not pass.
		n := r.uvarint()
		if n > 1<<24 {
			r.err = errCorrupt
			return
		}
		if n == 0 {
			return
		}
		s := reflect.MakeSlice(v.Type(), 0, int(min(n, 64)))
		for ; n > 0 && r.err == nil; n-- {
			e := reflect.New(v.Type().Elem()).Elem()
			readValue(r, e)
			s = reflect.Append(s, e)
		}
		v.Set(s)
	case reflect.Array:
		if r.uvarint() != uint64(v.Len()) {
			r.err = errCorrupt
			return
		}
		for i := range v.Len() {
			readValue(r, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			readValue(r, v.Field(i))
		}
	}
}
