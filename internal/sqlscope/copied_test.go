package sqlscope

import (
	"fmt"
	"testing"
)

// TestCopied: which column of another row an inserted one takes over, whatever way
// there is to it, and no other.
func TestCopied(t *testing.T) {
	for text, want := range map[string]string{
		"INSERT INTO notes (card_id, name) SELECT c.id, $1 FROM cards c WHERE c.id = $2":                                "cards.id",
		"INSERT INTO notes (card_id, name) SELECT id, $1 FROM cards WHERE id = $2":                                      "cards.id",
		"INSERT INTO notes (card_id, name) SELECT x.id, $1 FROM (SELECT c.id FROM cards c WHERE c.id = $2) x":           "cards.id",
		"WITH x AS (SELECT c.id FROM cards c WHERE c.id = $2) INSERT INTO notes (card_id, name) SELECT x.id, $1 FROM x": "cards.id",
		"INSERT INTO notes (card_id, name) VALUES ($1, $2)":                                                             "",
		"INSERT INTO notes (card_id, name) SELECT c.id, $1 FROM cards c WHERE c.id = $2 UNION ALL SELECT $2, $1":        "",
		"INSERT INTO notes (card_id, name) SELECT c.id, $1 FROM cards c UNION ALL SELECT d.id, $1 FROM cards d":         "",
		"INSERT INTO notes (card_id, name) SELECT COALESCE(c.id, $2), $1 FROM cards c":                                  "",
		"INSERT INTO notes (card_id, name) SELECT (SELECT c.id FROM cards c WHERE c.id = $2), $1":                       "cards.id",
		"INSERT INTO notes (name) SELECT c.id FROM cards c":                                                             "",
		"INSERT INTO notes SELECT c.id, $1 FROM cards c":                                                                "",
		"INSERT INTO notes (card_id, name) SELECT c.id || $2, $1 FROM cards c":                                          "",
		"INSERT INTO notes (card_id, name) SELECT c.board_id, $1 FROM cards c WHERE c.board_id = $2":                    "cards.board_id",
		"INSERT INTO notes (card_id, name) SELECT CASE WHEN $3 THEN c.id ELSE $2 END, $1 FROM cards c":                  "",
	} {
		stmt := Scan(Plain(text), Options{}).Statements[0]
		if stmt.Unparsed != "" {
			t.Errorf("%s: %s", text, stmt.Unparsed)
			continue
		}
		got := ""
		for i, occ := range stmt.Occurrences {
			if occ.Role != Inserts {
				continue
			}
			if from, name, ok := stmt.Copied(i, "card_id"); ok {
				got = fmt.Sprint(stmt.Occurrences[from].Table, ".", name)
			}
		}
		if got != want {
			t.Errorf("%s: copied from %q, want %q", text, got, want)
		}
	}
	// What an upsert meets has the columns of its target from what is inserted.
	stmt := Scan(Plain("INSERT INTO notes (card_id, name, body) VALUES ($1, $2, $3) ON CONFLICT (card_id, name) DO UPDATE SET body = EXCLUDED.body"), Options{}).Statements[0]
	for i, occ := range stmt.Occurrences {
		from, name, ok := stmt.Copied(i, "card_id")
		if met := occ.Role == Upserts; ok != met || met && (name != "card_id" || stmt.Occurrences[from].Role != Inserts) {
			t.Errorf("%s of notes: from %d %s, %t", occ.Role, from, name, ok)
		}
		if _, _, ok := stmt.Copied(i, "body"); ok {
			t.Errorf("%s of notes: body is not part of its key", occ.Role)
		}
	}
	if _, _, ok := stmt.Copied(7, "card_id"); ok {
		t.Error("there is no such occurrence")
	}
}
