package attendance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/paper"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/sheet"
)

// participant is one line of the lists.
type participant struct {
	delegate, person   id.ID
	organisation, name string
	mail, code         string
	role, state        string
	territory, pool    lang.Text
	arrivedAt          *time.Time
	minutes            int
	sessions           []string
}

var rosterSQL = `
select d.id, s.person, o.title_ca, coalesce(own.name, person.name, ''), coalesce(own.mail, ''), coalesce(s.code, ''), d.role, d.state,
  jsonb_build_object('ca', coalesce(t.title_ca, ''), 'es', coalesce(t.title_es, '')), coalesce(p.name, '{}'), d.arrived_at,
  case when d.state = 'ATTENDED' then ` + minutesSQL + ` else 0 end,
  array(select coalesce(z.title->>'ca', z.title->>'es', z.title->>'en', '') from session_choices c join event_sessions z on z.id = c.session
    where c.registration = d.registration and c.position = d.position order by z.starts_at nulls last, z.position)
from registration_delegates d join registrations r on r.id = d.registration join events e on e.node = d.event
join nodes o on o.id = r.organisation left join nodes t on t.id = d.territory left join seat_pools p on p.id = d.pool
left join delegate_secrets s on s.delegate = d.id
left join person_names own on own.subject = d.id left join person_names person on person.subject = s.person
where d.event = $1 and d.state <> 'REPLACED' and ($2 or d.state in ('CONFIRMED', 'ATTENDED', 'NO_SHOW'))
order by coalesce(own.name, person.name, '') = '', coalesce(own.name, person.name, '') collate "ca-x-icu", o.title_ca collate "ca-x-icu", d.id`

// roster reads the participants of an event for its organisers, all or those with a
// seat, and notes that they were taken along.
func roster(ctx context.Context, q postgres.Querier, v *access.Viewer, of id.ID, all bool) (*event, []participant, error) {
	e, err := organised(ctx, q, v, of)
	if err != nil {
		return nil, nil, err
	}
	rows, err := postgres.Personal(q, v).Query(ctx, rosterSQL, of, all)
	if err != nil {
		return nil, nil, readError("read participants", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p participant, err error) {
		return p, row.Scan(&p.delegate, &p.person, &p.organisation, &p.name, &p.mail, &p.code, &p.role, &p.state,
			&p.territory, &p.pool, &p.arrivedAt, &p.minutes, &p.sessions)
	})
	if err != nil {
		return nil, nil, readError("read participants", err)
	}
	subjects := make([]id.ID, len(list))
	for i, p := range list {
		if subjects[i] = p.person; p.person.IsZero() {
			subjects[i] = p.delegate
		}
	}
	return e, list, audit.Exported(ctx, q, v, of, subjects...)
}

// question is one of the organisers' own, and what was answered, as words.
type question struct {
	id    id.ID
	label lang.Text
	said  map[id.ID]string
}

const saidSQL = `
select q.id, q.label, a.delegate, coalesce(a.answer->>'text', a.answer->>'number', a.answer->>'yes', ''),
  array(select coalesce(nullif(q.options->(c::int - 1)->>$2, ''), q.options->(c::int - 1)->>'ca', q.options->(c::int - 1)->>'es', q.options->(c::int - 1)->>'en', '')
    from jsonb_array_elements_text(coalesce(a.answer->'choices', '[]')) as c)
from event_questions q left join delegate_answers a on a.question = q.id
where q.event = $1 and q.withdrawn_at is null order by q.position`

func (s *Service) said(ctx context.Context, q postgres.Querier, v *access.Viewer, of id.ID, l lang.Lang) (list []*question, err error) {
	rows, err := postgres.Personal(q, v).Query(ctx, saidSQL, of, string(l))
	if err != nil {
		return nil, readError("read answers", err)
	}
	var one question
	var delegate id.ID
	var text string
	var choices []string
	_, err = pgx.ForEachRow(rows, []any{&one.id, &one.label, &delegate, &text, &choices}, func() error {
		if n := len(list); n == 0 || list[n-1].id != one.id {
			list = append(list, &question{one.id, one.label, map[id.ID]string{}})
		}
		if len(choices) > 0 {
			text = strings.Join(choices, ", ")
		}
		switch text {
		case "true":
			text = lang.Text{CA: "sí", ES: "sí", EN: "yes"}.In(l)
		case "false":
			text = "no"
		}
		list[len(list)-1].said[delegate] = text
		return nil
	})
	return list, readError("read answers", err)
}

