// Package env reads what the process is told.
package env

import "os"

// Env is what the process is told.
type Env struct{ LinkSecret string }

// Read reads it.
func Read() Env { return Env{LinkSecret: os.Getenv("LINK_SECRET")} }
