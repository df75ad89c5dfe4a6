package models

import (
	"reflect"
	"strings"
)

// RelationTags are the struct tags by which a library finds what the rows of a
// field refer to. Each is the key of a tag and, behind a space, the form of the
// words that it is about: the * in it stands for a value, which ends where what is
// behind the * follows, or with the tag.
type RelationTags struct {
	Linked  []string // the rows are found by links that stand beside them
	Refers  []string // the row with the field refers to that in it
	Key     string   // the columns that refer, or pairs of own and other columns, with = between
	Subject string   // the columns that Key refers to
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

// tagValues returns the values that a tag has in words of a form, apart where
// there are commas between.
func tagValues(tag, form string) []string {
	key, word, _ := strings.Cut(form, " ")
	before, after, _ := strings.Cut(word, "*")
	if before == "" {
		return nil
	}
	var out []string
	text := reflect.StructTag(tag).Get(key)
	for i := 0; i+len(before) <= len(text); i++ {
		if !strings.EqualFold(text[i:i+len(before)], before) || i > 0 && !strings.ContainsRune(";, ", rune(text[i-1])) {
			continue
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
