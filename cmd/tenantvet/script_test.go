package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/tenantvet/tenantvet/internal/scripttest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tenantvet": main, "cacheprogram": cacheProgram})
}

// The scripts are about what the suite adds to the command: its rules, its
// policy. The command itself has scripts of its own.
func TestScript(t *testing.T) { scripttest.Run(t) }
