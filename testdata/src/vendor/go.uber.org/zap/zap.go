// Package zap is a stub: the names and signatures that the corpus uses.
package zap

// Field is a field of a log line.
type Field struct{ s string }

// String returns a field.
func String(key string, val string) Field { return Field{val} }

// Any returns a field.
func Any(key string, value any) Field { return Field{} }

// Int returns a field.
func Int(key string, val int) Field { return Field{} }

// Logger logs fields.
type Logger struct{ n int }

// Info logs.
func (log *Logger) Info(msg string, fields ...Field) {}

// With adds fields.
func (log *Logger) With(fields ...Field) *Logger { return log }

// SugaredLogger logs what it is handed.
type SugaredLogger struct{ n int }

// Infof logs a text.
func (s *SugaredLogger) Infof(template string, args ...any) {}

// Infow logs keys and values.
func (s *SugaredLogger) Infow(msg string, keysAndValues ...any) {}
