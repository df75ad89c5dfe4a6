package sqlscope

import "testing"

// TestSecured asks tables whether a policy holds a statement to the caller's rows.
func TestSecured(t *testing.T) {
	const table = "CREATE TABLE notes (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, body text);\n"
	const on = table + "ALTER TABLE notes ENABLE ROW LEVEL SECURITY;\nALTER TABLE notes FORCE ROW LEVEL SECURITY;\n"
	const policy = on + "CREATE POLICY own ON notes USING "
	for name, tc := range map[string]struct {
		ddl  string
		role Role
		user string
		want string
	}{
		"plain":         {ddl: policy + `(tenant_id = current_setting('app.tenant_id')::uuid)`},
		"may be absent": {ddl: policy + `(tenant_id = NULLIF(current_setting('App.Tenant_ID', true), '')::uuid)`},
		"sub-select":    {ddl: policy + `(tenant_id = (SELECT current_setting('app.tenant_id')::uuid))`},
		"as text":       {ddl: policy + `(tenant_id::text = current_setting('app.tenant_id') AND body IS NOT NULL)`},
		"function": {ddl: `CREATE OR REPLACE FUNCTION tenant() RETURNS uuid AS $$ SELECT current_setting('app.tenant_id')::uuid $$ LANGUAGE sql STABLE;` +
			policy + `(tenant_id = tenant())`},
		"procedure": {ddl: `CREATE FUNCTION app.tenant() RETURNS uuid LANGUAGE plpgsql AS $$ BEGIN RETURN current_setting('app.tenant_id')::uuid; EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$;` +
			policy + `(tenant_id = app.tenant())`},
		"function that falls back": {ddl: `CREATE FUNCTION tenant() RETURNS text AS $$ SELECT coalesce(current_setting('app.tenant_id', true), 'house') $$ LANGUAGE sql;` +
			policy + `(tenant_id = tenant())`,
			want: "policy own of notes does not compare tenant_id with app.tenant_id"},
		"not enabled": {ddl: table + `CREATE POLICY own ON notes USING (tenant_id = current_setting('app.tenant_id')::uuid)`,
			want: "row-level security is not enabled on notes"},
		"not forced": {ddl: table + `ALTER TABLE notes ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON notes USING (tenant_id = current_setting('app.tenant_id')::uuid)`,
			want: "row-level security is not forced on notes, so the owner of the table is not held to it"},
		"not forced, another role": {user: "app",
			ddl: table + `ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON public.notes USING (tenant_id = current_setting('app.tenant_id')::uuid)`},
		"disabled again": {ddl: policy + `(tenant_id = current_setting('app.tenant_id')::uuid); ALTER TABLE notes DISABLE ROW LEVEL SECURITY`,
			want: "row-level security is not enabled on notes"},
		"no policy": {ddl: on, want: "no policy of notes compares tenant_id with app.tenant_id"},
		"dropped":   {ddl: policy + `(tenant_id = current_setting('app.tenant_id')::uuid); DROP POLICY IF EXISTS own ON notes`, want: "no policy of notes compares tenant_id with app.tenant_id"},
		"another setting": {ddl: policy + `(tenant_id = current_setting('app.org_id')::uuid)`,
			want: "policy own of notes does not compare tenant_id with app.tenant_id"},
		"switched off": {ddl: policy + `(tenant_id = current_setting('app.tenant_id', true)::uuid OR current_setting('app.tenant_id', true) = '')`,
			want: "policy own of notes does not compare tenant_id with app.tenant_id"},
		"bypass": {ddl: policy + `(current_setting('app.bypass', true) = 'on' OR tenant_id = current_setting('app.tenant_id', true)::uuid)`,
			want: "policy own of notes does not compare tenant_id with app.tenant_id"},
		"beside one for all": {ddl: policy + `(tenant_id = current_setting('app.tenant_id')::uuid); CREATE POLICY open ON notes FOR SELECT USING (true)`,
			want: "policy open of notes does not compare tenant_id with app.tenant_id"},
		"one for all of another role": {user: "app",
			ddl: policy + `(tenant_id = current_setting('app.tenant_id')::uuid); CREATE POLICY open ON notes TO support USING (true)`},
		"one for all of another command": {role: Deletes,
			ddl: policy + `(tenant_id = current_setting('app.tenant_id')::uuid); CREATE POLICY open ON notes FOR SELECT USING (true)`},
		"restrictive": {ddl: on + `CREATE POLICY open ON notes USING (true); CREATE POLICY own ON notes AS RESTRICTIVE USING (tenant_id = current_setting('app.tenant_id')::uuid)`},
		"insert":      {role: Inserts, ddl: policy + `(tenant_id = current_setting('app.tenant_id')::uuid)`},
		"insert anything": {role: Inserts, ddl: policy + `(tenant_id = current_setting('app.tenant_id')::uuid) WITH CHECK (true)`,
			want: "policy own of notes does not compare tenant_id with app.tenant_id"},
		"altered": {ddl: policy + `(true); ALTER POLICY own ON notes USING (tenant_id = current_setting('app.tenant_id')::uuid)`},
	} {
		t.Run(name, func(t *testing.T) {
			var s Schema
			s.ReadDDL("1.sql", tc.ddl, Auto)
			if got := s.Secured("notes", tc.role, []string{"tenant_id"}, "app.tenant_id", tc.user); got != tc.want {
				t.Errorf("got %q; want %q", got, tc.want)
			}
		})
	}
}
