package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestTenantvet is what CI runs: tenantvet finds nothing, by itself and under go
// vet, and no route has lost a guard.
func TestTenantvet(t *testing.T) {
	tool, err := exec.CommandContext(t.Context(), "go", "tool", "-n", "tenantvet").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"tool", "tenantvet", "./..."},
		{"tool", "tenantvet", "routes", "-check", "routes.lock", "./..."},
		{"vet", "-vettool=" + strings.TrimSpace(string(tool)), "./..."},
	} {
		if out, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}
