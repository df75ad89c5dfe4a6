// Toyvet is tenantvet with the suite that the drivers are tested with: for
// measuring the drivers alone.
package main

import (
	"os"

	"github.com/tenantvet/tenantvet/internal/command"
	"github.com/tenantvet/tenantvet/internal/driver/drivertest"
)

func main() { os.Exit(command.Main(drivertest.Suite())) }
