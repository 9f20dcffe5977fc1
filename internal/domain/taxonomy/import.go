package taxonomy

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

//go:embed data/terms.csv
var termsCSV []byte

// importLock makes instances that start together import one after the other.
const importLock = 7_315_948_222

// Import adds the terms that come with the hub and are not there yet, in one
// short transaction, and returns how many. What an officer has renamed, moved
// or retired stays as it is. It can run at every start.
func Import(ctx context.Context, db *postgres.DB) (added int, err error) {
	terms, err := load()
	if err != nil {
		return 0, err
	}
	err = db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		added, err = addMissing(ctx, tx, terms)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("import taxonomies: %w", err)
	}
	return added, nil
}

func addMissing(ctx context.Context, tx *postgres.Tx, terms []Entry) (int, error) {
	q := tx.Native()
	if _, err := q.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(importLock)); err != nil {
		return 0, fmt.Errorf("wait for another import: %w", err)
	}
	rows, err := q.Query(ctx, `select node from taxonomy_terms`)
	if err != nil {
		return 0, fmt.Errorf("read what is there: %w", err)
	}
	there, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return 0, fmt.Errorf("read what is there: %w", err)
	}
	terms = slices.DeleteFunc(terms, func(e Entry) bool { return slices.Contains(there, e.ID) })
	nodes := make([]node.Node, len(terms))
	for i, e := range terms {
		nodes[i] = e.Node
	}
	if err := node.Register(ctx, tx, nodes...); err != nil {
		return 0, err
	}
	return len(terms), insertTerms(ctx, q, terms)
}

// load reads the embedded terms; their order in the file is their position.
func load() ([]Entry, error) {
	r := csv.NewReader(bytes.NewReader(termsCSV))
	r.FieldsPerRecord = 5
	records, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("taxonomy data: %w", err)
	}
	terms := make([]Entry, 0, len(records))
	for i, f := range records[1:] {
		kind := node.Kind(f[0])
		e := Entry{Code: f[1], Position: (i + 1) * 10} // room to move one between two
		e.Node = node.Node{ID: TermID(kind, f[1]), Kind: kind, Title: lang.Text{CA: f[2], ES: f[3], EN: f[4]}}
		if err := checkNew(kind, e.Code, e.Title, e.Note); err != nil {
			return nil, fmt.Errorf("taxonomy data: terms.csv, row %d: %w", i+2, err)
		}
		terms = append(terms, e)
	}
	return terms, nil
}
