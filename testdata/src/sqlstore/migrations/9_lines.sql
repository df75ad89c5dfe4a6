CREATE TABLE invoice_lines (
    id         text PRIMARY KEY,
    invoice_id text NOT NULL REFERENCES invoices (id),
    total      bigint
);
