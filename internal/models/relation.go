package models

import (
	"go/types"
	"reflect"
	"strings"
)

// RelationTags are the struct tags by which a library finds what the rows of a
// field refer to. Each is the key of a tag, whatever that says, or the key and, behind
// a space, a word, or the form of words: the * in it stands for a value, which ends
// where what is behind the * follows, or with the tag.
type RelationTags struct {
	Linked  []string // the rows are found by links that stand beside them
	Refers  []string // the row with the field refers to that in it
	Key     string   // the columns that refer, or pairs of own and other columns, with = between
	Subject string   // the columns that Key refers to

	// Of generated code: EdgeField is the field of an entity with the struct that has
	// its relations as fields. In the package beside the entity's that is called like
	// the entity, the constant EdgeTable, with the relation for *, names the table that
	// holds the reference, and the one with nothing for * the entity's own; a variable
	// EdgeLinks is there if links stand beside.
	EdgeField, EdgeTable, EdgeLinks string
}

// Related is what the tag of a struct field says of the rows in the field.
type Related struct {
	Linked  bool
	Refers  bool
	Key     []string
	Subject []string
}

// Relation returns what a struct field's tag says, by the keys of the libraries in
// the sets.
func (ix *Index) Relation(tag string) Related {
	var out Related
	for _, s := range ix.sets {
		for _, form := range s.Relations.Linked {
			out.Linked = out.Linked || len(tagValues(tag, form)) > 0
		}
		for _, form := range s.Relations.Refers {
			out.Refers = out.Refers || len(tagValues(tag, form)) > 0
		}
		out.Key = append(out.Key, tagValues(tag, s.Relations.Key)...)
		out.Subject = append(out.Subject, tagValues(tag, s.Relations.Subject)...)
	}
	return out
}

// EdgeFields returns the names of the fields that hold the relations of entities,
// for the libraries in the sets.
func (ix *Index) EdgeFields() []string {
	var out []string
	for _, s := range ix.sets {
		if s.Relations.EdgeField != "" {
			out = append(out, s.Relations.EdgeField)
		}
	}
	return out
}

// Edge returns what the constants of pkg say of the relation of that name, of the
// entity that pkg is about; without a package, that nothing is known to refer to the
// entity's rows.
func (ix *Index) Edge(pkg *types.Package, name string) Related {
	out := Related{Refers: true}
	if pkg == nil {
		return out
	}
	for _, s := range ix.sets {
		t := s.Relations
		if t.EdgeTable == "" {
			continue
		}
		own, err := constantText(pkg, strings.Replace(t.EdgeTable, "*", "", 1))
		if err != nil {
			continue
		}
		holder, err := constantText(pkg, strings.Replace(t.EdgeTable, "*", name, 1))
		out.Refers = err != nil || holder == own
		out.Linked = pkg.Scope().Lookup(strings.Replace(t.EdgeLinks, "*", name, 1)) != nil
	}
	return out
}

// tagValues returns the values that a tag has in words of a form, apart where
// there are commas between.
func tagValues(tag, form string) []string {
	key, word, _ := strings.Cut(form, " ")
	text := reflect.StructTag(tag).Get(key)
	if word == "" && text != "" {
		return []string{text}
	}
	before, after, valued := strings.Cut(word, "*")
	if before == "" {
		return nil
	}
	var out []string
	for i := 0; i+len(before) <= len(text); i++ {
		if !strings.EqualFold(text[i:i+len(before)], before) || i > 0 && !strings.ContainsRune(";, ", rune(text[i-1])) {
			continue
		}
		if !valued {
			return []string{before}
		}
		value := text[i+len(before):]
		if end := strings.Index(value, after); after != "" && end >= 0 {
			value = value[:end]
		}
		for one := range strings.SplitSeq(value, ",") {
			if one = strings.TrimSpace(one); one != "" {
				out = append(out, one)
			}
		}
	}
	return out
}
