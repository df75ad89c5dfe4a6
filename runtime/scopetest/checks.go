package scopetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// check is how one guarantee is proved.
type check struct {
	guarantee Guarantee

	// needs says what a feature has to have for the check, or "".
	needs func(s *subject) string

	// Either pair or whole is set. A pair check is run for each dimension and
	// each two scopes that differ in nothing else: b owns, a is a stranger.
	pair  func(p *probe, a, b actor)
	whole func(p *probe)
}

// checks returns the checks of Isolation in the order of the guarantees.
func checks() []check {
	return []check{
		{guarantee: Works, whole: checkWorks},
		{guarantee: Read, needs: needRead, pair: checkRead},
		{guarantee: List, needs: needList, pair: checkList},
		{guarantee: Empty, needs: needList, pair: checkEmpty},
		{guarantee: Update, needs: needUpdate, pair: checkUpdate},
		{guarantee: Delete, needs: needDelete, pair: checkDelete},
		{guarantee: Create, needs: needCreate, pair: checkCreate},
		{guarantee: SameID, needs: needSameID, pair: checkSameID},
		{guarantee: Existence, needs: needByID, pair: checkExistence},
		{guarantee: NoScope, whole: checkNoScope},
		{guarantee: Encoding, needs: needFreeText, whole: checkEncoding},
		{guarantee: Concurrent, whole: checkConcurrent},
	}
}

func needRead(s *subject) string   { return missing(s.Read == nil, "Read") }
func needList(s *subject) string   { return missing(s.List == nil, "List") }
func needUpdate(s *subject) string { return missing(s.Update == nil, "Update") }
func needDelete(s *subject) string { return missing(s.Delete == nil, "Delete") }
func needCreate(s *subject) string { return missing(s.Create == nil, "Create") }

func needByID(s *subject) string {
	if s.Create == nil && s.Delete == nil {
		return "no id is known that nobody uses: the feature has no Create, nor a Delete"
	}
	return missing(s.Read == nil && s.Update == nil && s.Delete == nil, "Read, Update or Delete")
}

func needSameID(s *subject) string {
	if s.GlobalIDs {
		return "ids are used once in all of the store (GlobalIDs)"
	}
	return needCreate(s)
}

func needFreeText(s *subject) string {
	if !s.freeTenant && !s.variesID() && !s.variesUser() {
		return "no tenant, user or id can be any text (Tenant, User, ID)"
	}
	return ""
}

// variesUser and variesID report whether users and ids of any form can be tried
// and make a difference.
func (s *subject) variesUser() bool { return s.UserScoped && s.freeUser }
func (s *subject) variesID() bool   { return s.Create != nil && s.freeID }

func missing(is bool, name string) string {
	if is {
		return "the feature has no " + name
	}
	return ""
}

// checkWorks is what makes the other checks mean something: a feature that
// stores nothing would pass most of them.
func checkWorks(p *probe) {
	a := p.actor(p.name, p.Envs[0], "ann")
	p.holds(a, "before anything was written")
	p.lacks(a, p.ID(p.name+"-nothing"), "before anything was written")
	if p.Read != nil {
		if _, o, err := p.read(a, p.ID(p.name+"-nothing")); o == failed {
			p.broken("a read of an id that nobody uses ends in an error other than the one that Feature.NotFound names: %v", err)
		}
	}
	rec, ok := p.own(a, p.name+"-1")
	if !ok {
		return
	}
	p.keeps(a, rec, "after its creation")
	other, ok := p.own(a, p.name+"-2")
	if !ok {
		return
	}
	if rec.id == other.id {
		p.broken("the ids %s of two records are the same", quote(rec.id))
		return
	}
	if p.Update != nil {
		rec.payload = p.payload(a)
		if _, err := p.update(a, rec.id, rec.payload); err != nil {
			p.broken("%s could not update its own record %s: %v", a.name, quote(rec.id), err)
			return
		}
		p.keeps(a, rec, "after an update by itself")
	}
	p.keeps(a, other, "after an update of another record")
	p.holds(a, "after two records were created", rec, other)
	if p.Delete != nil {
		if _, err := p.remove(a, rec.id); err != nil {
			p.broken("%s could not delete its own record %s: %v", a.name, quote(rec.id), err)
			return
		}
		p.lacks(a, rec.id, "after it was deleted")
		p.keeps(a, other, "after another record was deleted")
		p.holds(a, "after one of two records was deleted", other)
	}
}

