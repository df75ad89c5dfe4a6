package routes

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"testing"
)

// A path of a document begins with a slash, and a host is no part of it: routes that
// only their hosts tell apart are all there, and the document is that of the code.
func TestOpenAPIHosts(t *testing.T) {
	get := func(host, path, handler string) Entry {
		return Entry{Methods: []string{"GET"}, Host: host, Path: path, Handler: Step{Name: handler}}
	}
	r := &Routes{Routes: []Entry{
		get("", "", "root"), get("", "/orders", "list"),
		get("api.example.com", "/orders", "hosted"), get("api.example.com", "/own", "own"),
		{Host: "api.example.com", Path: "/own", Handler: Step{Name: "any"}}, {Host: "other.example.com", Path: "/own", Handler: Step{Name: "other"}},
	}}
	var text bytes.Buffer
	if err := r.OpenAPI(&text); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]operation
	}
	if err := json.Unmarshal(text.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(doc.Paths[path])) {
			op := doc.Paths[path][method]
			line := method + " " + path + " " + op.OperationID
			for _, s := range op.Servers {
				line += " at " + s.URL
			}
			got = append(got, line)
		}
	}
	want := []string{
		"get / root",
		"get /orders list",
		"x-get@api.example.com /orders hosted at //api.example.com",
		"get /own own at //api.example.com",
		"x-any /own any at //api.example.com",
		"x-any@other.example.com /own other at //other.example.com",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	var b bytes.Buffer
	r.Routes = r.Routes[1:4]
	if differ, err := r.Against(&b, "api.json", text.Bytes()); err != nil || b.String() != "- GET /: in api.json, not in the code\n" || !differ {
		t.Errorf("against its own document: %v, %v\n%s", differ, err, &b)
	}
}
