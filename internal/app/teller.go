package app

import (
	"fmt"
	"io"
	"time"

	"github.com/teixit/teixit/internal/demo"
)

// teller tells the person at the terminal what happens and, in the end, what to
// try.
type teller struct {
	out         io.Writer
	begun, last time.Time
	open        bool
}

func newTeller(out io.Writer) *teller {
	now := time.Now()
	return &teller{out: out, begun: now, last: now}
}

// step ends the line of the step before and begins the next.
func (t *teller) step(what string) {
	t.done()
	t.open = true
	fmt.Fprintf(t.out, "%-44s", what+" …")
}

func (t *teller) done() {
	now := time.Now()
	if t.open {
		fmt.Fprintf(t.out, "%6.2f s\n", now.Sub(t.last).Seconds())
	}
	t.last, t.open = now, false
}

// ready says where the hub is and, in the demonstration, what to paste.
func (t *teller) ready(h *Hub, addr string) {
	t.done()
	fmt.Fprintf(t.out, "Teixit answers after %.2f s at http://%s\n", time.Since(t.begun).Seconds(), addr)
	if h.Demo == nil {
		return
	}
	fmt.Fprintf(t.out, `
  GraphiQL   http://%[1]s/graphiql
  Schema     http://%[1]s/schema.graphql

A query to paste: Terrassa with its organisations and upcoming events

%[2]s

A subscription to paste: the event and every change of it, seats included

  subscription { eventChanges(id: "%[3]s") {
    number cursor kind event { title } seats { availability capacity confirmed waiting } } }

A working table of Terrassa, inside:

  subscription { tableChanges(id: "%[4]s") {
    number cursor kind session { title state quorum { present needed } } resolution { text state } organization { name } } }

A workshop in three neighbourhoods, as groups note and merge:

  subscription { workshopBoard(id: "%[5]s") {
    number workshop { state board { territory { title } priorities { text authors { name } projects { title } } } } } }

And what came of what people were asked before it: event, workshop, priorities, projects, a working table

%[6]s

People of the demonstration (invented). To be one of them, send the header
  Authorization: Bearer TOKEN

`, addr, exampleQuery, h.Cast.Event, h.Cast.Table, h.Cast.Workshop, fmt.Sprintf(chainQuery, h.Cast.Consultation))
	for _, p := range h.Cast.People {
		fmt.Fprintf(t.out, "  %s, %s\n    %s\n", p.Name, p.Role, h.Demo.Token(p.ID))
	}
	fmt.Fprintf(t.out, `
To sign in as people do, ask for a code at http://%[1]s/sign-in and read it at
http://%[1]s/demo/mail, where all mails of the demonstration are; none leaves this machine.

`, addr)
	for _, p := range h.Cast.People {
		fmt.Fprintf(t.out, "  %-28s  %s\n", h.castMails[p.ID], p.Role)
	}
	fmt.Fprintf(t.out, "  %-28s  administrator of the platform\n", demo.AdminMail)
	fmt.Fprintln(t.out, "\nCtrl-C ends it. The data stay; `make demo-reset` removes them.")
}

const exampleQuery = `  { municipality(by: {ineCode: "08279"}) {
    title population { inhabitants year }
    organizations(first: 10) { totalCount nodes { __typename title } }
    events(first: 10) { nodes { title startsAt seatPools { availability capacity confirmed } } } } }`

const chainQuery = `  { priorConsultation(id: "%s") { title answers findings { text }
    ledTo { ... on Event { title ledTo { ... on Workshop { title board { territory { title }
      priorities { text authors { name } projects { title partners { organization { name } } ledTo { ... on WorkingTable { title } } } } } } } } } } }`
