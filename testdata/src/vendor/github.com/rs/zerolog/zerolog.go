// Package zerolog is a stub: the names and signatures that the corpus uses.
package zerolog

// Logger logs events.
type Logger struct{ n int }

// Event is a line of the log.
type Event struct{ n int }

// Info begins a line.
func (l *Logger) Info() *Event { return nil }

// Str adds a field.
func (e *Event) Str(key, val string) *Event { return e }

// Int adds a field.
func (e *Event) Int(key string, i int) *Event { return e }

// Msg ends the line.
func (e *Event) Msg(msg string) {}
