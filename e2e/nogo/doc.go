// Package nogo tests tenantvet in nogo, the driver of analyzers in Bazel builds of Go.
//
// No Bazel is needed. rules_go's own builder, which is what Bazel runs, is compiled
// from its module, and so is its nogo with tenantvet in it. The test does for the
// corpus what Bazel does: each package by itself, after those that it imports, in a
// directory that holds its files and no others.
package nogo

import (
	_ "github.com/aymanbagabas/go-udiff"           // of rules_go's nogo
	_ "github.com/bazelbuild/rules_go/go/runfiles" // for its sources
	_ "github.com/tenantvet/tenantvet/nogo"
	_ "golang.org/x/tools/go/gcexportdata" // of rules_go's nogo
)
