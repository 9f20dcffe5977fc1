package model

import (
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
)

// BoardTerritoryCount is one row of the board by territory.
type BoardTerritoryCount struct {
	link.Slots
	TerritoryID id.ID // Zero: delegates without one
	calendar.DelegateCounts
}

// BoardRoleCount is one row of the board by role.
type BoardRoleCount struct {
	Role calendar.DelegateRole
	calendar.DelegateCounts
}

// RegistrationBoard is the organisers' board at one number.
type RegistrationBoard struct {
	Number int
	Cursor string
	calendar.DelegateCounts
	ByRole      []*BoardRoleCount
	ByTerritory []*BoardTerritoryCount
	Seats       []*SeatCount
}

// StreamCursor is where a reader of the board goes on after this message.
func (b *RegistrationBoard) StreamCursor() string { return b.Cursor }

// StreamCursor is where a reader of the event goes on after this message.
func (c *EventChange) StreamCursor() string { return c.Cursor }

// StreamCursor is where a reader of the list goes on after this message.
func (p *ParticipantImportProgress) StreamCursor() string { return p.Cursor }

// PartialDateOf shows what is known of a date; nil when nothing is.
func PartialDateOf(d calendar.PartialDate) *PartialDate {
	if d.IsZero() {
		return nil
	}
	known := func(n int) *int {
		if n == 0 {
			return nil
		}
		return &n
	}
	return &PartialDate{Year: known(d.Year), Month: known(d.Month), Day: known(d.Day)}
}

// StreamCursor is where a reader of the registration goes on after this message.
func (s *RegistrationStanding) StreamCursor() string { return s.Cursor }
