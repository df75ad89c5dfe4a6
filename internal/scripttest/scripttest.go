// Package scripttest runs the testscript transcripts of a tenantvet command:
// what all of them take for granted of the environment, and the commands that
// they share.
package scripttest

import (
	"encoding/json"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// Run runs the scripts in testdata/script, in which $TOOL is the program
// "tenantvet" that the caller's TestMain has given to testscript.Main. Beside
// testscript's own commands scripts have:
//
//	code N CMD ARGS...       run a command, which must end with exit code N
//	count N TEXT FILE        FILE (or stdout, stderr) must hold TEXT N times
//	vetsame PACKAGES...      go vet and tenantvet must report the same, and something
//
// A test flag -update, if the caller defines it, rewrites the expected output
// in the scripts.
func Run(t *testing.T) {
	// All scripts share the build cache, so that the standard library is
	// compiled once; each has its own vet results because each is about files
	// of its own. TENANTVET_CACHE is the script's own.
	gocache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal("the scripts need the go command: ", err)
	}
	update := flag.Lookup("update")
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: update != nil && update.Value.String() == "true",
		Setup: func(env *testscript.Env) error {
			tool, err := exec.LookPath("tenantvet")
			if err != nil {
				return err
			}
			// Below the module, but not among its packages: the go command makes
			// and removes directories there while another lists "./...".
			tmp := filepath.Join(env.WorkDir, ".tmp")
			if err := os.MkdirAll(tmp, 0o777); err != nil {
				return err
			}
			env.Setenv("TMPDIR", tmp)
			env.Setenv("TOOL", tool)
			env.Setenv("GOCACHE", strings.TrimSpace(string(gocache)))
			env.Setenv("GOFLAGS", "-mod=mod")
			env.Setenv("GOPROXY", "off")
			env.Setenv("GOTOOLCHAIN", "local")
			env.Setenv("GOWORK", "")
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("TENANTVET_CACHE", filepath.Join(env.WorkDir, ".tenantvet-cache"))
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"code":    code,
			"count":   count,
			"vetsame": same,
		},
	})
}

func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N cmd args...")
	}
	got := "0"
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := err.(*exec.ExitError)
		if !ok {
			ts.Fatalf("%s: %v", args[1], err)
		}
		got = strings.TrimPrefix(exit.ProcessState.String(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

func count(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: count N text file")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	text := ts.ReadFile(args[2])
	if got := strings.Count(text, args[1]); got != want {
		ts.Fatalf("%q occurs %d times, want %d, in:\n%s", args[1], got, want, text)
	}
}

func same(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: vetsame packages...")
	}
	vet := findings(ts, "go", append([]string{"vet", "-json", "-vettool=" + ts.Getenv("TOOL")}, args...)...)
	own := findings(ts, "tenantvet", append([]string{"-json"}, args...)...)
	if vet != own {
		ts.Fatalf("go vet and tenantvet differ\ngo vet:\n%s\ntenantvet:\n%s", vet, own)
	}
	if vet == "" {
		ts.Fatalf("nothing was found, so nothing was compared")
	}
}

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
