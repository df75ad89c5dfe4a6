// Package data is a stand-in with the names and signatures that the corpus uses.
package data

import "context"

// API begins requests.
type API struct{}

// Deleter begins one.
func (data *API) Deleter() *Deleter { return &Deleter{} }

// Deleter removes an object.
type Deleter struct{ class, id, tenant string }

// WithClassName sets the class.
func (deleter *Deleter) WithClassName(className string) *Deleter {
	deleter.class = className
	return deleter
}

// WithID sets the id.
func (deleter *Deleter) WithID(uuid string) *Deleter {
	deleter.id = uuid
	return deleter
}

// WithTenant sets the tenant.
func (d *Deleter) WithTenant(tenant string) *Deleter {
	d.tenant = tenant
	return d
}

// Do removes it.
func (deleter *Deleter) Do(ctx context.Context) error { return ctx.Err() }
