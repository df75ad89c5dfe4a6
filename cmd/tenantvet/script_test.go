package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tenantvet": main})
}

// The scripts are about what the suite adds to the command: its rules, its
// policy. The command itself has scripts of its own.
func TestScript(t *testing.T) {
	gocache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			tool, err := exec.LookPath("tenantvet")
			if err != nil {
				return err
			}
			env.Setenv("TOOL", tool)
			env.Setenv("GOCACHE", strings.TrimSpace(string(gocache)))
			env.Setenv("GOFLAGS", "-mod=mod")
			env.Setenv("GOPROXY", "off")
			env.Setenv("GOTOOLCHAIN", "local")
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("TENANTVET_CACHE", filepath.Join(env.WorkDir, ".tenantvet-cache"))
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			// code N CMD ARGS... runs a command and wants exit code N.
			"code": func(ts *testscript.TestScript, neg bool, args []string) {
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
			},
		},
	})
}
