package command_test

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/tenantvet/tenantvet/internal/command"
	"github.com/tenantvet/tenantvet/internal/driver/drivertest"
	"github.com/tenantvet/tenantvet/internal/scripttest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"tenantvet": func() { os.Exit(command.Main(drivertest.Suite())) },
	})
}

// The scripts are about the command and the vet tool, whatever the suite: they
// run on a toy one.
func TestScript(t *testing.T) { scripttest.Run(t) }
