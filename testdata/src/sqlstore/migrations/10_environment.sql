ALTER TABLE invoices ADD COLUMN environment_id text NOT NULL DEFAULT '';
