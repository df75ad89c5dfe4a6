CREATE TABLE boards (id text PRIMARY KEY, tenant_id text NOT NULL, name text);
CREATE TABLE cards (
    id        text PRIMARY KEY,
    tenant_id text NOT NULL,
    board_id  text NOT NULL REFERENCES boards (id),
    title     text
);
