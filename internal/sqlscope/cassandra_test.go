package sqlscope

import (
	"fmt"
	"strings"
	"testing"
)

// TestCassandra reads what only Cassandra's language has.
func TestCassandra(t *testing.T) {
	var s Schema
	s.ReadDDL("1.cql", `
		CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy'};
		CREATE TABLE IF NOT EXISTS k.traces (tenant_id text, id blob, tags map<text, text>, ts timestamp, PRIMARY KEY ((tenant_id, id), ts))
			WITH CLUSTERING ORDER BY (ts DESC) AND compaction = {'class': 'X'};`, Auto)
	for text, want := range map[string]string{
		"SELECT id FROM k.traces WHERE tenant_id = ? AND id = ?":                                       "reads bound $1",
		"SELECT id FROM traces WHERE id = ? ALLOW FILTERING":                                           "reads none",
		"SELECT id FROM traces WHERE tenant_id = ? AND id IN ? LIMIT 10 ALLOW FILTERING":               "reads bound $1",
		"SELECT id FROM traces WHERE tenant_id = ? PER PARTITION LIMIT 1":                              "reads bound $1",
		"INSERT INTO traces (tenant_id, id) VALUES (?, ?) USING TTL ?":                                 "inserts bound $1",
		"INSERT INTO traces (tenant_id, id) VALUES (?, ?) IF NOT EXISTS USING TTL ? AND TIMESTAMP ?":   "inserts bound $1",
		"UPDATE traces USING TTL ? SET tags = tags + ?, ts = ? WHERE tenant_id = ? AND id = ?":         "updates bound $4",
		"UPDATE traces SET tags['a'] = ? WHERE tenant_id = ? AND id = ? IF ts = ?":                     "updates bound $2",
		"DELETE tags['a'], ts FROM traces USING TIMESTAMP ? WHERE tenant_id = ? AND id = ? IF EXISTS":  "deletes bound $2",
		"SELECT id FROM traces WHERE token(tenant_id) > ? AND tags CONTAINS ? AND tags CONTAINS KEY ?": "reads none",
		"SELECT id FROM traces WHERE (tenant_id, id) = (?, ?)":                                         "reads bound $1",
		"UPDATE traces SET tags += {'a': ?}, l = [?, ?] + l WHERE tenant_id = ? AND id = ?":            "updates bound $4",
		"UPDATE traces SET tags = tags - {?}, l[0] = ? WHERE id = ? AND tenant_id = ?":                 "updates bound $4",
		"INSERT INTO traces (id, tags, tenant_id, l) VALUES (?, {'a': 'b'}, ?, [1, 2]) USING TTL 10":   "inserts bound $2",
		"SELECT id FROM traces WHERE tenant_id = ? ORDER BY v ANN OF [0.1, ?] LIMIT 3":                 "reads bound $1",
		"SELECT id FROM traces WHERE tenant_id = ? BYPASS CACHE":                                       "reads bound $1",
		"SELECT id FROM traces WHERE tenant_id = ? USING TIMEOUT 120s":                                 "reads bound $1",
		"SELECT id FROM traces WHERE tags = {'tenant_id': ?}":                                          "reads none",
		"TRUNCATE traces": "deletes none",
		"BEGIN UNLOGGED BATCH INSERT INTO traces (tenant_id, id) VALUES (?, ?); DELETE FROM traces WHERE id = ?; APPLY BATCH": "inserts bound $1, deletes none",
		"INSERT INTO traces JSON ?":               "unparsed",
		"UPDATE traces SET tags = { WHERE id = ?": "unparsed",
		"DELETE":    "unparsed",
		"USING TTL": "",
		"begin":     "",
	} {
		var got []string
		for _, stmt := range Scan(Plain(text), Options{Dialect: Cassandra, Catalog: &s}).Statements {
			if stmt.Unparsed != "" {
				got = append(got, "unparsed")
				continue
			}
			for i, occ := range stmt.Occurrences {
				got = append(got, fmt.Sprintf("%s %s", occ.Role, stmt.Restricted(i, "tenant_id")))
			}
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%s: got %q; want %q", text, s, want)
		}
	}
}
