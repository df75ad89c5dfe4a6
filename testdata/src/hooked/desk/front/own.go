package front

import (
	"context"

	"corpus/hooked/desk"
)

// Own hands on the caller's.
//
// case: hooks/context-of-package clean
func Own(ctx context.Context, d *desk.Desk) (int, error) { return d.Count(ctx) }
