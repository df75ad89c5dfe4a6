// Package guarded holds nothing but the test of the two services below it.
package guarded

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// maxAdded is how many lines it may take to protect a service.
const maxAdded = 25

// TestAddedLines counts the lines of after that are not in before, blank ones
// and changed ones included.
func TestAddedLines(t *testing.T) {
	before, after := lines(t, "before"), lines(t, "after")
	added := len(after) - common(before, after)
	t.Logf("%d lines are added", added)
	if added > maxAdded {
		t.Errorf("%d lines are added, want at most %d", added, maxAdded)
	}
	if added == 0 {
		t.Error("nothing is added")
	}
}

func lines(t *testing.T, dir string) []string {
	text, err := os.ReadFile(filepath.Join(dir, "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
}

// common returns the length of the longest common subsequence.
func common(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			up := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(up, row[j])
			}
			diagonal = up
		}
	}
	return row[len(b)]
}

var secret = []byte("0123456789abcdef0123456789abcdef")

// start runs the service in that folder and returns its address.
func start(t *testing.T, dir string) string {
	binary := filepath.Join(t.TempDir(), dir+".exe")
	if out, err := exec.Command("go", "build", "-o", binary, "./"+dir).CombinedOutput(); err != nil {
		t.Fatalf("go build ./%s: %v\n%s", dir, err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	cfg, err := json.Marshal(map[string]any{
		"Addr": addr, "Env": "prod", "TokenSecret": secret, "KeySecret": secret,
		"Roles": map[string]map[string]string{"ann": {"acme": "admin"}, "bob": {"umbrella": "member"}, "sue": {"acme": "member", "umbrella": "member"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary)
	cmd.Stdin = bytes.NewReader(cfg)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for range 100 {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			return addr
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the service does not listen")
	return ""
}

// call sends a request as that user, for that tenant unless it is empty.
func call(t *testing.T, addr, method, user, tenant, body string) string {
	t.Helper()
	r, err := http.NewRequest(method, "http://"+addr+"/notes", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if user != "" {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(user))
		r.Header.Set("Authorization", "Bearer "+user+"."+hex.EncodeToString(mac.Sum(nil)))
	}
	if tenant != "" {
		r.Header.Set("X-Tenant", tenant)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode >= 400 {
		return fmt.Sprint(resp.StatusCode)
	}
	return strings.TrimSpace(fmt.Sprint(resp.StatusCode, " ", string(text)))
}

// TestServices sends both the same requests. What before answers shows that it
// leaks, so that what after answers means something.
func TestServices(t *testing.T) {
	before, after := start(t, "before"), start(t, "after")
	for _, step := range []struct {
		method, user, tenant string
		before, after        string
	}{
		{"POST", "ann", "acme", "200", "200"},
		{"GET", "ann", "acme", `200 ["ann: hello"]`, `200 ["ann: hello"]`},
		{"GET", "sue", "acme", `200 ["ann: hello"]`, `200 ["ann: hello"]`},
		{"GET", "ann", "", "400", `200 ["ann: hello"]`}, // there is but one
		{"GET", "sue", "", "400", "409"},                // there are two
		{"GET", "", "acme", "401", "401"},
		{"GET", "bob", "acme", `200 ["ann: hello"]`, "403"}, // the leak
		{"POST", "bob", "acme", "200", "403"},
		{"GET", "bob", "nosuchone", "200 null", "403"},
		{"GET", "bob", "umbrella", "200 null", "200 null"},
		{"GET", "mallory", "acme", `200 ["ann: hello","bob: hello"]`, "403"},
		{"DELETE", "sue", "acme", "200", "403"}, // no admin
		{"DELETE", "ann", "acme", "200", "200"},
		{"GET", "ann", "acme", "200 null", "200 null"},
	} {
		name := fmt.Sprintf("%s as %q for %q", step.method, step.user, step.tenant)
		if got := call(t, before, step.method, step.user, step.tenant, "hello"); got != step.before {
			t.Errorf("before: %s: %s, want %s", name, got, step.before)
		}
		if got := call(t, after, step.method, step.user, step.tenant, "hello"); got != step.after {
			t.Errorf("after: %s: %s, want %s", name, got, step.after)
		}
	}
}
