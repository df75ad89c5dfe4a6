package models

import (
	"fmt"
	"go/ast"
	"path"
	"strings"
	"unicode"

	"github.com/tenantvet/tenantvet/internal/strictoml"
)

// symKind says what a symbol names.
type symKind uint8

const (
	symFunc  symKind = iota // a function or method
	symType                 // a named type
	symField                // a field of a struct type
	symKey                  // a context key: a package's variable, constant or type
)

// symbol is one name of a row, split but not resolved.
type symbol struct {
	kind symKind
	pkg  string // import path
	typ  string // receiver, struct or named type; "" for a package function
	name string // function, method or field; "" for a type
	glob bool   // typ or name has a *
	text string // as written, braces expanded
	at   strictoml.Pos
}

// String returns the symbol with its full package path.
func (s symbol) String() string {
	switch {
	case s.kind == symType:
		return s.pkg + "." + s.typ
	case s.typ != "":
		return "(" + s.pkg + "." + s.typ + ")." + s.name
	}
	return s.pkg + "." + s.name
}

// maxExpand bounds what one string may expand to, so that a malicious file
// cannot exhaust memory.
const maxExpand = 4096

// expand returns text with every {a,b} written out, in order.
func expand(text string) ([]string, error) {
	open := strings.IndexByte(text, '{')
	if open < 0 {
		if strings.IndexByte(text, '}') >= 0 {
			return nil, fmt.Errorf("a } without {")
		}
		return []string{text}, nil
	}
	end := strings.IndexByte(text[open:], '}')
	if end < 0 {
		return nil, fmt.Errorf("a { without }")
	}
	end += open
	alts := text[open+1 : end]
	if strings.ContainsAny(alts, "{") {
		return nil, fmt.Errorf("braces within braces")
	}
	if strings.IndexByte(text[:open], '}') >= 0 {
		return nil, fmt.Errorf("a } without {")
	}
	rest, err := expand(text[end+1:])
	if err != nil {
		return nil, err
	}
	var out []string
	for alt := range strings.SplitSeq(alts, ",") {
		alt = strings.TrimSpace(alt)
		if alt == "" {
			return nil, fmt.Errorf("an empty choice in {%s}", alts)
		}
		for _, r := range rest {
			if len(out) == maxExpand {
				return nil, fmt.Errorf("braces that stand for more than %d names", maxExpand)
			}
			out = append(out, text[:open]+alt+r)
		}
	}
	return out, nil
}

// parseSymbol splits one symbol without braces.
func parseSymbol(text string, kind symKind, opts DecodeOptions) (symbol, error) {
	s := symbol{kind: kind, text: text}
	rest := text
	if strings.HasPrefix(rest, "(") {
		inner, name, ok := strings.Cut(rest[1:], ").")
		if !ok {
			return s, fmt.Errorf("%q is not of the form (T).%s", text, memberWord(kind))
		}
		if kind == symType || kind == symKey {
			return s, fmt.Errorf("%q names a method or field, not a %s", text, map[symKind]string{symType: "type", symKey: "context key"}[kind])
		}
		inner = strings.TrimPrefix(inner, "*")
		pkg, typ, err := splitPath(inner, opts)
		if err != nil {
			return s, err
		}
		s.pkg, s.typ, s.name = pkg, typ, name
		if !isName(s.name, true) {
			return s, fmt.Errorf("%q: %q is not a %s name", text, name, memberWord(kind))
		}
	} else {
		if kind == symField {
			return s, fmt.Errorf("%q names no struct: write (Type).Field", text)
		}
		pkg, name, err := splitPath(rest, opts)
		if err != nil {
			return s, err
		}
		s.pkg = pkg
		if kind == symType {
			s.typ = name
		} else {
			s.name = name
		}
	}
	if s.typ != "" && !isName(s.typ, true) {
		return s, fmt.Errorf("%q: %q is not a type name", text, s.typ)
	}
	if kind == symKey && !isName(s.name, false) {
		return s, fmt.Errorf("%q: %q is not the name of a variable, constant or type", text, s.name)
	}
	if s.typ == "" && !isName(s.name, true) {
		return s, fmt.Errorf("%q: %q is not a function name; methods are written (T).M", text, s.name)
	}
	s.glob = strings.Contains(s.typ, "*") || strings.Contains(s.name, "*")
	return s, nil
}

// exported reports whether other packages can see what the symbol names.
func (s symbol) exported() bool {
	return (s.typ == "" || ast.IsExported(s.typ)) && (s.name == "" || ast.IsExported(s.name))
}

func memberWord(kind symKind) string {
	if kind == symField {
		return "field"
	}
	return "method"
}

// splitPath splits "path/to/pkg.Name" at the last dot of its last element.
func splitPath(text string, opts DecodeOptions) (pkg, name string, err error) {
	slash := strings.LastIndexByte(text, '/')
	dot := strings.LastIndexByte(text[slash+1:], '.')
	if dot < 0 {
		if slash >= 0 {
			return "", "", fmt.Errorf("%q names a package only: add .Name", text)
		}
		if opts.DefaultPackage == "" {
			return "", "", fmt.Errorf("%q has no package: write ./dir.%s or import/path.%s", text, text, text)
		}
		return opts.DefaultPackage, text, nil
	}
	dot += slash + 1
	pkg, name = text[:dot], text[dot+1:]
	pkg, err = opts.packagePath(pkg)
	return pkg, name, err
}

// packagePath turns "./dir" into an import path of the module.
func (o DecodeOptions) packagePath(p string) (string, error) {
	if p == "." || p == "./" || strings.HasPrefix(p, "./") {
		if o.ModulePath == "" {
			return "", fmt.Errorf("%q is relative, but this file belongs to no module", p)
		}
		clean := path.Clean(p)
		if clean == "." {
			return o.ModulePath, nil
		}
		if clean == ".." || strings.HasPrefix(clean, "../") {
			return "", fmt.Errorf("%q leaves the module", p)
		}
		return o.ModulePath + "/" + clean, nil
	}
	if strings.HasPrefix(p, "../") || strings.HasPrefix(p, "/") {
		return "", fmt.Errorf("%q is not an import path", p)
	}
	if p == "" || strings.ContainsAny(p, " \t\"'`*()[]{}\\;,") || path.Clean(p) != p {
		return "", fmt.Errorf("%q is not an import path", p)
	}
	return p, nil
}

// isName reports whether s is a Go identifier; if glob is set it may hold
// stars.
func isName(s string, glob bool) bool {
	if s == "" {
		return false
	}
	for i, r := range s {
		switch {
		case r == '*' && glob, r == '_', unicode.IsLetter(r):
		case unicode.IsDigit(r) && i > 0:
		default:
			return false
		}
	}
	return true
}

// matchGlob reports whether name matches pattern, in which * stands for any
// text. It is linear in the product of the lengths at worst.
func matchGlob(pattern, name string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == name
	}
	if !strings.HasPrefix(name, head) {
		return false
	}
	name = name[len(head):]
	for {
		mid, next, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(name, mid)
		}
		i := strings.Index(name, mid)
		if i < 0 {
			return false
		}
		name = name[i+len(mid):]
		rest = next
	}
}