func checkRead(p *probe, a, b actor) {
	idText := p.name + "-r"
	if p.Create != nil {
		// A miss that is remembered without its scope, and the other way round a
		// hit, are leaks as well.
		p.lacks(a, p.ID(idText), "before anybody wrote")
	}
	rec, ok := p.own(b, idText)
	if !ok {
		return
	}
	p.lacks(a, rec.id, "after "+b.name+" created a record")
	p.keeps(b, rec, "after "+a.name+" tried to read it")
	p.lacks(a, rec.id, "after "+b.name+" read its own record")
	p.keeps(b, rec, "after "+a.name+" tried to read it again")
	if p.Update != nil {
		rec.payload = p.payload(b)
		if _, err := p.update(b, rec.id, rec.payload); err != nil {
			p.breaks(Works, "%s could not update its own record %s: %v", b.name, quote(rec.id), err)
			return
		}
		p.lacks(a, rec.id, "after "+b.name+" updated its record")
		p.keeps(b, rec, "after an update by itself")
	}
}

func checkList(p *probe, a, b actor) {
	var of [2][]record
	for i := range 3 {
		for side, who := range []actor{a, b} {
			rec, ok := p.own(who, fmt.Sprintf("%s-l%d-%d", p.name, side, i))
			if !ok {
				return
			}
			of[side] = append(of[side], rec)
		}
	}
	after := "after " + a.name + " and " + b.name + " created three records each"
	p.holds(a, after, of[0]...)
	p.holds(b, after, of[1]...)
	// From a cache that was filled by the other one, perhaps.
	p.holds(a, after+" and listed them", of[0]...)
}

func checkEmpty(p *probe, a, b actor) {
	p.holds(a, "before anybody wrote")
	rec, ok := p.own(b, p.name+"-m")
	if !ok {
		return
	}
	p.holds(a, "after "+b.name+" created a record")
	p.holds(b, "after "+a.name+" listed nothing", rec)
	if p.Delete == nil {
		return
	}
	mine, ok := p.own(a, p.name+"-n")
	if !ok {
		return
	}
	if _, err := p.remove(a, mine.id); err != nil {
		p.breaks(Works, "%s could not delete its own record %s: %v", a.name, quote(mine.id), err)
		return
	}
	p.holds(a, "after "+a.name+" deleted its only record")
}

func checkUpdate(p *probe, a, b actor) {
	rec, ok := p.own(b, p.name+"-u")
	if !ok {
		return
	}
	p.keeps(b, rec, "after its creation")
	theirs := p.payload(a)
	_, _ = p.update(a, rec.id, theirs) // whether that fails is another guarantee
	p.keeps(b, rec, "after an update by "+a.name)
	if p.Read != nil {
		// Some updates create.
		if payload, o, _ := p.read(a, rec.id); o == done && payload != theirs {
			p.broken("after an update by %s of an id that it does not have, it reads %s", a.name, p.writer(payload))
		}
	}
}

func checkDelete(p *probe, a, b actor) {
	rec, ok := p.own(b, p.name+"-d")
	if !ok {
		return
	}
	p.keeps(b, rec, "after its creation")
	_, _ = p.remove(a, rec.id) // whether that fails is another guarantee
	p.keeps(b, rec, "after a delete by "+a.name)
}

func checkCreate(p *probe, a, b actor) {
	rec, ok := p.own(b, p.name+"-c")
	if !ok {
		return
	}
	mine, err := p.put(a, p.name+"-c") // whether that fails is another guarantee
	p.keeps(b, rec, "after a create by "+a.name+" with the same id")
	switch {
	case err == nil:
		p.keeps(a, mine, "after it created a record with an id of "+b.name)
	default:
		p.lacks(a, rec.id, "after its create with an id of "+b.name+" was refused")
	}
}

