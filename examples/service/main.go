// Service bills for many tenants: see README.md. This file starts it, routes.go
// says who may ask it what, and jobs.go what it does besides.
package main

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
	"github.com/tenantvet/tenantvet/runtime/scopelog"

	"github.com/tenantvet/tenantvet/examples/service/internal/account"
	"github.com/tenantvet/tenantvet/examples/service/internal/invoice"
	"github.com/tenantvet/tenantvet/examples/service/internal/project"
	"github.com/tenantvet/tenantvet/examples/service/internal/queue"
	"github.com/tenantvet/tenantvet/examples/service/internal/ratelimit"
	"github.com/tenantvet/tenantvet/examples/service/internal/store"
	"github.com/tenantvet/tenantvet/examples/service/internal/webhook"
)

// config is what a deployment decides. There are no defaults for what tells
// tenants and environments apart.
type config struct {
	Addr     string
	Env      tenant.Env
	Database string // a file
	Redis    string // an address
	Secret   []byte // at least 32 random bytes, the same in all processes
	Limit    int64  // requests a minute and user
}

// fromEnvironment reads the config. What is missing or wrong is an error.
func fromEnvironment() (config, error) {
	cfg := config{Addr: os.Getenv("ADDR"), Database: os.Getenv("DATABASE"), Redis: os.Getenv("REDIS_ADDR"), Limit: 600}
	for name, value := range map[string]string{"ADDR": cfg.Addr, "DATABASE": cfg.Database, "REDIS_ADDR": cfg.Redis} {
		if value == "" {
			return config{}, fmt.Errorf("%s is not set", name)
		}
	}
	var err error
	if cfg.Env, err = tenant.ParseEnv(os.Getenv("APP_ENV")); err != nil {
		return config{}, fmt.Errorf("APP_ENV: %w", err)
	}
	if cfg.Secret, err = hex.DecodeString(os.Getenv("SECRET")); err != nil || len(cfg.Secret) < tenant.MinSecretBytes {
		return config{}, fmt.Errorf("SECRET has to be at least %d random bytes in hex", tenant.MinSecretBytes)
	}
	return cfg, nil
}

// service is all that runs in one process.
type service struct {
	config
	db       *sql.DB
	boundary *tenant.Boundary
	accounts *account.Accounts
	members  *account.Members
	projects project.Handler
	invoices invoice.Handler
	hooks    *webhook.Hooks
	queue    *queue.Queue
	limiter  *ratelimit.Limiter
	logger   *slog.Logger
	logging  func(http.Handler) http.Handler
}

// newService puts the parts together. The authority is the accounts in the
// database unless a test has another one.
func newService(cfg config, db *sql.DB, rdb *redis.Client, accounts *account.Accounts, authority tenant.Authority, out slog.Handler) (*service, error) {
	boundary, err := account.NewBoundary(cfg.Env, cfg.Secret, accounts, authority)
	if err != nil {
		return nil, err
	}
	q, err := queue.New(rdb, cfg.Env, cfg.Secret)
	if err != nil {
		return nil, err
	}
	handler, err := scopelog.NewHandler(out, scopelog.Options{Hasher: boundary.Hasher()})
	if err != nil {
		return nil, err
	}
	logging, err := scopelog.NewMiddleware(handler, scopelog.MiddlewareOptions{Route: pattern})
	if err != nil {
		return nil, err
	}
	return &service{
		config:   cfg,
		db:       db,
		boundary: boundary,
		accounts: accounts,
		members:  account.NewMembers(db),
		projects: project.Handler{Projects: project.NewStore(db), Settings: project.NewSettings(db, rdb, time.Minute)},
		invoices: invoice.Handler{Invoices: invoice.NewStore(db), Queue: q},
		hooks:    webhook.New(db, webhook.Post),
		queue:    q,
		limiter:  ratelimit.New(rdb, cfg.Limit, time.Now),
		logger:   slog.New(handler),
		logging:  logging,
	}, nil
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	cfg, err := fromEnvironment()
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rdb := redis.NewClient(&redis.Options{Addr: cfg.Redis})
	defer func() { err = errors.Join(err, rdb.Close()) }()
	accounts := account.New(db)
	s, err := newService(cfg, db, rdb, accounts, accounts, slog.NewJSONHandler(os.Stdout, nil))
	if err != nil {
		return err
	}
	slog.SetDefault(s.logger)
	server := &http.Server{
		Addr:              cfg.Addr,
		Handler:           s.routes(),
		ReadHeaderTimeout: 5 * time.Second,
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelError),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	go s.work(ctx)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return server.Shutdown(ctx)
}
