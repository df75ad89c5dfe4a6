// Before is a small service that keeps notes for many tenants. Callers have to be
// signed in, and then are believed which tenant they belong to.
package main