func checkSameID(p *probe, a, b actor) {
	var recs [2]record
	for i, who := range []actor{a, b} {
		rec, err := p.put(who, p.name+"-s")
		if err != nil {
			if i == 0 {
				p.breaks(Works, "%s could not create %s: %v", who.name, quote(rec.id), err)
			} else {
				p.broken("%s cannot create %s, which %s uses already: %v", who.name, quote(rec.id), a.name, err)
			}
			return
		}
		recs[i] = rec
	}
	both := "after " + a.name + " and " + b.name + " created records with the same id"
	p.keeps(a, recs[0], both)
	p.keeps(b, recs[1], both)
	p.holds(a, both, recs[0])
	p.holds(b, both, recs[1])
	if p.Update != nil {
		recs[0].payload = p.payload(a)
		if _, err := p.update(a, recs[0].id, recs[0].payload); err != nil {
			p.broken("%s cannot update %s, which %s uses as well: %v", a.name, quote(recs[0].id), b.name, err)
			return
		}
		after := "after an update by " + a.name + " of the id that " + b.name + " uses as well"
		p.keeps(a, recs[0], after)
		p.keeps(b, recs[1], after)
	}
	if p.Delete != nil {
		if _, err := p.remove(a, recs[0].id); err != nil {
			p.broken("%s cannot delete %s, which %s uses as well: %v", a.name, quote(recs[0].id), b.name, err)
			return
		}
		after := "after a delete by " + a.name + " of the id that " + b.name + " uses as well"
		p.lacks(a, recs[0].id, after)
		p.keeps(b, recs[1], after)
		p.holds(a, after)
		p.holds(b, after, recs[1])
	}
}

// checkExistence compares how an id of b and one of nobody are answered.
func checkExistence(p *probe, a, b actor) {
	compare := func(what string, do func(id string) (outcome, error)) {
		rec, ok := p.own(b, p.name+"-e-"+what)
		if !ok {
			return
		}
		unused := p.ID(p.name + "-f-" + what)
		if p.Create == nil {
			// An id that nobody uses has to have the form of one that was given out.
			gone, ok := p.own(b, p.name+"-g-"+what)
			if !ok {
				return
			}
			if _, err := p.remove(b, gone.id); err != nil {
				p.breaks(Works, "%s could not delete its own record %s: %v", b.name, quote(gone.id), err)
				return
			}
			unused = gone.id
		}
		theirs, errTheirs := do(rec.id)
		nobodys, errNobodys := do(unused)
		switch {
		case theirs != nobodys:
			p.broken("a %s by %s of an id that %s uses gives %s, and of one that nobody uses %s", what, a.name, b.name, explain(theirs, errTheirs), explain(nobodys, errNobodys))
		case errTheirs != nil && strings.ReplaceAll(errTheirs.Error(), rec.id, "") != strings.ReplaceAll(errNobodys.Error(), unused, ""):
			p.broken("the errors of a %s by %s tell an id that %s uses (%v) from one that nobody uses (%v)", what, a.name, b.name, errTheirs, errNobodys)
		}
	}
	if p.Read != nil {
		compare("read", func(id string) (outcome, error) { _, o, err := p.read(a, id); return o, err })
	}
	if p.Update != nil {
		compare("update", func(id string) (outcome, error) { return p.update(a, id, p.payload(a)) })
	}
	if p.Delete != nil {
		compare("delete", func(id string) (outcome, error) { return p.remove(a, id) })
	}
}

func explain(o outcome, err error) string {
	if o == failed {
		return fmt.Sprintf("the error %v", err)
	}
	return o.String()
}

// checkNoScope calls everything in contexts that name nobody.
func checkNoScope(p *probe) {
	b := p.actor(p.name, p.Envs[0], "ann")
	closed, _ := tenant.NewContext(p.ctx, tenant.Scope{}) // a caller who ignores this error is what is tested
	nobodies := []actor{
		{"a caller without a scope", p.ctx},
		{"a caller with an invalid scope", closed},
	}
	if p.UserScoped {
		a := p.actor(p.name, p.Envs[0], "")
		nobodies = append(nobodies, actor{"a caller without a user", a.ctx})
	}
	for i, nobody := range nobodies {
		rec, ok := p.own(b, fmt.Sprintf("%s-o%d", p.name, i))
		if !ok {
			return
		}
		must := func(what string, o outcome, err error) {
			switch {
			case o == done:
				p.broken("a %s by %s succeeds", what, nobody.name)
			case o == absent:
				p.broken("a %s by %s is answered as if it had a scope, with %q", what, nobody.name, p.NotFound)
			case strings.HasPrefix(err.Error(), "panic: "):
				p.broken("a %s by %s ends in a %v", what, nobody.name, err)
			}
			p.keeps(b, rec, "after a "+what+" by "+nobody.name)
		}
		if p.Read != nil {
			payload, o, err := p.read(nobody, rec.id)
			if o == done {
				p.broken("a read by %s returns %s", nobody.name, p.writer(payload))
			}
			must("read", o, err)
		}
		if p.List != nil {
			records, o, err := p.list(nobody)
			if o == done && len(records) > 0 {
				p.broken("a list by %s holds %d records", nobody.name, len(records))
			}
			must("list", o, err)
		}
		if p.Update != nil {
			o, err := p.update(nobody, rec.id, p.payload(nobody))
			must("update", o, err)
		}
		if p.Delete != nil {
			o, err := p.remove(nobody, rec.id)
			must("delete", o, err)
		}
		for _, idText := range []string{fmt.Sprintf("%s-o%d", p.name, i), fmt.Sprintf("%s-p%d", p.name, i)} {
			_, err := p.put(nobody, idText)
			must("create", p.judge(nobody, "create", err), err)
			if p.Create == nil {
				break
			}
		}
	}
}

