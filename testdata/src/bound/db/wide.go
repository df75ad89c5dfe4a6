package db

import "context"

// Ledger is a wide row.
type Ledger struct {
	ID       string
	TenantID string
	BoardID  string
	Month1   int64
	Month2   int64
	Month3   int64
	Month4   int64
	Month5   int64
	Month6   int64
	Month7   int64
	Month8   int64
	Month9   int64
	Month10  int64
	Month11  int64
	Month12  int64
	Month13  int64
	Month14  int64
	Month15  int64
	Month16  int64
	Month17  int64
	Month18  int64
	Month19  int64
	Month20  int64
	Month21  int64
	Month22  int64
	Month23  int64
	Month24  int64
	Month25  int64
	Month26  int64
	Month27  int64
	Month28  int64
	Month29  int64
	Month30  int64
	Month31  int64
	Month32  int64
	Month33  int64
	Month34  int64
	Month35  int64
	Month36  int64
	Month37  int64
	Month38  int64
	Month39  int64
	Month40  int64
	Month41  int64
	Month42  int64
	Month43  int64
	Month44  int64
	Month45  int64
	Month46  int64
	Month47  int64
	Month48  int64
	Month49  int64
	Month50  int64
	Month51  int64
	Month52  int64
	Month53  int64
	Month54  int64
	Month55  int64
	Month56  int64
	Month57  int64
	Month58  int64
	Month59  int64
	Month60  int64
	Month61  int64
	Month62  int64
	Month63  int64
	Month64  int64
	Month65  int64
	Month66  int64
	Month67  int64
	Month68  int64
	Month69  int64
}

const getLedger = `SELECT * FROM ledgers WHERE id = $1`

// GetLedger finds a ledger by its id.
func (q *Queries) GetLedger(ctx context.Context, id string) (Ledger, error) {
	row := q.db.QueryRowContext(ctx, getLedger, id)
	var i Ledger
	err := row.Scan(
		&i.ID,
		&i.TenantID,
		&i.BoardID,
		&i.Month1,
		&i.Month2,
		&i.Month3,
		&i.Month4,
		&i.Month5,
		&i.Month6,
		&i.Month7,
		&i.Month8,
		&i.Month9,
		&i.Month10,
		&i.Month11,
		&i.Month12,
		&i.Month13,
		&i.Month14,
		&i.Month15,
		&i.Month16,
		&i.Month17,
		&i.Month18,
		&i.Month19,
		&i.Month20,
		&i.Month21,
		&i.Month22,
		&i.Month23,
		&i.Month24,
		&i.Month25,
		&i.Month26,
		&i.Month27,
		&i.Month28,
		&i.Month29,
		&i.Month30,
		&i.Month31,
		&i.Month32,
		&i.Month33,
		&i.Month34,
		&i.Month35,
		&i.Month36,
		&i.Month37,
		&i.Month38,
		&i.Month39,
		&i.Month40,
		&i.Month41,
		&i.Month42,
		&i.Month43,
		&i.Month44,
		&i.Month45,
		&i.Month46,
		&i.Month47,
		&i.Month48,
		&i.Month49,
		&i.Month50,
		&i.Month51,
		&i.Month52,
		&i.Month53,
		&i.Month54,
		&i.Month55,
		&i.Month56,
		&i.Month57,
		&i.Month58,
		&i.Month59,
		&i.Month60,
		&i.Month61,
		&i.Month62,
		&i.Month63,
		&i.Month64,
		&i.Month65,
		&i.Month66,
		&i.Month67,
		&i.Month68,
		&i.Month69,
	)
	return i, err
}
