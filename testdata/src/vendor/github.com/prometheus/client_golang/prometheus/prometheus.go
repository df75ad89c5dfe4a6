// Package prometheus is a stub: the names and signatures that the corpus uses.
package prometheus

// Labels are labels by name.
type Labels map[string]string

// Counter counts.
type Counter interface{ Inc() }

// CounterVec counts by label.
type CounterVec struct{ n int }

// WithLabelValues returns the counter with those labels.
func (v *CounterVec) WithLabelValues(lvs ...string) Counter { return nil }

// With returns the counter with those labels.
func (v *CounterVec) With(labels Labels) Counter { return nil }
