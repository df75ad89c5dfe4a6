// Package precommit runs the hooks of .pre-commit-hooks.yaml with the real
// pre-commit, in a scratch repository, from a copy of this one.
package precommit

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A repo is a git repository in a directory.
type repo struct {
	t   *testing.T
	dir string
	env []string
}

// try runs a command and returns what it printed, and whether it succeeded.
func (r *repo) try(name string, args ...string) (string, bool) {
	r.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = r.dir, r.env
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

func (r *repo) run(name string, args ...string) string {
	r.t.Helper()
	out, ok := r.try(name, args...)
	if !ok {
		r.t.Fatalf("%s %s failed:\n%s", name, strings.Join(args, " "), out)
	}
	return out
}

// commit writes files and commits them. want is what the hook must print; if it
// is "" the commit must go through.
func (r *repo) commit(subject, want string, files map[string]string) {
	r.t.Helper()
	for name, text := range files {
		path := filepath.Join(r.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			r.t.Fatal(err)
		}
	}
	r.run("git", "add", ".")
	out, ok := r.try("git", "commit", "-q", "-m", subject)
	if ok != (want == "") || !strings.Contains(out, want) {
		r.t.Errorf("%s: committed: %t; want %q\n%s", subject, ok, want, out)
	}
}

// undo takes back what a refused commit was about.
func (r *repo) undo() { r.t.Helper(); r.run("git", "reset", "-q", "--hard", "HEAD") }

// copied returns a repository with the files of this one as they are now, and
// the tag v0.
func copied(t *testing.T, env []string) *repo {
	t.Helper()
	here := &repo{t: t, dir: filepath.Join("..", ".."), env: env}
	there := &repo{t: t, dir: t.TempDir(), env: env}
	for name := range strings.SplitSeq(here.run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"), "\x00") {
		data, err := os.ReadFile(filepath.Join(here.dir, name))
		if name == "" || err != nil {
			continue // deleted
		}
		to := filepath.Join(there.dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	there.run("git", "init", "-q")
	there.run("git", "add", "--force", ".")
	there.run("git", "commit", "-q", "-m", "copy")
	there.run("git", "tag", "v0")
	return there
}

const policy = `[[source]]
func = "./auth.Tenant"
result = "result0"
dimension = "tenant"

[[sink]]
func = "./store.Get"
key = "arg0"
kind = "cache"
`

const prices = `package prices

import (
	"net/http"

	"example.com/shop/auth"
	"example.com/shop/store"
)

func Price(w http.ResponseWriter, r *http.Request) {
	_ = store.Get(auth.Key(r.Context(), r.PathValue("id")))
}
`

const leak = `package prices

import (
	"net/http"

	"example.com/shop/store"
)

func Leak(w http.ResponseWriter, r *http.Request) { _ = store.Get("x:" + r.PathValue("id")) }
`

// auth is a package whose function Key makes keys of the given expression.
func auth(key string) string {
	return `package auth

import "context"

type tenantKey struct{}

func Tenant(ctx context.Context) string { return ctx.Value(tenantKey{}).(string) }

func Key(ctx context.Context, id string) string { return ` + key + ` + "/" + id }
`
}

func config(tool *repo, id string, args ...string) string {
	s := "repos:\n  - repo: " + tool.dir + "\n    rev: v0\n    hooks:\n      - id: " + id + "\n"
	if len(args) > 0 {
		s += "        args: [" + strings.Join(args, ", ") + "]\n"
	}
	return s
}

// TestHooks: a clean commit goes through, one with a leak is refused, and so are
// ones that make a leak of what was none: by the policy, or in a package that the
// leak is not in.
func TestHooks(t *testing.T) {
	for _, name := range []string{"git", "pre-commit"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed (Debian package %[1]s)", name)
		}
	}
	home := t.TempDir()
	modcache, err := exec.Command("go", "env", "GOMODCACHE", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	dirs := strings.Fields(string(modcache))
	env := append(os.Environ(), "HOME="+home, "GOMODCACHE="+dirs[0], "GOCACHE="+dirs[1], "GOWORK=off", "TENANTVET_POLICY=", "TENANTVET_CACHE=",
		"GIT_AUTHOR_NAME=t", "GIT_AUTHOR_EMAIL=t@example.com", "GIT_COMMITTER_NAME=t", "GIT_COMMITTER_EMAIL=t@example.com")
	tool := copied(t, env)
	r := &repo{t: t, dir: t.TempDir(), env: env}
	r.run("git", "init", "-q")
	r.commit("a service", "", map[string]string{
		"go.mod": "module example.com/shop\n\ngo 1.26.0\n", ".tenantvet.toml": policy,
		"store/store.go": "package store\n\nfunc Get(key string) string { return key }\n",
		"auth/auth.go":   auth("Tenant(ctx)"), "prices/prices.go": prices,
		".pre-commit-config.yaml": config(tool, "tenantvet"),
	})
	r.run("pre-commit", "install")

	r.commit("clean", "", map[string]string{"prices/prices.go": prices + "\n// All of them.\n"})
	r.commit("no Go", "", map[string]string{"README.md": "# shop\n"})
	const found = "cache key has no tenant: it is made of Request.PathValue(\"id\")"
	r.commit("a leak", found, map[string]string{"prices/leak.go": leak})
	r.undo()
	r.commit("a leak, from afar", "prices/prices.go:11:", map[string]string{"auth/auth.go": auth(`"all"`)})
	r.undo()
	r.commit("a policy that does not fit", ".tenantvet.toml:2:", map[string]string{".tenantvet.toml": strings.Replace(policy, "auth.Tenant", "auth.Owner", 1)})
	r.undo()
	r.commit("a broken package", "undefined: nothing", map[string]string{"prices/broken.go": "package prices\n\nvar x nothing\n"})
	r.undo()

	// Old code with a leak takes the hook up with a baseline, or with what is new.
	r.run("git", "config", "core.hooksPath", "none")
	r.commit("an old leak", "", map[string]string{"prices/leak.go": leak})
	r.run("git", "config", "--unset", "core.hooksPath")
	r.commit("the old leak counts", found, map[string]string{"prices/prices.go": prices})
	r.undo()
	r.commit("only what is new", "", map[string]string{".pre-commit-config.yaml": config(tool, "tenantvet", "-new-from", "HEAD"), "prices/prices.go": prices})
	r.commit("what is new", "prices/new.go:9:", map[string]string{"prices/new.go": strings.NewReplacer("Leak", "New", "x:", "y:").Replace(leak)})
	r.undo()

	// All packages, and the tool as installed.
	r.commit("all packages", found, map[string]string{".pre-commit-config.yaml": config(tool, "tenantvet-all"), "store/store.go": "package store\n\n// Get gets.\nfunc Get(key string) string { return key }\n"})
	r.undo()
	bin := t.TempDir()
	tool.run("go", "build", "-o", filepath.Join(bin, "tenantvet"), "./cmd/tenantvet")
	r.env = append(env, "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	r.commit("the tool as installed", found, map[string]string{".pre-commit-config.yaml": config(tool, "tenantvet-system"), "prices/prices.go": prices + "\n// Again.\n"})
}
