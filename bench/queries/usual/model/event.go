package model

import (
	"time"

	"github.com/uptrace/bun"
)

// Event is a row of bench.events.
type Event struct {
	bun.BaseModel `bun:"table:bench.events,alias:e"`

	ID           string `bun:",pk"`
	Organiser    string
	Municipality string
	Title        string
	Kind         string
	State        string
	Starts       time.Time `bun:"starts_at"`
	Ends         time.Time `bun:"ends_at"`
}

// StartsAt is the start as the contract writes it.
func (e *Event) StartsAt() *string { return moment(e.Starts) }

// EndsAt is the end as the contract writes it.
func (e *Event) EndsAt() *string { return moment(e.Ends) }

func moment(t time.Time) *string {
	text := t.UTC().Format(time.RFC3339)
	return &text
}

// EventConnection is a page of events.
type EventConnection struct {
	Nodes []*Event
	// Filter is what totalCount counts, which is done only when asked for.
	Filter *EventFilter
}
