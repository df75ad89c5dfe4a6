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

// Load reads the environment.
//
// case: rawenv/config-boundary clean
func Load() (stage.Stage, error) {
	if os.Getenv("X-Environment") == "test" {
		return stage.Sandbox, nil
	}
	return stage.Parse(Current())
}
