package command_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/tenantvet/tenantvet/internal/command"
	"github.com/tenantvet/tenantvet/internal/driver/drivertest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"tenantvet": func() { os.Exit(command.Main(drivertest.Suite())) },
	})
}

// The -update flag rewrites the expected output in the scripts.
func updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

func TestScript(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Fatal("the scripts need the go command: ", err)
	}
	// All scripts share a build cache, so that the standard library is
	// compiled once; each has its own vet results because each is about
	// files of its own. TENANTVET_CACHE is the script's own.
	gocache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: updating(),
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
			env.Setenv("GOWORK", "")
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("TENANTVET_CACHE", filepath.Join(env.WorkDir, ".tenantvet-cache"))
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"code":    cmdCode,
			"count":   cmdCount,
			"vetsame": cmdSame,
		},
	})
}

// code N CMD ARGS... runs a command and wants exit code N. Its output can be
// looked at with stdout and stderr, as after exec.
func cmdCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N cmd args...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
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

// count N TEXT FILE wants a file (or stdout, stderr) to hold a text N times.
func cmdCount(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: count N text file")
	}
	got := strings.Count(ts.ReadFile(args[2]), args[1])
	if want := args[0]; strings.TrimSpace(want) != itoa(got) {
		ts.Fatalf("%q occurs %d times, want %s, in:\n%s", args[1], got, want, ts.ReadFile(args[2]))
	}
}

// vetsame PACKAGES... wants go vet and the command to report the same.
func cmdSame(ts *testscript.TestScript, neg bool, args []string) {
	vet := findings(ts, "go", append([]string{"vet", "-json", "-vettool=" + ts.Getenv("TOOL")}, args...)...)
	own := findings(ts, "tenantvet", append([]string{"-json"}, args...)...)
	if vet != own {
		ts.Fatalf("go vet and tenantvet differ\ngo vet:\n%s\ntenantvet:\n%s", vet, own)
	}
	if vet == "" {
		ts.Fatalf("nothing was found, so nothing was compared")
	}
}
