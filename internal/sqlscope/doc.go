// Package sqlscope reads SQL text and says, for each table that a statement
// mentions and for each column of it, how the column is restricted.
//
//	res := sqlscope.Scan(sqlscope.Plain(`
//		SELECT i.id FROM invoices i JOIN lines l ON l.tenant_id = i.tenant_id
//		WHERE i.id = $1 AND i.tenant_id = $2`), sqlscope.Options{})
//	s := res.Statements[0]
//	s.Restricted(0, "tenant_id") // i: bound $2
//	s.Restricted(1, "tenant_id") // l: linked $2 via l.tenant_id=i.tenant_id
//
// It knows nothing of tenants, of Go or of policies: which columns matter, and
// whether the value of $2 is the right one, is for the caller to say.
//
// # The way of a text
//
// A text may have holes where it is known only at run time. It is split into
// tokens, and the structure of its clauses is read into an intermediate form
// (Tree): queries, FROM items and joins, the tree of AND, OR and NOT, equality,
// IN and ANY. What else stands in an expression is opaque; sub-selects in it
// are found. From that come facts, each of which says that a column of one
// relation equals one of several terms: a value, or a column of another
// relation. Facts have a direction, since the ON of a LEFT JOIN restricts its
// right side only. Proofs are what follows from the facts, to a fixpoint, over
// aliases, the outputs of derived tables and common table expressions, VALUES,
// unnest and correlated sub-selects.
//
// # Verdicts
//
// Bound, Linked, Set, Const and Expression restrict a column. A verdict holds
// the proofs, each with all the values that the column may equal. The others
// do not restrict it:
//
//	t = $1 OR x = $2                  none: the second arm has any t
//	t = $1 OR t = $2                  bound $1 | $2
//	t = $1 OR $1 = ''                 optional: an empty $1 switches it off
//	t = COALESCE($1, t)               optional
//	NOT t = $1, t <> $1, t < $1       none
//	a LEFT JOIN b ON a.t = $1         none for a, and for b
//	a LEFT JOIN b ON b.t = $1         none for a, bound $1 for b
//	b JOIN a ON b.a_id = a.id WHERE a.t = $1
//	                                  foreign key for b, by b.a_id = a.id
//	b JOIN a ON b.a_id = a.id WHERE a.t = $1 OR b.t = $2
//	                                  foreign key for both, whichever arm holds
//	a LEFT JOIN b ON b.id = ANY(a.b_ids) WHERE a.t = $1
//	                                  foreign key for b: a row of a names it
//	(SELECT * FROM a LIMIT 9) d WHERE d.t = $1
//	                                  none for a: the limit comes first
//	INSERT INTO a (id) VALUES ($1)    unset
//	INSERT INTO a VALUES ($1, $2)     unknown: it does not say its columns
//
// A column without a qualifier belongs to the one table in sight that has it;
// where that is not known, it restricts nothing. An upsert is a second
// occurrence of its table, with the role Upserts: the row that it changes may
// be another tenant's unless the column is part of the conflict target or of
// DO UPDATE … WHERE. SET t = $1 restricts nothing; see [Statement.Rehomed].
//
// # Holes
//
// A hole in the place of a value is a value. A hole next to conditions cannot
// take them away unless it begins with OR or has an OR outside of parentheses:
// the proof stands, and names the hole in Undo. A column that nothing else
// restricts is Dynamic if a hole may hold a condition.
//
// # What is not understood
//
// An expression that is not understood proves nothing. Words that bring in
// tables or take conditions away (SELECT, FROM, JOIN, INTO, UPDATE, USING,
// UNION, WHERE, OR and the like) are counted: if one of them was passed over,
// or text is left over, the statement is Unparsed and none of its columns is
// restricted. Texts above 1 MB and nesting above 200 are Unparsed.
//
// [Schema] reads tables, their columns and their keys from migrations.
package sqlscope
