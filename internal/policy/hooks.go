package policy

import (
	"slices"
	"strings"

	"github.com/tenantvet/tenantvet/internal/models"
	"github.com/tenantvet/tenantvet/internal/strictoml"
)

// A Hook is a function that a library runs in front of each statement on the
// entities which have it, and that holds those to a dimension. That it does is
// proven where it is declared.
type Hook struct {
	Funcs []models.Name // functions and methods that return what is run
	Dims  models.Dims
	// Ops are the operations that it is for; none: all that the library runs it for.
	Ops []models.Op
	// Clients are the types of what statements begin from, if Funcs make one and add the
	// hooks to it: they are for all entities then.
	Clients []models.Name
	// Lifted are the keys under which a context holds that the hook is not to do its
	// work, and the functions that make such contexts or ask for them.
	Lifted    []models.Name
	tables    []string // patterns of the names of entities, in lower case
	packages  []string // import path patterns; none: all
	generated []string // likewise
	At        models.At
}

// Generates reports whether pkg is what a generator makes of the declarations in the
// package declared: that is below it, unless the policy says where it is.
func (h *Hook) Generates(pkg, declared string) bool {
	if len(h.generated) == 0 {
		return strings.HasPrefix(declared, pkg+"/")
	}
	return slices.ContainsFunc(h.generated, func(p string) bool { return models.MatchPackage(p, pkg) })
}

// Holds reports whether the hook is for statements of a package.
func (h *Hook) Holds(pkg string) bool {
	return len(h.packages) == 0 || slices.ContainsFunc(h.packages, func(p string) bool { return models.MatchPackage(p, pkg) })
}

// On reports whether the hook is for an entity, if that has it.
func (h *Hook) On(entity string) bool { return matchTable(h.tables, entity) }

// Entities returns the names of the entities that the hook is for, in lower case; none
// if they are not listed one by one.
func (h *Hook) Entities() []string {
	if slices.ContainsFunc(h.tables, func(p string) bool { return strings.ContainsAny(p, `*?[\\`) }) {
		return nil
	}
	return slices.Clone(h.tables)
}

// For reports whether the hook is for statements that do op.
func (h *Hook) For(op models.Op) bool { return len(h.Ops) == 0 || slices.Contains(h.Ops, op) }

// hook reads an entry of [[accept.hook]].
func (r *reader) hook(t *strictoml.Table) Hook {
	h := Hook{At: r.at(t), Funcs: r.names(t, "func"), Lifted: r.names(t, "lifted")}
	if len(h.Funcs) == 0 {
		r.doc.Complain(t.At(), `write func = "(./ent/schema.TenantMixin).Interceptors"`, "[[accept.hook]] needs func")
	}
	h.Clients = r.names(t, "client")
	h.Dims = r.accepted(t, "accept.hook")
	for _, op := range t.Strings("op") {
		known := []models.Op{models.Read, models.Write, models.Delete, models.Insert}
		if !slices.Contains(known, models.Op(op.S)) {
			r.doc.Complain(op.At, "operations are read, write, delete and insert", "there is no op %q", op.S)
		}
		h.Ops = append(h.Ops, models.Op(op.S))
	}
	h.tables = r.tables(t)
	h.packages = r.packages(t, "packages")
	h.generated = r.packages(t, "generated")
	return h
}
