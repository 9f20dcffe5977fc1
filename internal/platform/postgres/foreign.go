package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// Pgx shows the transaction to a library that asks for a pgx.Tx of its own, so
// that its rows come and go with the others. It cannot end the transaction nor
// nest one in it: only InTx does the first, and a failed statement has to roll
// back everything.
func (tx *Tx) Pgx() pgx.Tx { return lentTx{tx.native} }

// lentTx is an open transaction in the hands of somebody else.
type lentTx struct{ connection }

// connection gives the embedded field a name that leaves Conn to the method.
type connection = *pgx.Conn

var errLent = errors.New("postgres: this transaction belongs to InTx")

func (t lentTx) Begin(context.Context) (pgx.Tx, error) { return nil, errLent }
func (t lentTx) Commit(context.Context) error          { return errLent }
func (t lentTx) Rollback(context.Context) error        { return errLent }
func (t lentTx) LargeObjects() pgx.LargeObjects        { return pgx.LargeObjects{} }
func (t lentTx) Conn() *pgx.Conn                       { return t.connection }
