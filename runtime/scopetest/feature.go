package scopetest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// ErrNotFound is what the functions of a [Feature] return for a record that is
// not there, unless [Feature.NotFound] names another error.
var ErrNotFound = errors.New("not found")

// Record is what a list returns of one record. One of the fields may be empty
// in all records if the list does not have it.
type Record struct {
	ID      string
	Payload string
}

// Feature is what [Isolation] looks at: a repository, a cache, a lock, anything
// that keeps records by id, given as a few functions. Most are one line around a
// method.
//
// Each function takes the caller's scope from the context, by way of
// [tenant.FromContext], or hands the context to code that does. Code that takes
// the scope as an argument is given what FromContext returned, whatever its
// error: the invalid scope that comes with an error must be refused by the code
// under test.
//
// Functions are called from several goroutines at once. They return errors
// instead of failing a test. A payload is a short text; put it into a field of
// the record that is stored and returned as it is.
//
// Create or Add is needed, and Read or List. What needs a function that is nil
// is skipped, and the skip says so. The store should be one of its own for the
// test: records must neither expire nor be evicted while the kit runs (at most
// some 500 of them are there at once), and where Delete is nil they stay.
type Feature struct {
	// Create stores a new record under an id that the caller chose. For a
	// cache it is what sets an entry. It is never called for an id that the same
	// scope uses already.
	Create func(ctx context.Context, id, payload string) error

	// Add stores a new record and returns the id that it got. Give it instead
	// of Create where callers cannot choose ids.
	Add func(ctx context.Context, payload string) (id string, err error)

	// Read returns the payload of a record.
	Read func(ctx context.Context, id string) (payload string, err error)

	// Update replaces the payload of a record. If there is none it may do
	// nothing, return an error, or create the record within the caller's scope.
	Update func(ctx context.Context, id, payload string) error

	// Delete removes a record. If there is none it may return an error or nil.
	Delete func(ctx context.Context, id string) error

	// List returns all records of the caller's scope, in any order; a list in
	// pages is to be read to its end.
	List func(ctx context.Context) ([]Record, error)

	// NotFound is what Read, Update and Delete return, wrapped or not, for a
	// record that is not there. Nil means [ErrNotFound].
	NotFound error

	// UserScoped says that records belong to a user, not to all users of the
	// tenant: then users are kept apart as well, and a scope without a user is
	// refused.
	UserScoped bool

	// GlobalIDs says that an id is used once in all of the store, as with a
	// primary key that is the id alone. A create with the id of another scope may
	// fail then. That it fails tells that the id is in use, which is harmless
	// only if ids cannot be guessed.
	GlobalIDs bool

	// Envs are the environments that the feature serves. Nil means dev, staging
	// and prod. With only one, environments are not compared.
	Envs []string

	// Tenant, User and ID turn a text into a tenant, user or id of the form
	// that the feature wants, such as a UUID made by hashing the text. Different
	// texts must give different results, the same text the same one. They may
	// create the tenant or user. Nil means the text itself; then texts with
	// separators, wildcards and foreign letters are tried too, and a function
	// that refuses those is right as well.
	Tenant, User, ID func(text string) string
}

// subject is a feature with its defaults filled in.
type subject struct {
	Feature
	freeTenant, freeUser, freeID bool // texts are used as they are
}

// subject returns the feature with its defaults, or an error that lists all
// that is wrong with it.
func (f Feature) subject() (*subject, error) {
	var errs []error
	if f.Create == nil && f.Add == nil {
		errs = append(errs, errors.New("it has neither Create nor Add, so nothing can be written"))
	}
	if f.Create != nil && f.Add != nil {
		errs = append(errs, errors.New("it has both Create and Add; test them one after the other"))
	}
	if f.Read == nil && f.List == nil {
		errs = append(errs, errors.New("it has neither Read nor List, so nothing can be seen"))
	}
	if f.Envs == nil {
		f.Envs = []string{"dev", "staging", "prod"}
	}
	if len(f.Envs) == 0 {
		errs = append(errs, errors.New("it has no Envs; leave them nil or name those that it serves"))
	}
	f.Envs = slices.Clone(f.Envs)
	for i, name := range f.Envs {
		env, err := tenant.ParseEnv(name)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("one of its Envs: %w", err))
			continue
		case slices.Contains(f.Envs[:i], env.String()):
			errs = append(errs, fmt.Errorf("its Envs name %s twice", env))
		}
		f.Envs[i] = env.String()
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("scopetest: the feature cannot be tested: %w", err)
	}
	s := &subject{Feature: f, freeTenant: f.Tenant == nil, freeUser: f.User == nil, freeID: f.ID == nil}
	if f.NotFound == nil {
		s.NotFound = ErrNotFound
	}
	for _, form := range []*func(string) string{&s.Tenant, &s.User, &s.ID} {
		if *form == nil {
			*form = func(text string) string { return text }
		}
	}
	return s, nil
}
