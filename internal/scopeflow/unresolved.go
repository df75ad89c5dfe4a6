package scopeflow

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/policy"
)

// unresolved returns an error that names every row of the policy that does not
// fit the package it speaks of: with a misspelt name it would prove or excuse
// nothing, in silence.
//
// A package of the module answers for itself when it is analysed. An imported
// one cannot: export data, all that go vet has of it, leaves out what is not
// exported.
func unresolved(pol *policy.Policy, rows []models.Problem, pkg *types.Package) error {
	var errs models.Errors
	for _, p := range rows {
		s := symbolOf(pol, p)
		if s.Package == pkg.Path() || !inModule(s.Package, pol.Module) && visible(s) {
			errs = append(errs, &models.Error{File: p.At.File, Line: p.At.Line, Col: max(s.Col, 1), Msg: p.Msg})
		}
	}
	for _, p := range pol.Unresolved(pkg) {
		errs = append(errs, &models.Error{File: p.At.File, Line: p.At.Line, Col: 1, Msg: p.Msg})
	}
	if len(errs) == 0 {
		return nil
	}
	slices.SortStableFunc(errs, func(a, b *models.Error) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	return fmt.Errorf("the policy does not fit the code:\n%w", errs)
}

// symbolOf returns the symbol that a problem with a row is about. Messages
// begin with its name as the row has it; a line may hold several.
func symbolOf(pol *policy.Policy, p models.Problem) models.Symbol {
	written, _, _ := strings.Cut(p.Msg, ": ")
	written, _, _ = strings.Cut(written, ", ")
	for _, s := range pol.Set.Symbols() {
		if s.Line == p.At.Line && strings.HasSuffix(written, s.Text[strings.LastIndexByte(s.Text, '.'):]) {
			return s
		}
	}
	return models.Symbol{}
}

// visible reports whether importers can see what the symbol names.
func visible(s models.Symbol) bool {
	names := strings.Split(s.Text[strings.LastIndexByte(s.Text, '/')+1:], ".")
	for _, n := range names[1:] {
		if !token.IsExported(strings.TrimSuffix(n, ")")) {
			return false
		}
	}
	return true
}
