// Package directives defines the analyzer of tenantvet's own comments.
//
// # Analyzer tenantdirective
//
// tenantdirective: report exemptions that are malformed or take nothing out: //tenantvet: comments, policy entries
//
// There are five comments:
//
//	//tenantvet:shared REASON            all tenants share this on purpose
//	//tenantvet:scoped REASON            assume that this is scoped
//	//tenantvet:ignore CATEGORY REASON   skip findings of the category here
//	//tenantvet:public REASON            these routes are for everybody
//	//tenantvet:role ROLES [REASON]      these routes are for holders of one of the roles
//
// A directive behind code applies to its line, and to the whole of a statement
// that begins or ends there. One on a line of its own applies to the statement,
// declaration, field or element that follows. One above the package clause applies
// to the file. CATEGORY is one as the findings print it (unscopedkey/missing), an
// analyzer for all of its categories (unscopedkey), or several with commas between.
// As with the go command's directives there is no blank after the slashes.
//
// "shared" and "scoped" are claims about the code, "ignore" is none: it says that
// somebody looked and decided. Keep them apart, so that a later reader knows which
// it was. "public" and "role" stand where routes or groups of them are registered;
// ROLES has commas between.
//
// # Category malformed
//
// The comment is none of the five, names no known category, gives no reason, or
// stands where it applies to nothing.
//
//	//tenantvet:ignore unscopedkey
//	func (s *Shop) Rates(ctx context.Context, day string) (string, error) {
//		return s.rdb.Get(ctx, "rates:"+day).Result()
//	}
//
// is reported as
//
//	//tenantvet:ignore needs a reason, for whoever reads it next
//
// A directive that is not understood would otherwise be taken for one that works.
//
// # Category unused
//
// Nothing is found that the exemption could take out.
//
//	//tenantvet:shared prices are public
//	func Price(plan string) int { return len(plan) }
//
// is reported as
//
//	unused directive: nothing here is found that it could take out; remove it
//
// It was for code that has changed since. Left in place it would hide the next
// finding there, which nobody has looked at. -fix removes the comment. Where an
// exported variable is declared "shared" is not asked for what it takes out: that is
// in the packages that write it.
//
// The same goes for a [[shared]] or [[exempt]] entry of the policy that names a
// function, a variable that is not exported, a package or a file, and takes nothing
// out there. Whether a beginning of keys, a pattern of packages or files, an
// exported variable or a category is needed shows only when the whole module is
// looked at: "tenantvet ./..." at its root then says so in a note, which is no
// finding, since go vet could not have it.
package directives
