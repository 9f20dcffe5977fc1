package dataset

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// hands is how many commands are carried out at once.
const hands = 4

// each does n things, some at once, and tells the bar.
func (l *loader) each(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var all sync.WaitGroup
	for range hands {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if err := do(ctx, i); err != nil {
					cancel(fmt.Errorf("number %d: %w", i, err))
				}
				l.bar.add(1)
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

// leading is the i-th of n things' town: large towns have more.
func leading(towns []town, n int) []*town {
	var all []*town
	for i, share := range shares(towns, n) {
		for range share {
			all = append(all, &towns[i])
		}
	}
	return all
}

// someOf are a few of the town's associations, others for each nth.
func (t *town) someOf(nth, few int) []id.ID {
	few = min(few, len(t.associations))
	all := make([]id.ID, few)
	for i := range all {
		all[i] = t.associations[(nth*few+i)%len(t.associations)]
	}
	return all
}

func tableKinds() []table.Kind {
	return []table.Kind{table.CrossCutting, table.Territorial, table.StrategicPlan, table.Thematic, table.Network, table.SteeringGroup}
}

func (l *loader) loadTables(ctx context.Context) error {
	service := table.New(l.db)
	convenors := leading(l.towns, l.many(tables))
	return l.each(ctx, len(convenors), func(ctx context.Context, i int) error {
		t := convenors[i]
		v, key := importing(t.id), fmt.Sprint("bench:table:", i)
		made, err := service.Create(ctx, v, table.Spec{
			Convenor: t.id, Kind: tableKinds()[i%len(tableKinds())], Title: lang.Text{CA: fmt.Sprintf("Taula de prova %d", i+1)},
			Description: lang.Text{CA: "Una taula inventada per mesurar."}, Visibility: access.Public, Inside: access.Network,
			Rules: table.DefaultRules(), FilePrefix: fmt.Sprintf("BENCH/%d", i+1), Territories: []id.ID{t.id}, About: themes()[i%len(themes()):][:1],
		}, key)
		if err != nil {
			return err
		}
		from := l.today.AddDate(-1, 0, 0)
		for n, member := range t.someOf(i, 4) {
			if err := service.AddMember(ctx, v, made, member, table.Full, &from, nil, fmt.Sprint(key, ":", n)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *loader) loadProjects(ctx context.Context) error {
	service := project.New(l.db)
	leads := leading(l.towns, l.many(projects))
	return l.each(ctx, len(leads), func(ctx context.Context, i int) error {
		t := leads[i]
		in := project.Input{
			Lead: t.id, Side: project.PublicSide,
			Fields: project.Fields{
				Title: lang.Text{CA: fmt.Sprintf("Projecte de prova %d", i+1)}, Summary: lang.Text{CA: "Un projecte inventat per mesurar."},
				StartsOn: l.today.AddDate(0, 0, -i%700), Visibility: access.Public, Area: []id.ID{t.id}, About: themes()[i%len(themes()):][:1],
			},
		}
		for _, partner := range t.someOf(i, 2) {
			in.Partners = append(in.Partners, project.PartnerInput{Organization: partner, Side: project.SocialSide})
		}
		_, err := service.Create(ctx, importing(t.id), in, fmt.Sprint("bench:project:", i))
		return err
	})
}

// organisers is who leads each of n events. Associations of towns with many of
// them organise four times as much as others, so that the network of a town, as
// far as a query goes, is as full as the one that SPEED measured.
func organisers(towns []town, n int) (all []organiser) {
	busy, quiet := []organiser{}, []organiser{}
	for i := range towns {
		for _, a := range towns[i].associations {
			if len(towns[i].associations)*2 >= len(towns[0].associations)/2 {
				busy = append(busy, organiser{a, &towns[i]})
			} else {
				quiet = append(quiet, organiser{a, &towns[i]})
			}
		}
	}
	for len(all) < n { // rounds: each busy one four times, each quiet one once, until there are enough
		for range 4 {
			all = append(all, busy...)
		}
		all = append(all, quiet...)
	}
	return all[:n]
}

type organiser struct {
	id   id.ID
	town *town
}

func eventKinds() []calendar.EventKind {
	return []calendar.EventKind{
		calendar.ConferenceDay, calendar.Training, calendar.Seminar, calendar.GroupSession, calendar.AwarenessActivity, calendar.Presentation,
	}
}

func (l *loader) loadEvents(ctx context.Context) error {
	service := calendar.NewEvents(l.db)
	leads := organisers(l.towns, l.many(events))
	return l.each(ctx, len(leads), func(ctx context.Context, i int) error {
		lead := leads[i]
		v, key := importing(lead.id), fmt.Sprint("bench:event:", i)
		made, err := service.Create(ctx, v, l.event(i, len(leads), lead), key)
		if err != nil {
			return err
		}
		_, err = service.Publish(ctx, v, made.Event.ID, nil, key+":publish")
		return err
	})
}

// event is one of n events, from a year ago to a year ahead, no two beginning at
// the same moment.
func (l *loader) event(i, n int, lead organiser) calendar.EventInput {
	const span = 2 * 365 * 24 * time.Hour
	step := (span / time.Duration(n)).Truncate(time.Minute)
	starts := l.today.AddDate(-1, 0, 0).Add(time.Duration(i*7919%n) * step) // 7919 is prime: neighbours lie far apart
	in := calendar.EventInput{
		Home: lead.id,
		EventFields: calendar.EventFields{
			Kind: eventKinds()[i%len(eventKinds())], Visibility: access.Public,
			Title:    lang.Text{CA: fmt.Sprintf("Trobada de prova número %d", i+1), ES: fmt.Sprintf("Encuentro de prueba número %d", i+1)},
			Summary:  lang.Text{CA: "Un acte inventat per mesurar el programa."},
			StartsAt: starts, EndsAt: starts.Add(3 * time.Hour),
			VenueName: "Sala de proves", Venues: []id.ID{lead.town.id}, About: themes()[i%len(themes()):][:1],
		},
		Pools: []calendar.PoolSpec{{Name: lang.Text{CA: "General"}, Capacity: capacity(i)}},
	}
	if i%3 == 0 {
		in.Pools = append(in.Pools, calendar.PoolSpec{Name: lang.Text{CA: "Món local"}, Reserve: calendar.Reserve{Role: calendar.RolePublic}, Capacity: 10})
	}
	return in
}

// capacity is how many general seats the i-th event has.
func capacity(i int) int { return 20 + 20*(i%5) }
