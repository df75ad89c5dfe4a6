package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/internal/command"
)

// A transcript is a call of the command in a script, with its exit code.
type transcript struct {
	code string
	sub  string // the subcommand, "" for a check
	args []string
}

func transcripts(t *testing.T) []transcript {
	t.Helper()
	var out []transcript
	for _, dir := range []string{"testdata/script", "../../internal/command/testdata/script"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no scripts in %s: %v", dir, err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`(?m)^code (\d) tenantvet(?: (.*))?$`).FindAllStringSubmatch(string(data), -1) {
				one := transcript{code: m[1], args: strings.Fields(m[2])}
				// "tenantvet fmt" names a package.
				if len(one.args) > 0 && regexp.MustCompile(`^[a-z]+$`).MatchString(one.args[0]) && one.args[0] != "fmt" {
					one.sub = one.args[0]
				}
				out = append(out, one)
			}
		}
	}
	return out
}

// help returns what "tenantvet help" prints.
func help(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	cmd := command.Cmd{Suite: suite(), Args: []string{"help"}, Stdout: &out, Stderr: &out, Dir: t.TempDir()}
	if code := cmd.Run(t.Context()); code != command.ExitClean {
		t.Fatalf("help ends with %d:\n%s", code, &out)
	}
	return out.String()
}

// Every flag that help speaks of is used in a script, with each of the values that
// it lists.
func TestEveryFlagHasATranscript(t *testing.T) {
	all, text := transcripts(t), help(t)
	want := func(sub, flag string) {
		if !slices.ContainsFunc(all, func(tr transcript) bool {
			return tr.sub == sub && strings.Contains(" "+strings.Join(tr.args, " ")+" ", " "+flag+" ")
		}) {
			t.Errorf("no script calls tenantvet %s with %s", sub, flag)
		}
	}
	flags := regexp.MustCompile(`(?m)^\t-([a-z-]+)(=false)?(?: |$)`).FindAllStringSubmatch(text, -1)
	if len(flags) < 20 {
		t.Fatalf("help has %d flags: what does it look like now?", len(flags))
	}
	for _, m := range flags {
		want("", "-"+m[1]+m[2])
		if m[2] != "" {
			want("", "-"+m[1])
		}
	}
	for _, format := range []string{"text", "json", "sarif", "github", "html"} {
		if !strings.Contains(text, format) {
			t.Errorf("help knows no format %s", format)
		}
		want("", "-format "+format)
	}
	_, usage, _ := strings.Cut(text, "Usage:")
	usage, _, _ = strings.Cut(usage, "Flags:")
	commands := strings.Split(usage, "\n\ttenantvet ")[1:]
	if len(commands) < 8 {
		t.Fatalf("help has %d commands: what does it look like now?", len(commands))
	}
	for _, c := range commands {
		c, _, _ = strings.Cut(c, "\n\t    ") // what it does
		sub, rest, _ := strings.Cut(c, " ")
		if !strings.HasPrefix(sub, "[") {
			for _, m := range regexp.MustCompile(`[\[ ](-[A-Za-z]+)`).FindAllStringSubmatch(rest, -1) {
				want(sub, m[1])
			}
			if _, values, ok := strings.Cut(rest, "-format "); ok {
				values, _, _ = strings.Cut(values, "]")
				for value := range strings.SplitSeq(values, "|") {
					want(sub, "-format "+value)
				}
			}
		}
	}
}

// The table of exit codes in docs/command.md is that of the scripts: each code that
// it has is seen, and no other.
func TestEveryExitCodeHasATranscript(t *testing.T) {
	all := transcripts(t)
	rows := regexp.MustCompile("(?m)^\\| `tenantvet ([^`]*)` \\|(.*)\\|$").FindAllStringSubmatch(page(t, "docs/command.md"), -1)
	documented := map[string]bool{}
	for _, m := range rows {
		sub := m[1]
		if strings.HasPrefix(sub, "[") {
			sub = ""
		}
		for code, meaning := range strings.Split(m[2], "|") {
			documented[sub] = true
			seen := slices.ContainsFunc(all, func(tr transcript) bool { return tr.sub == sub && tr.code == string(rune('0'+code)) })
			if has := strings.TrimSpace(meaning) != ""; has != seen {
				t.Errorf("exit code %d of tenantvet %s: documented: %v, in a script: %v", code, sub, has, seen)
			}
		}
	}
	for _, tr := range all {
		if !documented[tr.sub] {
			t.Errorf("docs/command.md has no row for tenantvet %s", tr.sub)
		}
	}
}
