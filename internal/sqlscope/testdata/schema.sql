-- The tables of the corpus: a help desk that several companies share. A
-- company is a tenant; it has environments (env_id) for trying things out.
-- plans and countries belong to nobody.
CREATE TABLE tenants (id uuid PRIMARY KEY, name text NOT NULL, plan_id uuid, parent_id uuid, created_at timestamptz);
CREATE TABLE plans (id uuid PRIMARY KEY, name text, seats int);
CREATE TABLE countries (code text PRIMARY KEY, name text);
CREATE TABLE members (tenant_id uuid NOT NULL REFERENCES tenants (id), user_id uuid NOT NULL, role text, email text, deleted_at timestamptz, PRIMARY KEY (tenant_id, user_id));
CREATE TABLE queues (id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants (id), env_id uuid NOT NULL, slug text, parent_id uuid REFERENCES queues (id), settings jsonb, UNIQUE (tenant_id, env_id, slug));
CREATE TABLE tickets (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, env_id uuid NOT NULL, queue_id uuid REFERENCES queues (id), subject text, status text, priority int, assignee_id uuid, data jsonb, tags text[], created_at timestamptz, updated_at timestamptz, deleted_at timestamptz);
CREATE TABLE comments (id uuid PRIMARY KEY, ticket_id uuid NOT NULL REFERENCES tickets (id), author_id uuid, body text, created_at timestamptz);
CREATE TABLE attachments (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, comment_id uuid REFERENCES comments (id), size bigint, url text);
CREATE TABLE api_keys (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, env_id uuid, hash text UNIQUE, revoked_at timestamptz, last_used_at timestamptz);
CREATE TABLE webhooks (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, env_id uuid NOT NULL, url text, enabled boolean);
CREATE TABLE deliveries (id bigint PRIMARY KEY, webhook_id uuid REFERENCES webhooks (id), ticket_id uuid, status int, attempts int, next_at timestamptz);
CREATE TABLE usage_daily (tenant_id uuid NOT NULL, env_id uuid NOT NULL, day date NOT NULL, opened int, closed int, PRIMARY KEY (tenant_id, env_id, day));
CREATE TABLE templates (id uuid PRIMARY KEY, tenant_id uuid, name text, body text);
CREATE TABLE audit_log (id bigint PRIMARY KEY, tenant_id uuid NOT NULL, env_id uuid, actor_id uuid, action text, at timestamptz);
