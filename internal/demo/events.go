package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// plan is one event of the demonstration, before its dates are known.
type plan struct {
	key  string
	in   calendar.EventInput // without dates
	when when
	ends calendar.EventState // the state it is brought to
}

// when places an event in time by the day of loading.
type when struct {
	days       int        // after the day of loading; negative: before
	month      time.Month // a fixed day of the year instead of days
	day        int
	back       bool // the last such day, not the next
	start, end clock
	more       int // days on which it goes on
	anyDay     bool
	dateless   calendar.PartialDate // as much as is known, instead of all that
	closes     int                  // registration closes so many days before; 0: with the event
}

// clock is a time of day: 930 is half past nine.
type clock int

func (c clock) on(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), int(c)/100, int(c)%100, 0, 0, day.Location())
}

// first is the day on which the event begins. Days counted from the loading
// fall on working days, further away when they have to move.
func (w when) first(today time.Time) time.Time {
	if w.month != 0 {
		return w.anniversary(today)
	}
	day := today.AddDate(0, 0, w.days)
	step := 1
	if w.days < 0 {
		step = -1
	}
	for !w.anyDay && (day.Weekday() == time.Saturday || day.Weekday() == time.Sunday) {
		day = day.AddDate(0, 0, step)
	}
	return day
}

// anniversary is the next or last such day of a year that is not today.
func (w when) anniversary(today time.Time) time.Time {
	day := time.Date(today.Year(), w.month, w.day, 0, 0, 0, 0, today.Location())
	switch {
	case w.back && !day.Before(today):
		return day.AddDate(-1, 0, 0)
	case !w.back && !day.After(today):
		return day.AddDate(1, 0, 0)
	}
	return day
}

// dated is the event's input with its dates.
func (p plan) dated(today time.Time) calendar.EventInput {
	in := p.in
	if in.Date = p.when.dateless; !in.Date.IsZero() {
		return in
	}
	day := p.when.first(today)
	in.StartsAt = p.when.start.on(day)
	in.EndsAt = p.when.end.on(day.AddDate(0, 0, p.when.more))
	if p.when.closes > 0 {
		in.RegistrationClosesAt = clock(1400).on(day.AddDate(0, 0, -p.when.closes))
	}
	for i, s := range in.Sessions {
		in.Sessions[i].StartsAt, in.Sessions[i].EndsAt = onDay(day, s.StartsAt), onDay(day, s.EndsAt)
	}
	return in
}

// onDay moves a time of day, made with hours, to a day.
func onDay(day, t time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), t.Hour(), t.Minute(), 0, 0, day.Location())
}

// hours is a time of day for a session, on no day yet.
func hours(c clock) time.Time { return c.on(time.Time{}) }

// plans lists all events; those to watch come first, in the order of scenes.
func plans() ([]plan, error) {
	speakers, err := representatives()
	if err != nil {
		return nil, err
	}
	social := func(n int) id.ID { return speakers[n].For }
	all := []plan{sceneOfSantAndreu(), sceneOfTheLine(), sceneOfTheDoor()}
	all = append(all, terrassaEvents(social)...)
	all = append(all, provincialEvents()...)
	all = append(all, townEvents(social)...)
	return append(all, pastEvents(social)...), nil
}

// loadEvents creates every event and brings it to its state.
func (l *loader) loadEvents(ctx context.Context) error {
	all, err := plans()
	if err != nil {
		return err
	}
	for _, p := range all {
		if l.made[p.key], err = l.play(ctx, p); err != nil {
			return fmt.Errorf("event %s: %w", p.key, err)
		}
	}
	return nil
}

func (l *loader) play(ctx context.Context, p plan) (id.ID, error) {
	v := importing(p.in.Home)
	key := func(what string) string { return "demo:event:" + p.key + ":" + what }
	made, err := l.Events.Create(ctx, v, p.dated(l.today), key("create"))
	if err != nil {
		return id.Zero, err
	}
	event := made.Event.ID
	for _, to := range p.path() {
		switch to {
		case calendar.Published:
			_, err = l.Events.Publish(ctx, v, event, nil, key("publish"))
		case calendar.Held:
			_, err = l.Events.MarkHeld(ctx, v, event, nil, key("held"))
		case calendar.Closed:
			_, err = l.Events.Close(ctx, v, event, nil, key("close"))
		case calendar.Cancelled:
			_, err = l.Events.Cancel(ctx, v, event, nil, cancellation(), key("cancel"))
		}
		if err != nil {
			return id.Zero, err
		}
	}
	return event, nil
}

// path are the states through which the event comes to its own.
func (p plan) path() []calendar.EventState {
	switch p.ends {
	case calendar.Published:
		return []calendar.EventState{calendar.Published}
	case calendar.Held, calendar.Cancelled:
		return []calendar.EventState{calendar.Published, p.ends}
	case calendar.Closed:
		return []calendar.EventState{calendar.Published, calendar.Held, calendar.Closed}
	}
	return nil
}

func cancellation() lang.Text {
	return lang.Text{
		CA: "Cancel·lat per previsió de pluges fortes (dades de demostració).",
		ES: "Cancelado por previsión de lluvias fuertes (datos de demostración).",
		EN: "Cancelled because heavy rain is forecast (demonstration data).",
	}
}

// event is the part that all plans share: what it is, whose it is, where it is.
func event(key string, home id.ID, kind calendar.EventKind, title, summary lang.Text, places ...id.ID) plan {
	return plan{key: key, ends: calendar.Published, in: calendar.EventInput{
		Home: home,
		EventFields: calendar.EventFields{
			Kind: kind, Title: title, Summary: invented(summary), Languages: []string{"ca"},
			VenueName: "Sala de demostració", Areas: places, Venues: places, Visibility: access.Public,
		},
	}}
}

// invented adds to a summary that it is demonstration data.
func invented(t lang.Text) lang.Text {
	return lang.Text{
		CA: t.CA + " Acte inventat: dades de demostració.",
		ES: t.ES + " Acto inventado: datos de demostración.",
		EN: t.EN + " An invented event: demonstration data.",
	}
}

func (p plan) on(w when) plan { p.when = w; return p }

func (p plan) about(ids ...[]id.ID) plan {
	for _, list := range ids {
		p.in.About = append(p.in.About, list...)
	}
	return p
}

func (p plan) whom(codes ...string) plan { p.in.Audiences = audiences(codes...); return p }

func (p plan) state(s calendar.EventState) plan { p.ends = s; return p }

func (p plan) seats(general int) plan {
	p.in.Pools = []calendar.PoolSpec{{Name: generalSeats(), Capacity: general}}
	return p
}

// reserve keeps further seats for associations.
func (p plan) reserve(seats int) plan {
	p.in.Pools = append(p.in.Pools, calendar.PoolSpec{
		Name:    lang.Text{CA: "Entitats i associacions", ES: "Entidades y asociaciones", EN: "Associations"},
		Reserve: calendar.Reserve{Role: calendar.RoleAssociation}, Capacity: seats,
	})
	return p
}

func generalSeats() lang.Text {
	return lang.Text{CA: "Places generals", ES: "Plazas generales", EN: "General places"}
}

func (p plan) with(change func(*calendar.EventInput)) plan { change(&p.in); return p }

// at names the venue.
func (p plan) at(name string) plan { p.in.VenueName = name; return p }
