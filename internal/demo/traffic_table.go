package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// A session of the traffic has so many topics, and then the next one is called.
const sessionTopics = 6

// atTable does one thing at the table that is watched: somebody arrives or leaves,
// a topic comes up, something is decided; when all is said the session ends, its
// minutes are drafted, and the next one begins.
func (t *traffic) atTable(ctx context.Context) (string, error) {
	if t.room == nil {
		return "there is no table", nil
	}
	if t.meets.IsZero() {
		return t.meet(ctx)
	}
	found, err := table.SessionsByIDs(ctx, t.DB.Read(), t.room.viewer, []id.ID{t.meets})
	if err != nil || len(found) == 0 || found[0].State != table.InSession {
		t.meets = id.Zero
		return "the session is over", err
	}
	switch of := found[0]; {
	case t.topics > sessionTopics:
		return t.rise(ctx)
	case !of.HasQuorum() || t.chance.IntN(3) == 0:
		return t.comeOrGo(ctx, of)
	default:
		return t.decide(ctx)
	}
}

// meet calls a session for today, with a reason for the haste, and opens it.
func (t *traffic) meet(ctx context.Context) (string, error) {
	at, key := time.Now().Add(time.Hour), id.New().String()
	room := t.room
	room.key = "demo:traffic:" + key
	session, err := room.Tables.CreateSession(ctx, room.viewer, room.table, table.SessionSpec{StartsAt: &at}, key)
	if err != nil {
		return "", err
	}
	title := lang.Text{CA: "Obertura", ES: "Apertura", EN: "Opening"}
	if _, err := room.topic(ctx, session, "opening", title); err != nil {
		return "", err
	}
	urgent := lang.Text{CA: "Trànsit de la demostració.", ES: "Tráfico de la demostración.", EN: "Traffic of the demonstration."}
	if _, err := room.Tables.Call(ctx, room.viewer, room.table, session, urgent, key+":call"); err != nil {
		return "", err
	}
	if _, err := room.Tables.OpenSession(ctx, room.viewer, room.table, session, false, key+":open"); err != nil {
		return "", err
	}
	t.meets, t.topics = session, 0
	return "opened a session of a table", nil
}

// comeOrGo lets a member arrive, or, when there are many, leave.
func (t *traffic) comeOrGo(ctx context.Context, of *table.Session) (string, error) {
	attendance, err := table.AttendanceOf(ctx, t.DB.Read(), t.room.viewer, []id.ID{of.ID})
	if err != nil {
		return "", err
	}
	leave := of.Present > of.Needed
	for _, a := range attendance[of.ID] {
		if a.Present != leave {
			continue
		}
		_, err := t.room.Tables.Attend(ctx, t.room.viewer, t.room.table, of.ID, a.Organization, !leave, table.AsDelegate, id.New().String())
		return fmt.Sprintf("somebody left the table: %v", leave), err
	}
	return "everybody was at the table", nil
}

// decide brings a topic up and adopts something.
func (t *traffic) decide(ctx context.Context) (string, error) {
	t.topics++
	title := lang.Text{
		CA: fmt.Sprintf("Acord de demostració %d", t.topics), ES: fmt.Sprintf("Acuerdo de demostración %d", t.topics),
		EN: fmt.Sprintf("Demonstration resolution %d", t.topics),
	}
	item, err := t.room.topic(ctx, t.meets, fmt.Sprint(t.topics), title)
	if err != nil {
		return "", err
	}
	if _, err := t.room.Tables.OpenItem(ctx, t.room.viewer, t.room.table, item, id.New().String()); err != nil {
		return "", err
	}
	_, err = t.room.Tables.Adopt(ctx, t.room.viewer, t.room.table, item, table.AdoptSpec{
		Kind: table.Decision, Text: title, Vote: &table.Tally{For: 1 + t.chance.IntN(2), Against: t.chance.IntN(2)},
	}, id.New().String())
	return "decided at a table", err
}

// rise ends the session, takes what it decided as done, and drafts the minutes.
func (t *traffic) rise(ctx context.Context) (string, error) {
	room, key := t.room, id.New().String()
	session := t.meets
	t.meets = id.Zero
	decided, err := table.ResolutionsOfSessions(ctx, t.DB.Read(), room.viewer, []id.ID{session})
	if err != nil {
		return "", err
	}
	done := table.Done
	for i, r := range decided[session] {
		if !r.State.Live() {
			continue
		}
		if _, err := room.Tables.Follow(ctx, room.viewer, room.table, r.ID, nil, table.FollowSpec{State: &done}, fmt.Sprint(key, i)); err != nil {
			return "", err
		}
	}
	items, err := table.ItemsOf(ctx, t.DB.Read(), room.viewer, []id.ID{session})
	if err != nil {
		return "", err
	}
	for i, item := range items[session] { // what stays open would come back every time
		if item.Outcome != nil || item.Kind != table.Topic {
			continue
		}
		if _, err := room.Tables.CloseItem(ctx, room.viewer, room.table, item.ID, table.OutcomeInformation, lang.Text{}, fmt.Sprint(key, "item", i)); err != nil {
			return "", err
		}
	}
	if _, err := room.Tables.CloseSession(ctx, room.viewer, room.table, session, key+":close"); err != nil {
		return "", err
	}
	_, err = room.Tables.DraftMinutes(ctx, room.viewer, room.table, session, lang.CA, key+":draft")
	return "ended a session and drafted its minutes", err
}
