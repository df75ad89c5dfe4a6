package routes

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// A document is what an OpenAPI document says of its operations.
type document struct {
	version string // of OpenAPI or Swagger
	base    string // the path of the first server
	methods map[string][]string
}

// readDocument reads a document in JSON or YAML.
func readDocument(name string, data []byte) (*document, error) {
	doc := &document{methods: map[string][]string{}}
	var err error
	if trimmed := bytes.TrimLeft(data, " \t\r\n\ufeff"); len(trimmed) > 0 && trimmed[0] == '{' {
		err = doc.json(data)
	} else {
		err = doc.yaml(string(data))
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s is no OpenAPI document in JSON or YAML: %w", name, err)
	case doc.version == "":
		return nil, fmt.Errorf("%s has neither openapi nor swagger at its top: it is no OpenAPI document", name)
	}
	return doc, nil
}

func (d *document) json(data []byte) error {
	var doc struct {
		OpenAPI string
		Swagger string
		Base    string `json:"basePath"`
		Servers []struct{ URL string }
		Paths   map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return err
	}
	d.version, d.base = doc.OpenAPI+doc.Swagger, doc.Base
	if len(doc.Servers) > 0 {
		d.server(doc.Servers[0].URL)
	}
	for p, item := range doc.Paths {
		for m := range item {
			d.methods[p] = append(d.methods[p], m)
		}
	}
	return nil
}

func (d *document) server(address string) {
	if u, err := url.Parse(address); err == nil {
		d.base = u.Path
	}
}

// yaml reads what matters here of a document in YAML.
func (d *document) yaml(text string) error {
	tokens := lexer.Tokenize(text)
	if err := tooDeep(tokens); err != nil {
		return err
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		return fmt.Errorf("%s", firstLine(err.Error()))
	}
	y := &yamlReader{anchors: map[string]ast.Node{}, left: maxNodes}
	for _, doc := range file.Docs {
		switch doc.Body.(type) {
		case nil:
			continue
		case *ast.MappingNode, *ast.MappingValueNode:
			ast.Walk(y, doc.Body)
			return y.document(d, doc.Body)
		}
		return nil // a text or a list, which does not say what it is
	}
	return nil
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

const (
	maxNesting = 1000    // of a document in YAML, so that none takes the parser's stack
	maxNodes   = 100_000 // that are read of it, aliases included, so that none grows without end
)

// tooDeep returns an error if the tokens of a document are nested deeper than any is
// that somebody means to be read.
func tooDeep(tokens token.Tokens) error {
	open, line, entries, column := 0, 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, entries, column = t.Position.Line, 0, t.Position.Column
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			open++
		case token.SequenceEndType, token.MappingEndType:
			open--
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType:
			entries++ // "- - a" is a list in a list
		case token.MappingValueType:
			if open == 0 {
				entries++ // "a: b: c" is none, which the parser finds out late
			}
		}
		if open+entries+column > maxNesting {
			return fmt.Errorf("line %d is nested too deep", line)
		}
	}
	return nil
}

// A yamlReader reads mappings, with what stands for others in them.
type yamlReader struct {
	anchors map[string]ast.Node
	left    int // nodes that may still be read
}

// Visit notes anchors, for [ast.Walk].
func (y *yamlReader) Visit(n ast.Node) ast.Visitor {
	if a, ok := n.(*ast.AnchorNode); ok {
		y.anchors[a.Name.GetToken().Value] = a.Value
	}
	return y
}

func (y *yamlReader) document(d *document, body ast.Node) error {
	return y.mapping(body, func(key string, value ast.Node) error {
		switch key {
		case "openapi", "swagger":
			d.version = y.text(value)
		case "basePath":
			d.base = y.text(value)
		case "servers":
			return y.servers(d, value)
		case "paths":
			return y.mapping(value, func(path string, item ast.Node) error {
				return y.mapping(item, func(method string, _ ast.Node) error {
					if !slices.Contains(d.methods[path], method) {
						d.methods[path] = append(d.methods[path], method)
					}
					return nil
				})
			})
		}
		return nil
	})
}

// servers reads the address of the first server.
func (y *yamlReader) servers(d *document, list ast.Node) error {
	n, err := y.resolved(list)
	seq, ok := n.(*ast.SequenceNode)
	if err != nil || !ok || len(seq.Values) == 0 {
		return err
	}
	return y.mapping(seq.Values[0], func(key string, value ast.Node) error {
		if key == "url" {
			d.server(y.text(value))
		}
		return nil
	})
}

// mapping yields the keys of a mapping with their values, those of mappings that are
// merged into it as well. What is empty has none.
func (y *yamlReader) mapping(n ast.Node, yield func(key string, value ast.Node) error) error {
	n, err := y.resolved(n)
	if err != nil {
		return err
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, pair := range n.Values {
			if err := y.pair(pair, yield); err != nil {
				return err
			}
		}
	case *ast.MappingValueNode:
		return y.pair(n, yield)
	case nil, *ast.NullNode:
	default:
		return fmt.Errorf("line %d is no mapping", n.GetToken().Position.Line)
	}
	return nil
}

func (y *yamlReader) pair(pair *ast.MappingValueNode, yield func(key string, value ast.Node) error) error {
	if !pair.Key.IsMergeKey() {
		key, err := y.resolved(pair.Key)
		if err != nil {
			return err
		}
		return yield(y.text(key), pair.Value)
	}
	merged, err := y.resolved(pair.Value)
	if err != nil {
		return err
	}
	seq, ok := merged.(*ast.SequenceNode)
	if !ok {
		return y.mapping(merged, yield)
	}
	for _, one := range seq.Values {
		if err := y.mapping(one, yield); err != nil {
			return err
		}
	}
	return nil
}

// resolved is what a node stands for, without what only names it.
func (y *yamlReader) resolved(n ast.Node) (ast.Node, error) {
	for {
		if y.left--; y.left < 0 {
			return nil, errors.New("it refers to its own parts without end")
		}
		switch x := n.(type) {
		case *ast.AnchorNode:
			n = x.Value
		case *ast.TagNode:
			n = x.Value
		case *ast.MappingKeyNode:
			n = x.Value
		case *ast.AliasNode:
			name := x.Value.GetToken().Value
			of, ok := y.anchors[name]
			if !ok {
				return nil, fmt.Errorf("line %d refers to %s, which is nowhere", x.Start.Position.Line, name)
			}
			n = of
		default:
			return n, nil
		}
	}
}

// text is the text of a scalar, "" if it is none.
func (y *yamlReader) text(n ast.Node) string {
	n, err := y.resolved(n)
	if err != nil {
		return ""
	}
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case ast.ScalarNode:
		return n.GetToken().Value
	}
	return ""
}
