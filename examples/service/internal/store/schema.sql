-- The rows of tenants begin with whose they are, and their keys do too: two
-- tenants, or two environments of one, may use the same ids.

CREATE TABLE IF NOT EXISTS members (
	tenant_id TEXT NOT NULL,
	env       TEXT NOT NULL,
	user_id   TEXT NOT NULL,
	role      TEXT NOT NULL CHECK (role IN ('member', 'admin', 'owner')),
	PRIMARY KEY (tenant_id, env, user_id)
);

CREATE TABLE IF NOT EXISTS projects (
	tenant_id TEXT NOT NULL,
	env       TEXT NOT NULL,
	id        TEXT NOT NULL,
	name      TEXT NOT NULL,
	settings  TEXT NOT NULL DEFAULT '{}',
	PRIMARY KEY (tenant_id, env, id)
);

-- An invoice refers to a project by the whole key, so that it cannot refer to
-- another tenant's.
CREATE TABLE IF NOT EXISTS invoices (
	tenant_id TEXT NOT NULL,
	env       TEXT NOT NULL,
	id        TEXT NOT NULL,
	project   TEXT NOT NULL,
	cents     INTEGER NOT NULL,
	currency  TEXT NOT NULL REFERENCES currencies (code),
	status    TEXT NOT NULL DEFAULT 'draft',
	PRIMARY KEY (tenant_id, env, id),
	FOREIGN KEY (tenant_id, env, project) REFERENCES projects (tenant_id, env, id)
);

CREATE TABLE IF NOT EXISTS webhooks (
	tenant_id TEXT NOT NULL,
	env       TEXT NOT NULL,
	id        TEXT NOT NULL,
	url       TEXT NOT NULL,
	PRIMARY KEY (tenant_id, env, id)
);

-- What signing in needs comes before there is a tenant. An environment's tokens
-- are good for nothing in another.
CREATE TABLE IF NOT EXISTS tokens (
	hash    TEXT PRIMARY KEY, -- SHA-256, in hex
	user_id TEXT NOT NULL,
	env     TEXT NOT NULL
);

-- The same for everybody.
CREATE TABLE IF NOT EXISTS currencies (
	code TEXT PRIMARY KEY,
	name TEXT NOT NULL
);

INSERT INTO currencies (code, name) VALUES ('EUR', 'euro'), ('USD', 'US dollar') ON CONFLICT DO NOTHING;
