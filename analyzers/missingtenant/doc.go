// Package missingtenant defines the analyzer of routes.
//
// # Analyzer missingtenant
//
// missingtenant: report routes that get to data of tenants past their guards
//
// TODO
package missingtenant
