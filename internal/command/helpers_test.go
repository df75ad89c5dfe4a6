package command_test

import (
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

func itoa(n int) string { return strconv.Itoa(n) }

// findings runs a command that prints the JSON tree of go vet and returns one
// line for each diagnostic, sorted.
func findings(ts *testscript.TestScript, cmd string, args ...string) string {
	_ = ts.Exec(cmd, args...) // the exit codes differ
	var lines []string
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	for {
		var tree map[string]map[string]json.RawMessage
		if err := dec.Decode(&tree); err == io.EOF {
			break
		} else if err != nil {
			ts.Fatalf("%s: %v\n%s\n%s", cmd, err, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
		}
		for pkg, m := range tree {
			for analyzer, msg := range m {
				var list []any
				if err := json.Unmarshal(msg, &list); err != nil {
					ts.Fatalf("%s: %v: %s", cmd, err, msg)
				}
				for _, d := range list {
					data, err := json.Marshal(d)
					if err != nil {
						ts.Fatalf("%v", err)
					}
					lines = append(lines, pkg+" "+analyzer+" "+string(data))
				}
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
