SELECT total FROM invoices WHERE id = $1
