package calendar

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/private"
)

// exports are what this package keeps about a person, as statements that give
// rows of text. Parameter 1 is the person, 2 their proven mail addresses.
func exports() []private.Query {
	return []private.Query{
		{
			Name: "places_at_events",
			Columns: []string{
				"event", "starts_at", "organisation", "role", "territory", "state", "registered_at", "name", "mail",
				"entrance_code", "arrived_at", "diet", "access_needs", "shown_to", "answer",
			},
			SQL: `select n.title_ca, coalesce(e.starts_at::text, ''), coalesce(o.title_ca, ''), d.role, coalesce(t.title_ca, ''), d.state,
			   r.created_at::text, coalesce(own.name, ''), coalesce(own.mail, ''), coalesce(s.code, ''),
			   coalesce(d.arrived_at::text, ''), coalesce(x.diet, ''), coalesce(x.access, ''), d.shown_to, coalesce(d.answer, '')
			 from registration_delegates d join registrations r on r.id = d.registration
			 join events e on e.node = d.event join nodes n on n.id = d.event left join nodes o on o.id = r.organisation
			 left join nodes t on t.id = d.territory left join delegate_secrets s on s.delegate = d.id
			 left join person_names own on own.subject = d.id left join delegate_needs x on x.delegate = d.id
			 where d.id in (select delegate from (` + ofSubjectSQL + `) mine)
			 order by r.created_at, d.position`,
		},
		{
			Name:    "registrations_made",
			Columns: []string{"event", "organisation", "delegates", "state", "registered_at"},
			SQL: `select n.title_ca, coalesce(o.title_ca, ''), (r.pending + r.confirmed + r.waiting + r.cancelled + r.rejected)::text, r.state,
			   r.created_at::text
			 from registrations r join nodes n on n.id = r.event left join nodes o on o.id = r.organisation
			 where r.registered_by = $1 order by r.created_at`,
		},
		{
			Name:    "registrations_decided",
			Columns: []string{"event", "organisation", "state", "decided_at"},
			SQL: `select n.title_ca, coalesce(o.title_ca, ''), r.state, r.decided_at::text
			 from registrations r join nodes n on n.id = r.event left join nodes o on o.id = r.organisation
			 where r.decided_by = $1 order by r.decided_at`,
		},
		{
			Name:    "registrations_imported",
			Columns: []string{"event", "lines", "participants", "state", "sent_at"},
			SQL: `select n.title_ca, i.total::text, i.participants::text, i.state, i.created_at::text
			 from participant_imports i join nodes n on n.id = i.event where i.asked_by = $1 order by i.created_at`,
		},
		{
			Name:    "people_checked_in",
			Columns: []string{"event", "arrived_at"},
			SQL: `select n.title_ca, d.arrived_at::text from registration_delegates d join nodes n on n.id = d.event
			 where d.arrived_by = $1 order by d.arrived_at`,
		},
		{
			Name:    "events_created",
			Columns: []string{"event", "state", "created_at"},
			SQL: `select n.title_ca, e.state, e.created_at::text from events e join nodes n on n.id = e.node
			 where e.created_by = $1 order by e.created_at`,
		},
		{
			Name:    "documents_added",
			Columns: []string{"event", "version", "url", "added_at"},
			SQL: `select n.title_ca, d.version::text, d.url, d.added_at::text from event_documents d join nodes n on n.id = d.event
			 where d.added_by = $1 order by d.added_at`,
		},
	}
}

// Export gives all that is kept about a person at events. The caller has made
// sure that it is for the person.
func (s *Registrations) Export(ctx context.Context, q postgres.Querier, who personal.Subject) ([]personal.Table, error) {
	return private.Export(ctx, q, who, append(exports(), guestExports()...))
}
