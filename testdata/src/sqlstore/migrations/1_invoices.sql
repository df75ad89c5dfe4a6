CREATE TABLE invoices (
    id          text PRIMARY KEY,
    tenant_id   text NOT NULL,
    customer_id text NOT NULL,
    status      text,
    total       bigint
);
CREATE TABLE plans (id text PRIMARY KEY, name text);
