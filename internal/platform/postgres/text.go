package postgres

import "github.com/jackc/pgx/v5"

// TextRow reads a row whose columns are all text and none NULL, for exports.
func TextRow(row pgx.CollectableRow) ([]string, error) {
	cells := make([]string, len(row.FieldDescriptions()))
	targets := make([]any, len(cells))
	for i := range cells {
		targets[i] = &cells[i]
	}
	return cells, row.Scan(targets...)
}
