SELECT total FROM invoices WHERE id = $1 AND tenant_id = $2 AND environment_id = $3
