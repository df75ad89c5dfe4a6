CREATE TABLE boards (id text PRIMARY KEY, tenant_id text NOT NULL, name text);
CREATE TABLE cards (
    id        text PRIMARY KEY,
    tenant_id text NOT NULL,
    board_id  text NOT NULL REFERENCES boards (id),
    title     text
);
CREATE TABLE tasks (id text PRIMARY KEY, card_id text NOT NULL REFERENCES cards (id), title text);
CREATE TABLE members (tenant_id text NOT NULL, user_id text NOT NULL, role text, PRIMARY KEY (tenant_id, user_id));
CREATE TABLE projects (id text PRIMARY KEY, org_id text NOT NULL);
CREATE TABLE sprints (id text PRIMARY KEY, tenant_id text NOT NULL REFERENCES projects (id), name text);
CREATE TABLE files (
    id      text PRIMARY KEY,
    card_id text REFERENCES cards (id),
    task_id text REFERENCES tasks (id),
    url     text
);
CREATE TABLE ledgers (id text PRIMARY KEY, tenant_id text NOT NULL, board_id text REFERENCES boards (id));
CREATE TABLE themes (tenant_id text PRIMARY KEY, name text);
CREATE TABLE pins (
    tenant_id text PRIMARY KEY,
    board_id  uuid REFERENCES boards (id),
    card_id   uuid REFERENCES cards (id)
);
