package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenantvet/tenantvet/internal/command"
)

// What the README shows as tenantvet's output on examples/leaky is its output.
func TestReadme(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd := command.Cmd{
		Suite: suite(), Args: []string{"-C", "examples/leaky", "./..."}, Dir: root,
		Stdout: &stdout, Stderr: &stderr,
		Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=", "TENANTVET_CACHE=off", "TENANTVET_POLICY="),
	}
	if code := cmd.Run(t.Context()); code != command.ExitFindings {
		t.Fatalf("exit code %d\n%s", code, &stderr)
	}
	shown := 0
	for i, block := range strings.Split(string(readme), "```") {
		if text, ok := strings.CutPrefix(block, "\n"); ok && i%2 == 1 {
			shown++
			if !strings.Contains(stdout.String(), text) {
				t.Errorf("README.md shows\n%s\nbut tenantvet -C examples/leaky ./... prints\n%s", text, &stdout)
			}
		}
	}
	if shown == 0 {
		t.Error("README.md shows no output")
	}
}
