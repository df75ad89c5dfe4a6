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
CREATE TABLE bots (id text PRIMARY KEY, tenant_id text NOT NULL, name text);
CREATE TABLE people (id text PRIMARY KEY, directory_id text UNIQUE, name text);
CREATE TABLE seats (tenant_id text NOT NULL, user_id text NOT NULL REFERENCES people (id), PRIMARY KEY (tenant_id, user_id));
CREATE TABLE watchers (
    card_id text NOT NULL REFERENCES cards (id),
    kind    text NOT NULL,
    user_id text NOT NULL,
    PRIMARY KEY (card_id, kind, user_id)
);
CREATE TABLE notes (
    card_id text NOT NULL REFERENCES cards (id),
    name    text NOT NULL,
    body    text,
    PRIMARY KEY (card_id, name)
);
CREATE TABLE sessions (id text PRIMARY KEY, tenant_id text NOT NULL, user_id text NOT NULL REFERENCES people (id), body text);
CREATE TABLE votes (
    user_id text PRIMARY KEY REFERENCES people (id),
    card_id text NOT NULL REFERENCES cards (id)
);
