package bills

import sq "github.com/Masterminds/squirrel"

// Search narrows a query that somebody else has narrowed already.
//
// case: squirrel/or-handed-query
func Search(q sq.SelectBuilder, word string) sq.SelectBuilder {
	return q.Where("title LIKE ? OR text LIKE ?", word, word) // want `puts an OR without parentheses beside the conditions that the query has already`
}

// SearchOwn does so in parentheses.
//
// case: squirrel/or-in-parentheses clean
func SearchOwn(q sq.SelectBuilder, word string) sq.SelectBuilder {
	return q.Where("(title LIKE ? OR text LIKE ?)", word, word)
}

// SearchEither lets the library write the parentheses.
//
// case: squirrel/or-of-the-library clean
func SearchEither(q sq.SelectBuilder, word string) sq.SelectBuilder {
	return q.Where(sq.Or{sq.Eq{"title": word}, sq.Eq{"text": word}})
}
