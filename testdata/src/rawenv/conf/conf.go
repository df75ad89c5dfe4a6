// Package conf is the configuration of a process.
package conf

import (
	"os"

	"corpus/rawenv/stage"
)

// Config is what the process was started with.
type Config struct {
	Mode  string
	Stage stage.Stage
	Name  string
}

// Current returns the environment that the process runs in.
func Current() string { return os.Getenv("CORPUS_STAGE") }

// Valid says whether the configuration will do.
//
// case: rawenv/config-package clean
func (c *Config) Valid() bool { return c.Mode == "live" || c.Mode == "test" }

// Sandboxed asks where it reads.
//
// case: rawenv/config-package-function clean
func Sandboxed() bool { return Current() == "sandbox" }

// Load reads the environment.
//
// case: rawenv/config-boundary clean
func Load() (stage.Stage, error) {
	if os.Getenv("X-Environment") == "test" {
		return stage.Sandbox, nil
	}
	return stage.Parse(Current())
}
