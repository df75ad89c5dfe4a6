// Package light reads of packages what importers can see.
//
// Packages outside the analysed modules, and analysed ones that did not
// change, are needed for their types only. They are read lightly: function
// bodies are blanked before parsing, then declarations that the exported ones
// do not lead to are dropped, then imports that are left unused. Since the
// packages behind those imports are never opened, most of a large dependency
// tree is not even read. The same selection tells when importers have to be
// analysed again: when its digest changes.
package light

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
)

// A Selection is the part of a package that importers can see. It is read only.
type Selection struct {
	keep    map[ast.Node]bool // specs, const groups and function declarations
	imports map[*ast.ImportSpec]bool
	Paths   []string // of the imports kept, as written, sorted
}

// Select finds what the exported declarations of the files lead to. It goes
// by names, so it may keep too much, never too little. nameOf returns the
// package name behind an import path.
func Select(files []*ast.File, nameOf func(path string) string) *Selection {
	sel := &Selection{keep: make(map[ast.Node]bool), imports: make(map[*ast.ImportSpec]bool)}
	type decl struct {
		node ast.Node
		file *ast.File
	}
	byName := make(map[string][]decl)
	methods := make(map[string][]decl)
	var work []decl
	push := func(d decl) {
		if !sel.keep[d.node] {
			sel.keep[d.node] = true
			work = append(work, d)
		}
	}
	add := func(d decl, names ...*ast.Ident) {
		for _, name := range names {
			if name.Name == "_" {
				continue
			}
			byName[name.Name] = append(byName[name.Name], d)
		}
	}
	imports := make(map[*ast.File]map[string]*ast.ImportSpec)
	dots := false
	for _, f := range files {
		named := make(map[string]*ast.ImportSpec)
		imports[f] = named
		for _, spec := range f.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue
			}
			name := ""
			if spec.Name != nil {
				name = spec.Name.Name
			} else {
				name = nameOf(path)
			}
			switch name {
			case "_":
			case ".", "":
				// Any name may come from it, so it stays, and so does
				// everything else in the package.
				sel.imports[spec] = true
				dots = dots || name == "."
			default:
				named[name] = spec
			}
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					if d.Name.Name != "init" {
						add(decl{d, f}, d.Name)
					}
				} else if name := receiverName(d); name != "" {
					methods[name] = append(methods[name], decl{d, f})
				}
			case *ast.GenDecl:
				if d.Tok == token.CONST {
					// A constant may repeat an expression further up.
					for _, s := range d.Specs {
						add(decl{d, f}, s.(*ast.ValueSpec).Names...)
					}
					continue
				}
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						add(decl{s, f}, s.Name)
					case *ast.ValueSpec:
						add(decl{s, f}, s.Names...)
					}
				}
			}
		}
	}
	for name, list := range byName {
		if dots || ast.IsExported(name) {
			for _, d := range list {
				push(d)
			}
		}
	}
	for len(work) > 0 {
		d := work[len(work)-1]
		work = work[:len(work)-1]
		if t, ok := d.node.(*ast.TypeSpec); ok {
			for _, m := range methods[t.Name.Name] {
				push(m)
			}
		}
		visitNames(d.node, func(name string) {
			if spec := imports[d.file][name]; spec != nil {
				sel.imports[spec] = true
			}
			for _, other := range byName[name] {
				push(other)
			}
		})
	}
	for spec := range sel.imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil {
			sel.Paths = append(sel.Paths, path)
		}
	}
	slices.Sort(sel.Paths)
	sel.Paths = slices.Compact(sel.Paths)
	return sel
}

func receiverName(d *ast.FuncDecl) string {
	if len(d.Recv.List) != 1 {
		return ""
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// visitNames calls f with the names that a declaration uses to say its types.
func visitNames(n ast.Node, f func(string)) {
	switch d := n.(type) {
	case *ast.GenDecl: // constants: type and value count
		for _, s := range d.Specs {
			s := s.(*ast.ValueSpec)
			if s.Type != nil {
				visitNames(s.Type, f)
			}
			for _, v := range s.Values {
				visitNames(v, f)
			}
		}
		return
	case *ast.ValueSpec: // variables: the value counts only if the type is not written
		if d.Type != nil {
			visitNames(d.Type, f)
			return
		}
		for _, v := range d.Values {
			visitNames(v, f)
		}
		return
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv != nil {
				visitNames(n.Recv, f)
			}
			visitNames(n.Type, f)
			return false
		case *ast.FuncLit:
			visitNames(n.Type, f)
			return false
		case *ast.SelectorExpr:
			visitNames(n.X, f)
			return false
		case *ast.Field:
			visitNames(n.Type, f)
			return false
		case *ast.Ident:
			f(n.Name)
		}
		return true
	})
}

// File returns a copy of f with only what sel keeps.
func (sel *Selection) File(f *ast.File) *ast.File {
	out := &ast.File{Package: f.Package, Name: f.Name, FileStart: f.FileStart, FileEnd: f.FileEnd, GoVersion: f.GoVersion}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if sel.keep[d] {
				c := *d
				c.Body, c.Doc = nil, nil
				out.Decls = append(out.Decls, &c)
			}
		case *ast.GenDecl:
			if d.Tok == token.CONST {
				if sel.keep[d] {
					out.Decls = append(out.Decls, d)
				}
				continue
			}
			c := *d
			c.Doc, c.Specs = nil, nil
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.ImportSpec:
					if sel.imports[s] {
						c.Specs = append(c.Specs, s)
						out.Imports = append(out.Imports, s)
					}
				case *ast.ValueSpec:
					if !sel.keep[s] {
						continue
					}
					if s.Type != nil {
						v := *s
						v.Values = nil
						s = &v
					}
					c.Specs = append(c.Specs, s)
				default:
					if sel.keep[s] {
						c.Specs = append(c.Specs, s)
					}
				}
			}
			if len(c.Specs) > 0 {
				if !c.Lparen.IsValid() {
					c.Lparen = c.TokPos
				}
				out.Decls = append(out.Decls, &c)
			}
		}
	}
	return out
}

