package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/internal/command"
	"github.com/tenantvet/tenantvet/internal/vettool"
)

// A transcript is a call in a script, with its exit code.
type transcript struct {
	code string
	vet  bool   // of go vet with the tool, else of the command
	sub  string // the subcommand, "" for a check
	args []string
}

// has reports whether the call has an argument, or several in a row.
func (tr *transcript) has(args string) bool {
	return strings.Contains(" "+strings.Join(tr.args, " ")+" ", " "+args+" ")
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
			for _, m := range regexp.MustCompile(`(?m)^code (\d) (tenantvet|go vet -vettool=\$TOOL)(?: (.*))?$`).FindAllStringSubmatch(string(data), -1) {
				one := transcript{code: m[1], vet: m[2] != "tenantvet", args: strings.Fields(m[3])}
				// "tenantvet fmt" names a package.
				if !one.vet && len(one.args) > 0 && regexp.MustCompile(`^[a-z]+$`).MatchString(one.args[0]) && one.args[0] != "fmt" {
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

// flags returns the flags of the command and of its subcommands, as its source makes
// them: by subcommand, "" for a check.
func flags(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("../../internal/command/*.go")
	if err != nil {
		t.Fatal(err)
	}
	made := regexp.MustCompile(`flag\.NewFlagSet\("tenantvet ?(\w*)"|\b(?:fs|set)\.[A-Z]\w*\((?:&[\w.]+, )?"([\w-]+)"`)
	out := map[string][]string{}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sub := ""
		for _, m := range made.FindAllStringSubmatch(string(data), -1) {
			if m[2] == "" {
				sub = m[1]
			} else {
				out[sub] = append(out[sub], m[2])
			}
		}
	}
	for _, a := range suite().Analyzers {
		out[""] = append(out[""], a.Name, a.Name+"=false")
	}
	if len(out[""]) < 35 || len(out) < 6 {
		t.Fatalf("the source makes the flags %v: what does it look like now?", out)
	}
	return out
}

// usage returns what help says of a subcommand, or of the flags of a check for "".
func usage(t *testing.T, text, sub string) string {
	t.Helper()
	commands, flags, ok := strings.Cut(text, "\nFlags:\n")
	if !ok {
		t.Fatalf("what does help look like now?\n%s", text)
	}
	if sub == "" {
		return flags
	}
	_, rest, _ := strings.Cut(commands, "\n\ttenantvet "+sub+" ")
	rest, _, _ = strings.Cut(rest, "\n\t    ") // what it does
	return rest
}

// Every flag is in the help text, but for those for work on tenantvet itself, and is
// used in a script.
func TestEveryFlagHasATranscript(t *testing.T) {
	all, text := transcripts(t), help(t)
	for sub, names := range flags(t) {
		for _, name := range names {
			if !slices.ContainsFunc(all, func(tr transcript) bool { return !tr.vet && tr.sub == sub && tr.has("-"+name) }) {
				t.Errorf("no script calls tenantvet %s with -%s", sub, name)
			}
			name, _, _ = strings.Cut(name, "=")
			hidden := slices.Contains([]string{"cpuprofile", "memprofile", "stats"}, name)
			if told := regexp.MustCompile(`[\t\[ ]-` + name + `[\] =\n]`).MatchString(usage(t, text, sub)); told == hidden {
				t.Errorf("flag -%s of tenantvet %s: in the help text: %v", name, sub, told)
			}
		}
	}
}

// So is every flag that the vet tool takes, in a call of go vet. -fix is the go
// command's own.
func TestEveryVetFlagHasATranscript(t *testing.T) {
	all := transcripts(t)
	var out bytes.Buffer
	tool := vettool.Cmd{Suite: suite(), Args: []string{"-flags"}, Dir: t.TempDir(), Stdout: &out, Stderr: &out}
	var list []struct {
		Name string
		Bool bool
	}
	if code := tool.Run(); code != 0 || json.Unmarshal(out.Bytes(), &list) != nil || len(list) < 15 {
		t.Fatalf("-flags ends with %d:\n%s", code, &out)
	}
	want := []string{"-fix"}
	for _, f := range list {
		switch {
		case f.Name == "V" || f.Name == "flags":
			f.Name = map[string]string{"V": "-V=full", "flags": "-flags"}[f.Name] // the go command's questions
			if !slices.ContainsFunc(all, func(tr transcript) bool { return !tr.vet && tr.code == "0" && tr.has(f.Name) }) {
				t.Errorf("no script calls tenantvet with %s", f.Name)
			}
		case f.Bool:
			want = append(want, "-"+f.Name)
		default:
			want = append(want, "-"+f.Name+"=1")
		}
	}
	for _, a := range suite().Analyzers {
		want = append(want, "-"+a.Name+"=false")
	}
	for _, flag := range want {
		if !slices.ContainsFunc(all, func(tr transcript) bool { return tr.vet && tr.has(flag) }) {
			t.Errorf("no script calls go vet with the tool and %s", flag)
		}
	}
}

// Every format of every command is seen with every exit code that it may have. It is
// text where no other is named.
func TestEveryFormatHasATranscript(t *testing.T) {
	all, text := transcripts(t), help(t)
	want := func(sub, format string, codes string) {
		for _, code := range strings.Split(codes, "") {
			if !slices.ContainsFunc(all, func(tr transcript) bool {
				return !tr.vet && tr.sub == sub && tr.code == code && (tr.has("-format "+format) || format == "text" && !tr.has("-json") && !tr.has("-format"))
			}) {
				t.Errorf("no script calls tenantvet %s with -format %s and has exit code %s", sub, format, code)
			}
		}
	}
	checked := 0
	_, said, _ := strings.Cut(usage(t, text, ""), "-format F")
	said, _, _ = strings.Cut(said, "\n\t-json")
	for _, m := range regexp.MustCompile(`\bas\s+([a-z]+)\b`).FindAllStringSubmatch(said, -1) {
		want("", m[1], "0123")
		checked++
	}
	for _, format := range []string{"text", "github"} {
		want("precommit", format, "0123")
	}
	_, values, _ := strings.Cut(usage(t, text, "routes"), "-format ")
	values, _, _ = strings.Cut(values, "]")
	for format := range strings.SplitSeq(values, "|") {
		want("routes", format, "023") // 1 is for comparisons, which have no format
		checked++
	}
	if checked != 9 {
		t.Errorf("help speaks of %d formats: what does it look like now?", checked)
	}
}

// The table of exit codes in docs/command.md is that of the scripts: each code that
// it has is seen, and no other.
func TestEveryExitCodeHasATranscript(t *testing.T) {
	all := slices.DeleteFunc(transcripts(t), func(tr transcript) bool { return tr.vet })
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
		if tr.code > "3" {
			t.Errorf("a script has tenantvet %s end with %s: docs/command.md has no such exit code", tr.sub, tr.code)
		}
		if !documented[tr.sub] {
			t.Errorf("docs/command.md has no row for tenantvet %s", tr.sub)
		}
	}
}
