package scopelog_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
	"github.com/tenantvet/tenantvet/runtime/scopelog"
)

var errRefused = errors.New("charge card: connection refused")

// logNothing logs a usual record, in which nothing is secret.
func logNothing(b *testing.B, l *slog.Logger) {
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		l.LogAttrs(ctx, slog.LevelInfo, "invoice charged", slog.String("invoice", "I-2026-42"), slog.Int("cents", 1999),
			slog.Duration("took", time.Second), slog.Any("error", errRefused), slog.Group("card", slog.String("brand", "visa")))
	}
}

func BenchmarkBareJSON(b *testing.B) { logNothing(b, slog.New(slog.NewJSONHandler(io.Discard, nil))) }

func BenchmarkNothingSecretJSON(b *testing.B) {
	logNothing(b, slog.New(newHandler(b, slog.NewJSONHandler(io.Discard, nil), scopelog.Options{})))
}

func BenchmarkBareText(b *testing.B) { logNothing(b, slog.New(slog.NewTextHandler(io.Discard, nil))) }

func BenchmarkNothingSecretText(b *testing.B) {
	logNothing(b, slog.New(newHandler(b, slog.NewTextHandler(io.Discard, nil), scopelog.Options{})))
}

func BenchmarkScope(b *testing.B) {
	l := slog.New(newHandler(b, slog.NewJSONHandler(io.Discard, nil), scopelog.Options{Hasher: newHasher(b)}))
	ctx := scoped(b, "acme", "ann")
	b.ReportAllocs()
	for b.Loop() {
		l.LogAttrs(ctx, slog.LevelInfo, "invoice charged", slog.String("invoice", "I-2026-42"), slog.Int("cents", 1999),
			slog.Duration("took", time.Second), slog.Any("error", errRefused), slog.Group("card", slog.String("brand", "visa")))
	}
}

func BenchmarkSecrets(b *testing.B) {
	l := slog.New(newHandler(b, slog.NewJSONHandler(io.Discard, nil), scopelog.Options{}))
	h := http.Header{"Authorization": {bearer}, "Accept": {"a"}}
	b.ReportAllocs()
	for b.Loop() {
		l.LogAttrs(b.Context(), slog.LevelInfo, "signed in", slog.String("token", planted), slog.Any("header", h), slog.Any("error", errors.New("got "+bearer)))
	}
}

func BenchmarkStruct(b *testing.B) {
	v := invoice{Number: "I-7", Lines: []string{"a", "b"}, CreatedAt: start, Extra: map[string]any{"a": 1}}
	for name, h := range map[string]slog.Handler{"bare": slog.NewJSONHandler(io.Discard, nil), "redacting": newHandler(b, slog.NewJSONHandler(io.Discard, nil), scopelog.Options{})} {
		b.Run(name, func(b *testing.B) {
			l := slog.New(h)
			b.ReportAllocs()
			for b.Loop() {
				l.LogAttrs(b.Context(), slog.LevelInfo, "invoice", slog.Any("invoice", &v))
			}
		})
	}
}

// TestAllocs is a gate: a record with nothing to take out allocates nothing more
// than without the handler, but for the error of FromContext where there is no
// scope.
func TestAllocs(t *testing.T) {
	if raceEnabled {
		t.Skip("allocations cannot be counted with the race detector")
	}
	ctx := t.Context()
	measure := func(h slog.Handler) float64 {
		l := slog.New(h)
		return testing.AllocsPerRun(200, func() {
			l.LogAttrs(ctx, slog.LevelInfo, "invoice charged", slog.String("invoice", "I-2026-42"), slog.Int("cents", 1999),
				slog.Duration("took", time.Second), slog.Any("error", errRefused), slog.Group("card", slog.String("brand", "visa")))
		})
	}
	bare := measure(slog.NewJSONHandler(io.Discard, nil))
	miss := testing.AllocsPerRun(200, func() { _, _ = tenant.FromContext(ctx) })
	if got := measure(newHandler(t, slog.NewJSONHandler(io.Discard, nil), scopelog.Options{})); got > bare+miss {
		t.Errorf("%v allocations, %v without the handler and %v for the missing scope", got, bare, miss)
	}
}
