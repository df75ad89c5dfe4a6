// After is the service of ../before, protected: callers get at the notes of their
// own tenants, and only admins may clear them.
package main
