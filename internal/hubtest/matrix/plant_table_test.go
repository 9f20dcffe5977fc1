package matrix_test

import (
	"context"
	"time"

	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// council is a table that is being planted, with what is only for who sees inside
// and what only its organisers see.
type council struct {
	*world
	*table.Service
	name             string
	of               id.ID
	viewer           *access.Viewer
	members          []string
	inside, prepared *planted
	text, draft      lang.Text
}

// table makes a table with all that a table has. people see inside, organisers
// what is being prepared.
func (w *world) table(name, by string, home id.ID, visibility access.Level, people, organisers roles, members ...string) {
	w.Helper()
	c := &council{world: w, Service: table.New(w.hub.DB), name: name, members: members}
	c.inside, c.prepared = w.insideTable(name, visibility, people, organisers)
	c.text = lang.Text{CA: "Dins la taula " + w.book.mark(c.inside)}
	c.draft = lang.Text{CA: "En preparació " + w.book.mark(c.prepared)}
	title := titleOf(visibility, c.text)
	c.of = w.made(c.Create(context.Background(), w.viewer(by), table.Spec{
		Convenor: home, Kind: table.CrossCutting, Title: title, Description: title, Visibility: visibility,
		Inside: access.Members, Rules: table.DefaultRules(), Territories: []id.ID{home}, About: []id.ID{w.node("field")},
	}, ""))
	w.nodes[name] = c.of
	w.thing(name, node.WorkingTable.Global(c.of), c.of, map[bool]*planted{true: c.inside}[visibility != access.Public])
	c.viewer = w.viewer(by)
	long := time.Now().AddDate(0, 0, -50)
	for i, body := range members {
		w.ok(c.AddMember(context.Background(), c.viewer, c.of, w.node(body), table.Full, &long, nil, ""))
		w.seats(name, body, people, i == 0)
	}
	c.past()
	c.calls()
	c.prepares()
	c.asks()
	for _, of := range []string{"call", "poll"} {
		c.link(of)
	}
}

// insideTable plants what happens at a table and what it prepares. Who holds a
// link is told what they are called to and for what a date is asked.
func (w *world) insideTable(name string, visibility access.Level, people, organisers roles) (inside, prepared *planted) {
	called, asked := places{"*": people}, places{"*": organisers}
	for _, way := range []string{"Query.tableLink TableLink.", "TableLinkAnswerPayload.link TableLink."} {
		if visibility != access.Public {
			continue // nobody here holds a link of it
		}
		for _, f := range []string{"session", "agenda", "place", "dates TableLinkDate.id"} {
			called[way+f] = everybody()
		}
		asked[way+"session"], asked[way+"place"] = everybody(), everybody()
	}
	return w.plant("what happens at the "+name, nil, called), w.plant("what the "+name+" prepares", nil, asked)
}

// note names a part of the table.
func (c *council) note(what string, t id.Type, part id.ID, p *planted) id.ID {
	c.nodes[c.name+": "+what] = part
	c.thing(c.name+": "+what, t.GlobalPart(c.of, part), part, p)
	return part
}

// past are two sessions that were held, the minutes of the first approved.
func (c *council) past() {
	c.Helper()
	ctx, since, recent := context.Background(), time.Now().AddDate(0, 0, -40), time.Now().AddDate(0, 0, -10)
	held := c.note("held", table.SessionType, c.made(c.RecordSession(ctx, c.viewer, c.of, table.SessionSpec{Title: &c.text, StartsAt: &since, Place: &c.text.CA}, false, "")), c.inside)
	later := c.note("later", table.SessionType, c.made(c.RecordSession(ctx, c.viewer, c.of, table.SessionSpec{Title: &c.text, StartsAt: &recent}, false, "")), c.inside)
	for _, session := range []id.ID{held, later} {
		for _, body := range c.members {
			c.made(c.Attend(ctx, c.viewer, c.of, session, c.node(body), true, table.AsDelegate, ""))
		}
	}
	c.exec(`update working_tables set quorum_least = 1 where node = $1`, c.of)
	c.exec(`update table_sessions set needed = 1 where table_node = $1 and needed is not null`, c.of)
	c.resolves(held, recent)
	for _, session := range []id.ID{held, later} {
		c.made(c.DraftMinutes(ctx, c.viewer, c.of, session, lang.CA, ""))
		c.made(c.WriteMinutes(ctx, c.viewer, c.of, session, 1, "Acta "+c.text.CA, ""))
		c.made(c.CirculateMinutes(ctx, c.viewer, c.of, session, ""))
	}
	c.exec(`update table_sessions set state = 'MINUTES_APPROVED', approved_in = $2, approved_at = now() where id = $1`, held, later)
}

// resolves adopts something by a vote, for which somebody is responsible.
func (c *council) resolves(session id.ID, deadline time.Time) {
	c.Helper()
	ctx, first := context.Background(), c.members[0]
	item := c.note("item", table.ItemType, c.topic(c.name, session, c.text), c.inside)
	made := c.note("resolution", table.ResolutionType, c.made(c.Adopt(ctx, c.viewer, c.of, item, table.AdoptSpec{
		Kind: table.Task, Text: c.text, Responsible: c.node(first), Deadline: &deadline, Linked: c.node("open"),
		Named: []table.Vote{{Organization: c.node(first), Choice: table.For}},
	}, "")), c.inside)
	c.exec(`insert into table_resolution_people (resolution, table_node, person) values ($1, $2, $3)`, made, c.of, c.people["seated for the "+first].id)
	c.made(c.Follow(ctx, c.viewer, c.of, made, nil, table.FollowSpec{Note: c.text}, ""))
}

// calls makes a session that was called and answered.
func (c *council) calls() {
	c.Helper()
	ctx, soon := context.Background(), time.Now().AddDate(0, 0, 9)
	called := c.note("called", table.SessionType, c.made(c.CreateSession(ctx, c.viewer, c.of, table.SessionSpec{Title: &c.text, StartsAt: &soon, Place: &c.text.CA}, "")), c.inside)
	c.note("called item", table.ItemType, c.topic(c.name, called, c.text), c.inside)
	c.made(c.AddPaper(ctx, c.viewer, c.of, called, table.PaperSpec{Title: c.text, URL: "https://example.org/" + c.book.mark(c.inside)}, ""))
	c.made(c.Call(ctx, c.viewer, c.of, called, lang.Text{}, ""))
	c.made(c.AnswerCall(ctx, c.viewer, c.of, called, c.node(c.members[0]), table.Attends, ""))
}

// prepares makes a session for which the members are asked for a date.
func (c *council) prepares() {
	c.Helper()
	ctx, soon := context.Background(), time.Now().AddDate(0, 0, 12)
	session := c.note("draft", table.SessionType, c.made(c.CreateSession(ctx, c.viewer, c.of, table.SessionSpec{Title: &c.draft, Place: &c.draft.CA}, "")), c.prepared)
	c.note("draft item", table.ItemType, c.topic(c.name, session, c.draft), c.prepared)
	poll := c.note("poll", table.PollType, c.made(c.OpenPoll(ctx, c.viewer, c.of, session, []time.Time{soon, soon.AddDate(0, 0, 1)}, nil, "")), c.inside)
	polls, err := table.PollsByIDs(ctx, c.hub.DB.Read(), c.viewer, []id.ID{poll})
	c.ok(err)
	for _, d := range polls[0].Dates {
		c.note("date", table.PollDateType, d.ID, c.inside)
	}
	c.made(c.AnswerPoll(ctx, c.viewer, c.of, poll, c.node(c.members[0]), []table.DateChoice{{Date: polls[0].Dates[0].ID, Answer: table.Yes}}, ""))
}

// asks plants a request to belong to the table, one that was declined, and one of
// people that the matrix knows.
func (c *council) asks() {
	c.Helper()
	asked := c.note("request", table.JoinType, id.New(), c.prepared)
	c.exec(`insert into table_join_requests (id, table_node, organisation, message, asked_by) values ($1, $2, $3, $4, $5)`,
		asked, c.of, c.node("institute"), c.draft.CA, c.viewer.Person)
	c.exec(`insert into table_join_requests (id, table_node, organisation, message, asked_by, decided_at, decided_by, accepted, reason)
		values ($1, $2, $3, $4, $5, now(), $5, false, $4)`, id.New(), c.of, c.node("institute"), c.draft.CA, c.viewer.Person)
	c.exec(`insert into table_join_requests (id, table_node, organisation, asked_by) values ($1, $2, $3, $4)`,
		c.note("own request", table.JoinType, id.New(), c.inside), c.of, c.node(c.members[0]), c.viewer.Person)
}

// link plants the secret of a link that was mailed to who sits there by name.
func (c *council) link(of string) {
	c.Helper()
	secret, hash := c.secret(c.plant("the link to the "+of+" of the "+c.name, nil, nil), "")
	c.things[c.name+": link to the "+of] = secret
	c.exec(`update table_links set token_hash = $2, told_at = now(), expires_at = now() + interval '8 days'
		where seat = $1 and (poll is not null) = $3`, c.node(c.name+": seat of the "+c.members[0]), hash, of == "poll")
}

// topic puts an item onto the agenda of a session of a table.
func (w *world) topic(name string, session id.ID, text lang.Text) id.ID {
	w.Helper()
	ctx, v := context.Background(), w.viewer(map[string]string{"open table": officer, "hidden table": otherOfficer}[name])
	w.made(table.New(w.hub.DB).AddItem(ctx, v, w.node(name), session, table.ItemSpec{Title: text, Description: text}, ""))
	items, err := table.ItemsOf(ctx, w.hub.DB.Read(), v, []id.ID{session})
	w.ok(err)
	return items[session][len(items[session])-1].ID
}

func titleOf(visibility access.Level, text lang.Text) lang.Text {
	if visibility == access.Public {
		return lang.Text{CA: "Taula oberta inventada"}
	}
	return text
}

// made is what a command of a service made.
func (w *world) made(v id.ID, err error) id.ID {
	w.Helper()
	w.ok(err)
	return v
}

// seats lets a named person sit at a table for a body, and one with an account.
func (w *world) seats(name, body string, people roles, both bool) {
	w.Helper()
	p := w.plant("who sits at the "+name+" for the "+body, places{"TableSeat.name": people, "TableSeat.id": people}, nil)
	made, err := table.New(w.hub.DB).SetSeat(context.Background(), w.viewer(map[string]string{"club": rep, "other club": otherRep}[body]), w.node(name), table.SeatSpec{
		Organisation: w.node(body), Position: table.Delegate, Name: "Persona Asseguda " + w.book.mark(p),
		Mail: w.mark("the mail address of who sits at the "+name+" for the "+body, nil) + "@example.org",
	}, "")
	w.ok(err)
	w.book.object(p, made)
	w.nodes[name+": seat of the "+body] = made
	if both {
		seat := id.New()
		w.book.object(p, seat)
		w.exec(`insert into table_seats (id, table_node, organisation, position, person, valid) values ($1, $2, $3, 'SUBSTITUTE', $4, daterange('2020-01-01', null))`,
			seat, w.node(name), w.node(body), w.people["seated for the "+body].id)
	}
}
