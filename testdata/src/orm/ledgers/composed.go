package ledgers

// row is an invoice.
type row struct {
	ID     string `db:"id"`
	Tenant string `db:"tenant_id"`
	Env    string `db:"environment_id"`
}