// Sheet is the participants of an event as a table to take along, with what they
// answered. Every time it is made, that stands in access_log.
//
// Who may: the event's organisers.
func (s *Service) Sheet(ctx context.Context, v *access.Viewer, of id.ID, l lang.Lang) (*sheet.Table, error) {
	q := s.db.Read()
	_, list, err := roster(ctx, q, v, of, true)
	if err != nil {
		return nil, err
	}
	asked, err := s.said(ctx, q, v, of, l)
	if err != nil {
		return nil, err
	}
	t := &sheet.Table{Name: "participants"}
	for _, column := range columns() {
		t.Columns = append(t.Columns, column.In(l))
	}
	for _, a := range asked {
		t.Columns = append(t.Columns, sheet.Safe(a.label.In(l)))
	}
	for _, p := range list {
		row := []any{
			p.organisation, p.name, p.mail, word(roleWords(), p.role, l), p.territory.In(l), word(stateWords(), p.state, l), p.pool.In(l),
			moment(p.arrivedAt), p.minutes, strings.Join(p.sessions, ", "),
		}
		for _, a := range asked {
			row = append(row, a.said[p.delegate])
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// Printed is a document of the event: its list for the door, its badges, its
// certificates.
//
// Who may: the event's organisers.
func (s *Service) Printed(ctx context.Context, v *access.Viewer, of id.ID, what string, l lang.Lang) (*paper.Document, error) {
	switch what {
	case "list":
		return s.list(ctx, v, of, l)
	case "badges":
		return s.badges(ctx, v, of, l)
	case "certificates":
		return s.certificates(ctx, v, of, id.Zero, l)
	}
	return nil, fault.ErrNotFound.New()
}

func (s *Service) list(ctx context.Context, v *access.Viewer, of id.ID, l lang.Lang) (*paper.Document, error) {
	e, list, err := roster(ctx, s.db.Read(), v, of, false)
	if err != nil {
		return nil, err
	}
	d := e.document(lang.Text{CA: "Llista d'assistents", ES: "Lista de asistentes", EN: "List of participants"}, l)
	d.Row(lang.Text{CA: "Nom", ES: "Nombre", EN: "Name"}.In(l), lang.Text{CA: "Organització", ES: "Organización", EN: "Organisation"}.In(l),
		lang.Text{CA: "Perfil", ES: "Perfil", EN: "Role"}.In(l), lang.Text{CA: "Arribada", ES: "Llegada", EN: "Arrival"}.In(l),
		lang.Text{CA: "Signatura", ES: "Firma", EN: "Signature"}.In(l))
	for _, p := range list {
		d.Row(p.named(l), p.organisation, word(roleWords(), p.role, l), moment(p.arrivedAt), "")
	}
	return d, nil
}

func (s *Service) badges(ctx context.Context, v *access.Viewer, of id.ID, l lang.Lang) (*paper.Document, error) {
	e, list, err := roster(ctx, s.db.Read(), v, of, false)
	if err != nil {
		return nil, err
	}
	d := e.document(lang.Text{CA: "Identificadors", ES: "Identificadores", EN: "Badges"}, l)
	for _, p := range list {
		d.Card(p.named(l), p.organisation, e.title.In(l), spaced(p.code))
	}
	return d, nil
}

// Certificate is one certificate, to print.
//
// Who may: whom it certifies, the parties of the registration.
func (s *Service) Certificate(ctx context.Context, v *access.Viewer, of, certificate id.ID, l lang.Lang) (*paper.Document, error) {
	return s.certificates(ctx, v, of, certificate, l)
}

var printedCertificatesSQL = `
select c.delegate, s.person, coalesce(own.name, person.name, ''), c.code, c.minutes, c.held_on, c.issued_at
from certificates c join registration_delegates d on d.id = c.delegate join registrations r on r.id = d.registration
join nodes n on n.id = c.event left join delegate_secrets s on s.delegate = c.delegate
left join person_names own on own.subject = c.delegate left join person_names person on person.subject = s.person
where c.event = $7 and ($8::uuid is null or c.id = $8) and coalesce(
  $8 is not null and (r.registered_by = $1 or r.organisation = any($4::uuid[]) or s.person = $1) or ` + access.LevelSQL("n", 2) + ` = 4, false)
order by coalesce(own.name, person.name) collate "ca-x-icu", c.id`

func (s *Service) certificates(ctx context.Context, v *access.Viewer, of, certificate id.ID, l lang.Lang) (*paper.Document, error) {
	q := s.db.Read()
	may := access.MayOrganise
	if !certificate.IsZero() {
		may = func(*access.Viewer, access.Subject) error { return nil } // the statement knows
	}
	e, err := readEvent(ctx, q, v, of, may)
	if err != nil {
		return nil, err
	}
	rows, err := postgres.Personal(q, v).Query(ctx, printedCertificatesSQL, append(append([]any{v.Person}, v.SQLArgs()...), of, certificate)...)
	if err != nil {
		return nil, readError("read certificates", err)
	}
	d := &paper.Document{Lang: l, Title: lang.Text{CA: "Certificat d'assistència", ES: "Certificado de asistencia", EN: "Certificate of attendance"}.In(l)}
	var one, person id.ID
	var name, code string
	var minutes int
	var heldOn, issuedAt time.Time
	var subjects []id.ID
	_, err = pgx.ForEachRow(rows, []any{&one, &person, &name, &code, &minutes, &heldOn, &issuedAt}, func() error {
		if len(subjects) > 0 {
			d.Break()
		}
		if person.IsZero() {
			person = one
		}
		subjects = append(subjects, person)
		s.certify(d, e, name, code, minutes, heldOn, issuedAt, l)
		person = id.Zero
		return nil
	})
	switch {
	case err != nil:
		return nil, readError("read certificates", err)
	case len(subjects) == 0:
		return nil, fault.ErrNotFound.New()
	}
	subjects = slices.DeleteFunc(subjects, func(p id.ID) bool { return p == v.Person })
	if len(subjects) > 0 {
		err = audit.Exported(ctx, q, v, of, subjects...)
	}
	return d, err
}

// certify says in words what a certificate certifies.
func (s *Service) certify(d *paper.Document, e *event, name, code string, minutes int, heldOn, issuedAt time.Time, l lang.Lang) {
	hours := Hours(minutes, l)
	d.Say(lang.Text{
		CA: e.organiser.In(lang.CA) + " certifica que " + name + " ha assistit a la formació «" + e.title.In(lang.CA) + "», de " + hours + ".",
		ES: e.organiser.In(lang.ES) + " certifica que " + name + " ha asistido a la formación «" + e.title.In(lang.ES) + "», de " + hours + ".",
		EN: e.organiser.In(lang.EN) + " certifies that " + name + " has attended the training “" + e.title.In(lang.EN) + "”, " + hours + ".",
	}.In(l))
	d.Note(lang.Text{CA: "Data", ES: "Fecha", EN: "Date"}.In(l), heldOn.Format("02/01/2006"))
	d.Note(lang.Text{CA: "Expedit", ES: "Expedido", EN: "Issued"}.In(l), issuedAt.In(madrid()).Format("02/01/2006"))
	d.Note(lang.Text{CA: "Codi de comprovació", ES: "Código de comprobación", EN: "Code to check it with"}.In(l), spaced(code))
	d.Note(lang.Text{CA: "Es comprova a", ES: "Se comprueba en", EN: "Checked at"}.In(l), s.site+"/certificate")
}

// Hours are minutes as people say them.
func Hours(minutes int, l lang.Lang) string {
	h, m := minutes/60, minutes%60
	words := lang.Text{CA: "hores", ES: "horas", EN: "hours"}
	if h == 1 {
		words = lang.Text{CA: "hora", ES: "hora", EN: "hour"}
	}
	switch {
	case h == 0:
		return fmt.Sprintf("%d min", m)
	case m == 0:
		return fmt.Sprintf("%d %s", h, words.In(l))
	}
	return fmt.Sprintf("%d %s %d min", h, words.In(l), m)
}

// document begins a document of the event.
func (e *event) document(what lang.Text, l lang.Lang) *paper.Document {
	d := &paper.Document{Lang: l, Title: what.In(l) + " · " + e.title.In(l)}
	d.Note(lang.Text{CA: "Dia", ES: "Día", EN: "Day"}.In(l), moment(e.startsAt))
	d.Note(lang.Text{CA: "Lloc", ES: "Lugar", EN: "Place"}.In(l), e.venue)
	return d
}

// named is who comes, or that nobody was named.
func (p participant) named(l lang.Lang) string {
	if p.name != "" {
		return p.name
	}
	return lang.Text{CA: "(sense nom)", ES: "(sin nombre)", EN: "(no name yet)"}.In(l)
}

// spaced makes a code readable: in groups of four.
func spaced(code string) string {
	var groups []string
	for part := range slices.Chunk([]rune(code), 4) {
		groups = append(groups, string(part))
	}
	return strings.Join(groups, " ")
}
