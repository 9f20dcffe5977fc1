package attendance

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/private"
)

// A delegate is a person as package calendar finds it: by account, or by a mail
// address that the person has proven to read.
const ofSubjectSQL = `
select s.delegate from delegate_secrets s where s.person = $1
union
select d.id from person_names n join registration_delegates d on d.id = n.subject where lower(n.mail) = any($2)`

func exports() []private.Query {
	return []private.Query{
		{
			Name: "answers_at_events", Columns: []string{"event", "question", "answer", "answered_at"},
			SQL: `select n.title_ca, coalesce(q.label->>'ca', q.label->>'es', q.label->>'en', ''), a.answer::text, a.answered_at::text
			 from delegate_answers a join event_questions q on q.id = a.question join nodes n on n.id = a.event
			 where a.delegate in (` + ofSubjectSQL + `) order by a.answered_at`,
		},
		{
			Name: "counted_at_events", Columns: []string{"event", "sex"},
			SQL: `select n.title_ca, x.sex from delegate_traits x join nodes n on n.id = x.event
			 where x.delegate in (` + ofSubjectSQL + `) order by n.title_ca`,
		},
		{
			Name: "sessions_chosen", Columns: []string{"event", "session"},
			SQL: `select n.title_ca, coalesce(z.title->>'ca', z.title->>'es', z.title->>'en', '') from session_choices c
			 join registration_delegates d on d.registration = c.registration and d.position = c.position and d.state <> 'REPLACED'
			 join event_sessions z on z.id = c.session join nodes n on n.id = c.event
			 where d.id in (` + ofSubjectSQL + `) order by z.starts_at`,
		},
		{
			Name: "hours_at_sessions", Columns: []string{"event", "session", "minutes"},
			SQL: `select n.title_ca, coalesce(z.title->>'ca', z.title->>'es', z.title->>'en', ''), a.minutes::text from session_attendance a
			 join event_sessions z on z.id = a.session join nodes n on n.id = a.event
			 where a.delegate in (` + ofSubjectSQL + `) order by z.starts_at`,
		},
		{
			Name: "certificates", Columns: []string{"event", "code", "minutes", "held_on", "issued_at", "shows_name"},
			SQL: `select n.title_ca, c.code, c.minutes::text, c.held_on::text, c.issued_at::text, c.shows_name::text
			 from certificates c join nodes n on n.id = c.event where c.delegate in (` + ofSubjectSQL + `) order by c.issued_at`,
		},
		{
			Name: "seen_at_doors", Columns: []string{"event", "outcome", "at"},
			SQL: `select n.title_ca, c.outcome, c.at::text from check_ins c join nodes n on n.id = c.event
			 where c.delegate in (` + ofSubjectSQL + `) order by c.at`,
		},
		{
			Name: "messages_received", Columns: []string{"event", "subject", "queued_at"},
			SQL: `select n.title_ca, coalesce(m.subject->>'ca', m.subject->>'es', m.subject->>'en', ''), coalesce(x.queued_at::text, '')
			 from event_message_mails x join event_messages m on m.id = x.message join nodes n on n.id = m.event
			 where x.delegate in (` + ofSubjectSQL + `) order by m.sent_at`,
		},
		{
			Name: "work_at_events", Columns: []string{"event", "what", "at"},
			SQL: `select n.title_ca, w.what, w.at from (
			   select c.event, 'checked in ' || c.outcome as what, c.at::text as at from check_ins c where c.noted_by = $1
			   union all select d.event, 'door', d.seen_at::text from check_in_devices d where d.person = $1
			   union all select a.event, 'hours', '' from session_attendance a where a.noted_by = $1
			   union all select c.event, 'certificate issued', c.issued_at::text from certificates c where c.issued_by = $1
			   union all select m.event, 'message sent', m.sent_at::text from event_messages m where m.sent_by = $1
			   union all select v.event, 'notice written', v.written_at::text from event_notices v where v.written_by = $1) w
			 join nodes n on n.id = w.event order by w.at`,
		},
		{
			Name: "series_made", Columns: []string{"title", "created_at"},
			SQL: `select coalesce(title->>'ca', title->>'es', title->>'en', ''), created_at::text from event_series where created_by = $1 order by created_at`,
		},
	}
}

// Export gives all that is kept here about a person. The caller has made sure that
// it is for the person.
func (s *Service) Export(ctx context.Context, q postgres.Querier, who personal.Subject) ([]personal.Table, error) {
	return private.Export(ctx, q, who, exports())
}

// Erase has nothing to do: what is said of a person here hangs on their place at an
// event and goes with their name, which package calendar takes off (answers, what
// is counted, certificates). Hours and arrivals stay counted and name nobody.
func (s *Service) Erase(context.Context, *access.Viewer, personal.Subject) (personal.Erased, error) {
	return personal.Erased{}, nil
}
