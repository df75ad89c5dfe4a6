package scopelog_test

import "log/slog"

type group struct{ a, b string }

func (g group) LogValue() slog.Value {
	return slog.GroupValue(slog.String("a", g.a), slog.String("b", g.b))
}
