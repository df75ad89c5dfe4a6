// Package ops has operations for holders of a role.
package ops

import (
	"net/http"

	"corpus/guarded/shop"
)

// Purge is for owners, as the policy says.
func Purge(a *shop.API, w http.ResponseWriter, r *http.Request) { a.Delete(w, r) }
