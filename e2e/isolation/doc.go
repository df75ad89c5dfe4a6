// Package isolation shows the isolation kit at work on real parts: repositories
// on SQLite and PostgreSQL, a cache and a lock on Redis, and twins of them that
// are broken in one line each. The parts are written as a service would write
// them, and use nothing of the kit.
package isolation
