// Package libs logs, traces and counts with other libraries.
package libs

import (
	"context"
	"net/http"

	"github.com/golang-jwt/jwt/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"
	"golang.org/x/oauth2"

	"corpus/legacy/auth"
	"corpus/tokenlog/say"
)

// Libs is what a service tells of itself.
type Libs struct {
	zap   *zap.Logger
	sugar *zap.SugaredLogger
	zero  *zerolog.Logger
	say   say.Logger
	seen  *prometheus.CounterVec
}

// Zap logs a field.
//
// case: tokenlog/zap
func (l *Libs) Zap(r *http.Request) {
	l.zap.Info("call", zap.String("auth", say.Bearer(r))) // want `Header.Get\("Authorization"\) gets into the log by Logger.Info`
}

// With adds a field.
//
// case: tokenlog/zap-with
func (l *Libs) With(r *http.Request) *zap.Logger {
	return l.zap.With(zap.Any("header", r.Header)) // want `r.Header gets into the log by Logger.With: its credentials are in it`
}

// Sugar logs a text.
//
// case: tokenlog/zap-sugar
func (l *Libs) Sugar(r *http.Request) {
	l.sugar.Infof("token %s", say.Bearer(r)) // want `Header.Get\("Authorization"\) gets into the log by SugaredLogger.Infof`
}

// Zero logs a field.
//
// case: tokenlog/zerolog
func (l *Libs) Zero(r *http.Request) {
	l.zero.Info().Str("auth", say.Bearer(r)).Msg("call") // want `Header.Get\("Authorization"\) gets into the log by Event.Str`
}

// Logrus logs a field.
//
// case: tokenlog/logrus
func (l *Libs) Logrus(r *http.Request) {
	logrus.WithField("auth", say.Bearer(r)).Info("call") // want `Header.Get\("Authorization"\) gets into the log by logrus.WithField`
}

// Fields logs several.
//
// case: tokenlog/logrus-fields
func (l *Libs) Fields(r *http.Request) {
	logrus.WithFields(logrus.Fields{"path": r.URL.Path, "auth": say.Bearer(r)}).Info("call") // want `Header.Get\("Authorization"\) gets into the log by logrus.WithFields`
}

// House logs with what the policy names.
//
// case: tokenlog/declared-output
func (l *Libs) House(r *http.Request) {
	l.say.Infow("call", "auth", say.Bearer(r)) // want `Header.Get\("Authorization"\) gets into the log by Logger.Infow`
}

// Span makes an attribute.
//
// case: tokenlog/span
func (l *Libs) Span(span trace.Span, r *http.Request) {
	span.SetAttributes(attribute.String("auth", say.Bearer(r))) // want `Header.Get\("Authorization"\) gets into the trace by Span.SetAttributes`
}

// Label makes a label.
//
// case: tokenlog/metric
func (l *Libs) Label(r *http.Request) {
	l.seen.WithLabelValues(r.Header.Get("X-Api-Key")).Inc() // want `Header.Get\("X-Api-Key"\) gets into a label of the metric by CounterVec.WithLabelValues`
}

// Tenant counts by tenant.
//
// case: tokenlog/label
func (l *Libs) Tenant(ctx context.Context) {
	l.seen.WithLabelValues("invoice", auth.TenantID(ctx)).Inc() // want `the tenant is a label in CounterVec.WithLabelValues: each makes a series of its own`
}

// Named counts by tenant, by name.
//
// case: tokenlog/label-named
func (l *Libs) Named(ctx context.Context) {
	l.seen.With(prometheus.Labels{"org": auth.TenantID(ctx)}).Inc() // want `the tenant is a label in CounterVec.With`
}

// Signed logs a token that it has just signed.
//
// case: tokenlog/jwt-signed
func (l *Libs) Signed(key any, claims jwt.Claims) (string, error) {
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(key)
	l.zap.Info("signed", zap.String("token", token)) // want `Token.SignedString gets into the log by Logger.Info`
	return token, err
}

// Raw logs a token as it came.
//
// case: tokenlog/jwt-raw
func (l *Libs) Raw(t *jwt.Token) {
	l.zap.Info("verified", zap.String("token", t.Raw)) // want `t.Raw gets into the log by Logger.Info`
}

// Refreshed logs what another service let us have.
//
// case: tokenlog/oauth-token
func (l *Libs) Refreshed(t *oauth2.Token) {
	l.sugar.Infow("refreshed", "token", t.AccessToken) // want `t.AccessToken gets into the log by SugaredLogger.Infow`
}

// Identified logs the token that came with it.
//
// case: tokenlog/oauth-extra
func (l *Libs) Identified(t *oauth2.Token) {
	l.sugar.Infow("signed in", "token", t.Extra("id_token")) // want `Token.Extra gets into the log by SugaredLogger.Infow`
}
