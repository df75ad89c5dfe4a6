CREATE FUNCTION current_tenant() RETURNS text AS $$ SELECT current_setting('app.tenant_id') $$ LANGUAGE sql STABLE;

CREATE TABLE jottings (id uuid PRIMARY KEY, tenant_id text NOT NULL DEFAULT current_setting('app.tenant_id'), body text);
ALTER TABLE jottings ENABLE ROW LEVEL SECURITY;
ALTER TABLE jottings FORCE ROW LEVEL SECURITY;
CREATE POLICY own_jottings ON jottings USING (tenant_id = current_tenant());

CREATE TABLE memos (id uuid PRIMARY KEY, tenant_id text NOT NULL, body text);
ALTER TABLE memos ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_memos ON memos USING (tenant_id = current_setting('app.tenant_id', true));

CREATE TABLE drafts (id uuid PRIMARY KEY, tenant_id text NOT NULL, body text);
ALTER TABLE drafts ENABLE ROW LEVEL SECURITY;
ALTER TABLE drafts FORCE ROW LEVEL SECURITY;
CREATE POLICY own_drafts ON drafts USING (tenant_id = current_setting('app.tenant_id', true) OR current_setting('app.tenant_id', true) = '');
