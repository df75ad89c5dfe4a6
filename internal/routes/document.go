package routes

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
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

// yaml reads what matters here of a document in YAML: the keys down to the methods,
// which have to be written as blocks, as they are in nearly all. What is below them may
// be anything.
func (d *document) yaml(text string) error {
	served := false
	return eachKey(text, func(path []string, value string) error {
		switch at := strings.Join(path[:min(len(path), 3)], " "); {
		case at == "openapi" || at == "swagger":
			d.version = unquoted(value)
		case at == "basePath":
			d.base = unquoted(value)
		case at == "servers - url" && len(path) == 3 && !served:
			served = true
			d.server(unquoted(value))
		case path[0] != "paths" || len(path) > 3:
		case len(path) < 3 && value != "" && value != "{}":
			return fmt.Errorf("%s is not written out: convert the document to JSON first", strings.Join(path, " "))
		case len(path) == 3 && path[2] == "<<":
			return fmt.Errorf("%s is made of another part: convert the document to JSON first", path[1])
		case len(path) == 3:
			d.methods[path[1]] = append(d.methods[path[1]], path[2])
		}
		return nil
	})
}

// unquoted is a value without the quotes around it.
func unquoted(s string) string {
	if n := len(s); n > 1 && (s[0] == '"' || s[0] == '\'') && s[n-1] == s[0] {
		return s[1 : n-1]
	}
	return s
}

// eachKey yields the keys of the mappings of a YAML text that are written as blocks,
// each with those that it is below, - for an element of a list, and with what stands
// behind it in its line.
func eachKey(text string, yield func(path []string, value string) error) error {
	var path []string
	var indents []int
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], " \r")
		rest := strings.TrimLeft(line, " ")
		indent := len(line) - len(rest)
		switch {
		case rest == "" || rest[0] == '#' || rest == "---" || rest[0] == '%':
			continue
		case rest[0] == '\t':
			return fmt.Errorf("line %d begins with a tab", i+1)
		}
		item := rest == "-" || strings.HasPrefix(rest, "- ")
		for n := len(indents); n > 0 && (indents[n-1] > indent || indents[n-1] == indent && (!item || path[n-1] == "-")); n-- {
			path, indents = path[:n-1], indents[:n-1]
		}
		for rest == "-" || strings.HasPrefix(rest, "- ") {
			path, indents = append(path, "-"), append(indents, indent)
			inner := strings.TrimLeft(rest[1:], " ")
			indent += len(rest) - len(inner)
			rest = inner
		}
		key, value, ok := cutKey(rest)
		if ok {
			path, indents = append(path, key), append(indents, indent)
			if err := yield(path, value); err != nil {
				return err
			}
		} else {
			value = rest
		}
		end, err := valueEnd(lines, i, indent, value)
		if err != nil {
			return err
		}
		i = end
	}
	return nil
}

// cutKey cuts the key of a mapping off a line.
func cutKey(s string) (key, value string, ok bool) {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		end := strings.IndexByte(s[1:], s[0])
		if end < 0 || !strings.HasPrefix(s[end+2:], ":") {
			return "", "", false
		}
		return s[1 : end+1], uncommented(s[end+3:]), true
	}
	if before, found := strings.CutSuffix(uncommented(s), ":"); found && !strings.Contains(before, ": ") {
		return before, "", true
	}
	key, value, ok = strings.Cut(s, ": ")
	return strings.TrimRight(key, " "), uncommented(value), ok
}

// uncommented is what stands in a line before a comment.
func uncommented(s string) string {
	if s = strings.TrimSpace(s); s != "" && (s[0] == '"' || s[0] == '\'') {
		return s // what is within quotes is none
	}
	if strings.HasPrefix(s, "#") {
		return ""
	}
	before, _, _ := strings.Cut(s, " #")
	return strings.TrimSpace(before)
}

// valueEnd returns the last line of a value that begins in line i, behind a key with
// that indent.
func valueEnd(lines []string, i, indent int, value string) (int, error) {
	switch {
	case value == "":
		return i, nil
	case value[0] == '|' || value[0] == '>':
		for i+1 < len(lines) && (strings.TrimSpace(lines[i+1]) == "" || len(lines[i+1])-len(strings.TrimLeft(lines[i+1], " ")) > indent) {
			i++
		}
		return i, nil
	case value[0] == '"' || value[0] == '\'':
		for rest := value[1:]; ; rest = lines[i] {
			if value[0] == '"' {
				rest = strings.ReplaceAll(strings.ReplaceAll(rest, `\\`, ""), `\"`, "")
			}
			if strings.Contains(strings.ReplaceAll(rest, "''", ""), value[:1]) {
				return i, nil
			}
			if i++; i == len(lines) {
				return i, errors.New("a quote has no end")
			}
		}
	case value[0] == '{' || value[0] == '[':
		for depth, rest := 0, value; ; rest = lines[i] {
			depth += strings.Count(rest, "{") + strings.Count(rest, "[") - strings.Count(rest, "}") - strings.Count(rest, "]")
			if depth <= 0 {
				return i, nil
			}
			if i++; i == len(lines) {
				return i, errors.New("a bracket has no end")
			}
		}
	}
	return i, nil
}