// spot is where a record is: the ids that a key is made of.
type spot struct{ tenant, env, user, id string }

// checkEncoding uses ids that hold what stores use for themselves.
func checkEncoding(p *probe) {
	env := p.Envs[len(p.Envs)-1]
	refused := 0
	for i, pair := range lookalikes(p.subject, env) {
		if p.over() {
			return
		}
		// The numbers keep the pairs apart, and sit where they do not undo them.
		at := func(s spot) (actor, error) {
			return p.as(fmt.Sprintf("%s-%d%s", p.name, i, s.tenant), s.env, cmp.Or(s.user, "ann"))
		}
		id := func(s spot) string { return fmt.Sprintf("%s-%d", s.id, i) }
		x, errX := at(pair[0])
		y, errY := at(pair[1])
		if errX != nil || errY != nil {
			p.broken("a scope is refused: %v %v", errX, errY)
			return
		}
		recX, errX := p.put(x, id(pair[0]))
		recY, errY := p.put(y, id(pair[1]))
		if errX != nil || errY != nil {
			refused++ // to refuse odd ids is one way to keep them apart
		}
		after := fmt.Sprintf("after %s created %s and %s created %s", x.name, quote(recX.id), y.name, quote(recY.id))
		if errX == nil {
			p.keeps(x, recX, after)
			p.holds(x, after, recX)
		}
		if errY == nil {
			p.keeps(y, recY, after)
			p.holds(y, after, recY)
		}
		if errX != nil {
			continue
		}
		// Here y is the stranger, with the id of x, and then with its own.
		for _, id := range slices.Compact([]string{recX.id, recY.id}) {
			if id != recY.id {
				p.lacks(y, id, after)
				if p.Update != nil {
					_, _ = p.update(y, id, p.payload(y))
				}
			}
			if p.Delete != nil {
				_, _ = p.remove(y, id)
			}
			p.keeps(x, recX, "after an update and a delete of "+quote(id)+" by "+y.name)
		}
	}
	if refused > 0 {
		p.note("%d pairs of ids that look alike were refused by the feature, which keeps them apart as well", refused)
	}
	if p.variesID() {
		p.hostileIDs(env)
	}
}

// lookalikes returns pairs of spots that are different and whose keys are the
// same to a store that joins, escapes, folds, cuts or matches them carelessly.
func lookalikes(s *subject, env string) [][2]spot {
	var pairs [][2]spot
	add := func(x, y spot) {
		x.env, y.env = cmp.Or(x.env, env), cmp.Or(y.env, env)
		// What has a form of its own cannot be varied.
		if x.tenant != y.tenant && !s.freeTenant || x.user != y.user && !s.variesUser() || x.id != y.id && !s.variesID() {
			return
		}
		pairs = append(pairs, [2]spot{x, y})
	}
	for _, j := range []string{":", "/", "|", "-", "_", ".", "#", "\\", ",", ";", "@", "::", "=", "&", "+", "~", "\u241f", ""} {
		add(spot{tenant: "a", id: "b" + j + "c"}, spot{tenant: "a" + j + "b", id: "c"})
		add(spot{tenant: "a", id: "b" + j + env + j + "c"}, spot{tenant: "a" + j + env + j + "b", id: "c"})
		add(spot{user: "a", id: "b" + j + "c"}, spot{user: "a" + j + "b", id: "c"})
		add(spot{tenant: "a", user: "b" + j + "c", id: "d"}, spot{tenant: "a" + j + "b", user: "c", id: "d"})
		add(spot{tenant: "a", user: "b" + j + env + j + "c", id: "d"}, spot{tenant: "a" + j + env + j + "b", user: "c", id: "d"})
		if other := s.Envs[0]; other != env {
			add(spot{tenant: "a", env: other, id: env + j + "c"}, spot{tenant: "a" + j + other, env: env, id: "c"})
		}
	}
	alike := [][2]string{
		{"a:b", "a%3Ab"}, {"a/b", "a%2Fb"}, {"a b", "a+b"}, {"a b", "a%20b"}, {"a:b", "a\\:b"}, {"a'b", "a''b"}, // half-escaped
		{"a", "A"}, {"s", "\u017f"}, {"k", "\u212a"}, {"\u00e9", "e\u0301"}, {"a", "\uff41"}, {"ss", "\u00df"}, {"i", "\u0131"}, // folded
		{"a", "a/"}, {"a", "a/."}, {"a", "a//"}, {"a/b", "a//b"}, {"a/b", "a/x/../b"}, {"a", "a."}, {"a", "a\u200b"}, {"a", "a\u00a0b"}, // cleaned
		{"ax", "a%"}, {"ax", "a_"}, {"ax", "a*"}, {"ax", "a?"}, {"ax", "a[a-z]"}, {"ax", "a.*"}, {"ax", "a>"}, {"ax", "a' OR '1'='1"}, // matched
		{"a", "a1"}, {"1", "01"}, {"1", "1.0"}, {"10", "1e1"}, // a prefix, a number
		{strings.Repeat("a", 64) + "1", strings.Repeat("a", 64) + "2"}, {strings.Repeat("a", 128) + "1", strings.Repeat("a", 128) + "2"}, // cut
		{strings.Repeat("\u00e9", 64) + "1", strings.Repeat("\u00e9", 64) + "2"},
	}
	for _, two := range alike {
		id := "x"
		if len(two[0]) > 32 {
			id = strings.Repeat("x", 300) // all of the key is too long, not only the tenant
		}
		add(spot{tenant: two[0], id: id}, spot{tenant: two[1], id: id})
		add(spot{user: two[0], id: id}, spot{user: two[1], id: id})
	}
	return pairs
}

