// Package model has the rows as bun reads them; what is missing gqlgen adds.
package model

import "github.com/uptrace/bun"

// Comarca is a row of bench.comarques.
type Comarca struct {
	bun.BaseModel `bun:"table:bench.comarques,alias:c"`

	ID    string `bun:",pk"`
	Title string
}

// Municipality is a row of bench.municipalities.
type Municipality struct {
	bun.BaseModel `bun:"table:bench.municipalities,alias:m"`

	ID      string `bun:",pk"`
	IneCode string
	Title   string
	Comarca string
}

// Association is a row of bench.associations.
type Association struct {
	bun.BaseModel `bun:"table:bench.associations,alias:a"`

	ID           string `bun:",pk"`
	Municipality string
	Name         string
}

// IsOrganization makes it one of the interface.
func (Association) IsOrganization() {}

// GetID is of the interface.
func (a Association) GetID() string { return a.ID }

// GetName is of the interface.
func (a Association) GetName() string { return a.Name }

// SeatPool is a row of bench.seat_pools.
type SeatPool struct {
	bun.BaseModel `bun:"table:bench.seat_pools,alias:p"`

	ID           string `bun:",pk"`
	Event        string
	Name         string
	Capacity     int
	Confirmed    int
	Availability string
	Position     int
}
