package service

import (
	"context"
	"fmt"
	"strings"

	"corpus/legacy/auth"

	"github.com/redis/go-redis/v9"
)

// Suppliers serves suppliers.
type Suppliers struct{ rdb *redis.Client }

// generateKey is how the whole service makes its keys.
func generateKey(ctx context.Context, prefix string, params ...any) string {
	parts := []string{prefix, auth.TenantID(ctx), auth.EnvironmentID(ctx)}
	for _, p := range params {
		parts = append(parts, fmt.Sprint(p))
	}
	return strings.Join(parts, ":")
}

// Name has its key from the service's one function for keys.
//
// case: service/generated-key clean
func (s *Suppliers) Name(ctx context.Context, id string) (string, error) {
	return s.rdb.Get(ctx, generateKey(ctx, "supplier", id)).Result()
}

// Drop names both dimensions.
//
// case: service/both clean
func (s *Suppliers) Drop(ctx context.Context, id string) error {
	key := fmt.Sprintf("supplier:%s:%s:%s", auth.TenantID(ctx), auth.EnvironmentID(ctx), id)
	return s.rdb.Del(ctx, key).Err()
}