// Digest says what importers can see of the files: the text of what sel keeps,
// without function bodies, and the lines it stands on.
func (sel *Selection) Digest(fset *token.FileSet, files []*ast.File, src map[*ast.File][]byte) string {
	h := sha256.New()
	for _, f := range files {
		file := fset.File(f.FileStart)
		text := src[f]
		fmt.Fprintf(h, "file %q package %s\n", file.Name(), f.Name.Name)
		put := func(from, to token.Pos) {
			a, b := file.Offset(from), file.Offset(to)
			p := fset.Position(from)
			fmt.Fprintf(h, "%s %d:%d %d\n", p.Filename, p.Line, p.Column, b-a)
			if a <= b && b <= len(text) {
				h.Write(text[a:b])
			}
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if sel.keep[d] {
					end := d.End()
					if d.Body != nil {
						end = d.Body.Lbrace
					}
					put(d.Pos(), end)
				}
			case *ast.GenDecl:
				if d.Tok == token.CONST {
					if sel.keep[d] {
						put(d.Pos(), d.End())
					}
					continue
				}
				for _, s := range d.Specs {
					if spec, ok := s.(*ast.ImportSpec); ok && sel.imports[spec] || sel.keep[s] {
						put(s.Pos(), s.End())
					}
				}
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Parse parses a file without comments and, as far as it can, without
// function bodies.
func Parse(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
	const mode = parser.SkipObjectResolution
	f, err := parser.ParseFile(fset, name, blankBodies(src), mode)
	if err != nil {
		// Perhaps the blanking was wrong; the file itself decides.
		f, err = parser.ParseFile(fset, name, src, mode)
	}
	return f, err
}

// blankBodies returns src with the bodies of top-level functions replaced by
// spaces, newlines kept, so that every position stays. The parser takes most
// of the time of reading a dependency, and most of that goes into bodies. A
// text that is not understood is left alone.
func blankBodies(src []byte) []byte {
	var out []byte
	for i := 0; i < len(src); {
		// Declarations begin in column one in all but odd files; those
		// lose nothing but time.
		if (i == 0 || src[i-1] == '\n') && bytes.HasPrefix(src[i:], []byte("func")) {
			open := bodyStart(src, i+4)
			if open < 0 {
				i += 4
				continue
			}
			end := matching(src, open)
			if end < 0 {
				return src
			}
			if out == nil {
				out = bytes.Clone(src)
			}
			for j := open + 1; j < end; j++ {
				if out[j] != '\n' {
					out[j] = ' '
				}
			}
			i = end + 1
			continue
		}
		next, ok := skipToken(src, i)
		if !ok {
			return src
		}
		i = next
	}
	if out == nil {
		return src
	}
	return out
}

// skipToken steps over a comment, a literal or one byte.
func skipToken(src []byte, i int) (next int, ok bool) {
	switch c := src[i]; {
	case c == '/' && i+1 < len(src) && src[i+1] == '/':
		n := bytes.IndexByte(src[i:], '\n')
		if n < 0 {
			return len(src), true
		}
		return i + n, true
	case c == '/' && i+1 < len(src) && src[i+1] == '*':
		n := bytes.Index(src[i+2:], []byte("*/"))
		if n < 0 {
			return 0, false
		}
		return i + 2 + n + 2, true
	case c == '`':
		n := bytes.IndexByte(src[i+1:], '`')
		if n < 0 {
			return 0, false
		}
		return i + 1 + n + 1, true
	case c == '"' || c == '\'':
		for j := i + 1; j < len(src); j++ {
			switch src[j] {
			case '\\':
				j++
			case '\n':
				return 0, false
			case c:
				return j + 1, true
			}
		}
		return 0, false
	}
	return i + 1, true
}

// bodyStart returns the index of the brace that opens the body of the function
// whose signature begins at i, or -1 if it has none.
func bodyStart(src []byte, i int) int {
	depth := 0
	word := "" // the last identifier or keyword seen, "" after anything else
	for i < len(src) {
		c := src[i]
		switch {
		case c == '(' || c == '[':
			depth++
			word = ""
		case c == ')' || c == ']':
			depth--
			word = ""
		case c == '{':
			if depth == 0 && word != "interface" && word != "struct" {
				return i
			}
			end := matching(src, i)
			if end < 0 {
				return -1
			}
			i = end
			word = ""
		case c == '}':
			return -1
		case c == '\n':
			if depth == 0 {
				return -1 // a declaration without a body
			}
		case c == ' ' || c == '\t' || c == '\r':
		case c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80:
			j := i
			for j < len(src) && (src[j] == '_' || src[j] >= 'a' && src[j] <= 'z' || src[j] >= 'A' && src[j] <= 'Z' || src[j] >= '0' && src[j] <= '9' || src[j] >= 0x80) {
				j++
			}
			word = string(src[i:j])
			i = j
			continue
		default:
			next, ok := skipToken(src, i)
			if !ok {
				return -1
			}
			if c != '/' || next == i+1 {
				word = ""
			}
			i = next
			continue
		}
		i++
	}
	return -1
}

// matching returns the index of the brace that closes the one at i, or -1.
func matching(src []byte, i int) int {
	depth := 0
	for i < len(src) {
		switch src[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
		next, ok := skipToken(src, i)
		if !ok {
			return -1
		}
		i = next
	}
	return -1
}
