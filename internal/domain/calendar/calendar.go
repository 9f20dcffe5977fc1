// Package calendar holds events and the registrations for them.
//
// # Events
//
// An event is a node: its title, home organisation and effective visibility
// live in the registry, its organisers, places and themes are edges, and the
// rest (dates, venue, programme, documents) is in tables of this package.
//
//	DRAFT ──publish──▶ PUBLISHED ──mark held──▶ HELD ──close──▶ CLOSED
//	  │                    │
//	  └──────cancel────────┴──────▶ CANCELLED
//
// A draft is seen by its organisers only, whatever visibility was declared for
// it; publishing gives the node the declared visibility. CANCELLED and CLOSED
// are final: nothing about such an event changes any more. A cancelled event
// keeps its reason and, when it was published before, stays visible.
//
// What always holds
//   - A title exists in at least one language.
//   - Either the exact start is known, or as much of the date as was said
//     ("28 November"): a missing year is never filled in. A published event has
//     some date.
//   - The end is after the start, registration closes after it opens.
//   - The home organisation is the lead organiser.
//   - A version of a document, once announced, never changes; corrections are
//     further versions.
//   - A place outside the event's area is kept as it was given, with a warning.
//
// Who may: who administers the home organisation may create; who has the
// organisers' level on the event may change it. Whoever cannot see the event is
// told that it does not exist.
//
// # Registrations
//
// A registration is a block of delegates of one organisation. Seats stand in
// pools, one general and any number of reserved ones, each with one waiting
// line. All decisions are taken in memory under the lock of the event's topic
// (seat_rules.go) and written with the facts in the same transaction; check
// constraints and unique keys stand behind the lock.
//
// What always holds
//   - Confirmed seats never exceed a pool's capacity.
//   - No seat stays free while the first in line fits.
//   - A block that does not fit is not overtaken by later, smaller ones, unless
//     the organiser chose so.
//   - A cancellation promotes in the same transaction.
//   - The same command sent twice with one key takes effect once.
//
// # Facts
//
// Facts name things by id and carry no personal data. They are published at the
// level at which the thing itself can be seen: what happens to a draft is for
// its organisers.
package calendar

import (
	"sync"
	"time"
	_ "time/tzdata" // machines without a zone database must know Madrid too
)

// madrid is the zone in which the hub's days begin and end.
var madrid = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		panic("calendar: the embedded zone database lacks Europe/Madrid: " + err.Error())
	}
	return zone
})