// hostileIDs has a stranger use ids that a store might take for a pattern, a
// path or a key of its own.
func (p *probe) hostileIDs(env string) {
	tenantA, tenantB := p.name+"-h1", p.name+"-h2"
	a, b := p.actor(tenantA, env, "ann"), p.actor(tenantB, env, "bob")
	rec, ok := p.own(b, p.name+"-h")
	if !ok {
		return
	}
	ids := []string{"", ".", "..", "*", "%", "_", "?", ">", "#", "**", "%%", ".*", "[", "\\", "*:*", "*/*", "../*", "\x00", "\xff",
		"' OR '1'='1", "\" OR \"\"=\"", "1 OR 1=1", "x') OR 1=1 --", "x; DROP TABLE x", "$ne", "{\"$gt\":\"\"}", "\u202e",
		rec.id[:len(rec.id)-1] + "*", rec.id[:len(rec.id)-1] + "%", rec.id[:len(rec.id)-1] + "_", rec.id[:len(rec.id)-1] + "?",
		rec.id + "%00", rec.id + "\x00", "*" + rec.id, "%" + rec.id, rec.id + "' --", strings.ToUpper(rec.id), strings.Repeat("x", 4096)}
	t, u := p.Tenant(tenantB), p.User("bob")
	for _, j := range []string{":", "/", "|", "-", "_", ".", "#", "\\", ",", "::", "\x00"} {
		for _, parts := range [][]string{{t}, {t, env}, {env, t}, {t, u}, {t, env, u}, {env, t, u}} {
			key := strings.Join(append(slices.Clone(parts), rec.id), j)
			ids = append(ids, key, j+key)
			if j == "/" || j == "\\" || j == "." {
				ids = append(ids, strings.Repeat(".."+j, len(parts))+key)
			}
		}
	}
	for _, id := range ids {
		if p.over() {
			return
		}
		after := func(what string) string { return "after a " + what + " of " + quote(id) + " by " + a.name }
		step := func(what string, do func() error) {
			_ = do() // to refuse odd ids is right
			p.keeps(b, rec, after(what))
		}
		look := func() {
			if p.Read == nil {
				return
			}
			if payload, o, _ := p.read(a, id); o == done && p.writer(payload) != "what "+a.name+" wrote" {
				p.broken("a read of %s by %s gives %s", quote(id), a.name, p.writer(payload))
			}
		}
		look()
		if p.Update != nil {
			step("update", func() error { _, err := p.update(a, id, p.payload(a)); return err })
		}
		if p.Delete != nil {
			step("delete", func() error { _, err := p.remove(a, id); return err })
		}
		step("create", func() error { _, err := p.put(a, id); return err })
		look()
		if p.Delete != nil {
			step("delete", func() error { _, err := p.remove(a, id); return err })
		}
	}
	p.holds(b, "after "+a.name+" tried many ids", rec)
}
