package libs

import (
	"context"
	"net/http"

	"github.com/golang-jwt/jwt/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/sirupsen/logrus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"
	"golang.org/x/oauth2"

	"corpus/legacy/auth"
	"corpus/tokenlog/say"
)

// ZapDigest logs a digest.
//
// case: tokenlog/zap-digest clean
func (l *Libs) ZapDigest(r *http.Request) {
	l.zap.Info("call", zap.String("auth", say.Fingerprint(say.Bearer(r))))
}

// ZapLength adds a length.
//
// case: tokenlog/zap-length clean
func (l *Libs) ZapLength(r *http.Request) *zap.Logger {
	return l.zap.With(zap.Int("headers", len(r.Header)))
}

// SugarMasked logs some characters.
//
// case: tokenlog/zap-masked clean
func (l *Libs) SugarMasked(r *http.Request) {
	l.sugar.Infof("token %s", say.Mask(say.Bearer(r)))
}

// ZeroLength logs a length.
//
// case: tokenlog/zerolog-length clean
func (l *Libs) ZeroLength(r *http.Request) {
	l.zero.Info().Int("auth", len(say.Bearer(r))).Msg("call")
}

// LogrusHidden logs a type that does not print.
//
// case: tokenlog/logrus-hidden clean
func (l *Libs) LogrusHidden(r *http.Request) {
	logrus.WithField("auth", say.Token(say.Bearer(r))).Info("call")
}

// FieldsOther logs other fields.
//
// case: tokenlog/logrus-other clean
func (l *Libs) FieldsOther(r *http.Request) {
	logrus.WithFields(logrus.Fields{"path": r.URL.Path}).Info("call")
}

// HouseOther logs something else.
//
// case: tokenlog/declared-output-other clean
func (l *Libs) HouseOther(r *http.Request) { l.say.Infow("call", "path", r.URL.Path) }

// SpanLength makes an attribute of a length.
//
// case: tokenlog/span-length clean
func (l *Libs) SpanLength(span trace.Span, r *http.Request) {
	span.SetAttributes(attribute.Int("auth", len(say.Bearer(r))))
}

// SpanTenant makes an attribute of the tenant, by which traces are found.
//
// case: tokenlog/span-tenant clean
func (l *Libs) SpanTenant(ctx context.Context, span trace.Span) {
	span.SetAttributes(attribute.String("tenant", auth.TenantID(ctx)))
}

// Method counts by method.
//
// case: tokenlog/label-method clean
func (l *Libs) Method(r *http.Request) { l.seen.WithLabelValues("invoice", r.Method).Inc() }

// MethodNamed counts by method, by name.
//
// case: tokenlog/label-method-named clean
func (l *Libs) MethodNamed(r *http.Request) {
	l.seen.With(prometheus.Labels{"method": r.Method}).Inc()
}

// SignedLength logs how long a token is that it has just signed.
//
// case: tokenlog/jwt-signed-length clean
func (l *Libs) SignedLength(key any, claims jwt.Claims) (string, error) {
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(key)
	l.zap.Info("signed", zap.Int("bytes", len(token)))
	return token, err
}

// Valid logs what came of a token.
//
// case: tokenlog/jwt-valid clean
func (l *Libs) Valid(t *jwt.Token) { l.zap.Info("verified", zap.Any("valid", t.Valid)) }

// Expires logs how long a token is good for.
//
// case: tokenlog/oauth-type clean
func (l *Libs) Expires(t *oauth2.Token) {
	l.sugar.Infow("refreshed", "type", t.TokenType, "until", t.Expiry)
}

// Scopes logs what else came with it.
//
// case: tokenlog/oauth-extra-other clean
func (l *Libs) Scopes(t *oauth2.Token) {
	l.sugar.Infow("signed in", "scope", t.Extra("scope"))
}
