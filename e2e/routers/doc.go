// Package routers holds the table that tenantvet reads off code to what the
// running router says, for the routers that can list their routes.
package routers
