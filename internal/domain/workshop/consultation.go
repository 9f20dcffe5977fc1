package workshop

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// ConsultationInput is what a consultation is recorded from.
type ConsultationInput struct {
	Home        id.ID
	Title       lang.Text
	Description lang.Text // 20,000
	From, Until time.Time
	Answers     *int
	Visibility  access.Level
	Findings    []lang.Text // 50 of 1,000
	Area        []id.ID
	About       []id.ID
}

func (in ConsultationInput) lists() []relation.List {
	return []relation.List{
		{Name: "area", Edge: node.HeldAt, Role: "AREA", Kinds: relation.Territories(), Max: 100, IDs: in.Area},
		{Name: "about", Edge: node.About, Kinds: relation.Themes(), Max: 50, IDs: in.About},
	}
}

func (in ConsultationInput) check() fault.List {
	var f form.Findings
	f.Title(in.Title, "title")
	f.Text(in.Description, 20_000, "description")
	f.Dates(in.From, in.Until, "from", "until")
	f.Texts(in.Findings, 50, 1_000, "findings")
	if in.Answers != nil {
		f.Number(*in.Answers, 0, 10_000_000, "answers")
	}
	return f.Faults
}

// CreateConsultation records what people were asked before, and what was found.
// Who may: who answers for its home.
func (s *Service) CreateConsultation(ctx context.Context, v *access.Viewer, in ConsultationInput, key string) (*Consultation, error) {
	in.Title, in.Description, in.Findings = form.Trim(in.Title), form.Trim(in.Description), form.TrimAll(in.Findings)
	return command.One(ctx, s.call(v, key, "priorConsultationCreate", in), func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		if err := relation.MayBegin(ctx, tx.Native(), v, in.Home, "organization", in.lists(), in.check()); err != nil {
			return id.Zero, err
		}
		made := id.New()
		return made, createConsultation(ctx, tx, v, made, in)
	}, consultationReader(v))
}

func createConsultation(ctx context.Context, tx *postgres.Tx, v *access.Viewer, consultation id.ID, in ConsultationInput) error {
	n := node.Node{ID: consultation, Kind: node.PriorConsultation, Title: in.Title, Home: in.Home, Visibility: in.Visibility}
	if err := node.Register(ctx, tx, n); err != nil {
		return err
	}
	if err := journal.Lock(ctx, tx, consultation); err != nil {
		return err
	}
	_, err := tx.Native().Exec(ctx, `
		insert into prior_consultations (node, description, asked_from, asked_until, answers, created_by) values ($1, $2, $3, $4, $5, $6)`,
		consultation, in.Description, day(in.From), day(in.Until), in.Answers, v.Person)
	if err != nil {
		return storeError("insert consultation", err)
	}
	for _, text := range in.Findings {
		if _, err := addFinding(ctx, tx, v, consultation, text); err != nil {
			return err
		}
	}
	if err := relation.Connect(ctx, tx, consultation, v.Person, in.lists()); err != nil {
		return err
	}
	return journal.Append(ctx, tx, consultation, v, journal.Fact{
		Kind: FactConsultation, Level: in.Visibility, Data: Fact{}, About: append(append([]id.ID{in.Home}, in.Area...), in.About...),
	})
}

func addFinding(ctx context.Context, tx *postgres.Tx, v *access.Viewer, consultation id.ID, text lang.Text) (id.ID, error) {
	made := id.New()
	_, err := tx.Native().Exec(ctx, `
		insert into consultation_findings (id, consultation, position, text, added_by)
		values ($1, $2, (select count(*) from consultation_findings where consultation = $2), $3, $4)`, made, consultation, text, v.Person)
	return made, storeError("insert finding", err)
}

// onConsultation runs a command of a consultation's organisers.
func (s *Service) onConsultation(ctx context.Context, call command.Call, consultation id.ID,
	do func(context.Context, *postgres.Tx, *Consultation) error,
) (*Consultation, error) {
	organised := func(ctx context.Context, q postgres.Querier) (*Consultation, error) {
		c, err := consultationReader(call.Viewer)(ctx, q, consultation)
		if err != nil {
			return nil, err
		}
		return c, access.At(access.MayOrganise(call.Viewer, c.Subject()), "id")
	}
	return command.One(ctx, call, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		if _, err := organised(ctx, tx.Native()); err != nil {
			return id.Zero, err
		}
		if err := journal.Lock(ctx, tx, consultation); err != nil {
			return id.Zero, err
		}
		c, err := organised(ctx, tx.Native())
		if err != nil {
			return id.Zero, err
		}
		return consultation, do(ctx, tx, c)
	}, consultationReader(call.Viewer))
}

// AddFinding adds a finding. Who may: the organisers.
func (s *Service) AddFinding(ctx context.Context, v *access.Viewer, consultation id.ID, text lang.Text, key string) (*Consultation, error) {
	text = form.Trim(text)
	return s.onConsultation(ctx, s.call(v, key, "priorConsultationFindingAdd", consultation, text), consultation,
		func(ctx context.Context, tx *postgres.Tx, c *Consultation) error {
			var f form.Findings
			f.Needed(text, 1_000, "text")
			if err := f.Err(); err != nil {
				return err
			}
			made, err := addFinding(ctx, tx, v, consultation, text)
			if err != nil {
				return err
			}
			return journal.Append(ctx, tx, consultation, v, journal.Fact{
				Kind: FactFinding, Level: c.Visibility, Data: Fact{Finding: made}, About: []id.ID{c.Home},
			})
		})
}

// LinkEvent says that an event was made because of a consultation. Who may: the
// consultation's organisers, who see the event.
func (s *Service) LinkEvent(ctx context.Context, v *access.Viewer, consultation, event id.ID, key string) (*Consultation, error) {
	return s.onConsultation(ctx, s.call(v, key, "priorConsultationEventLink", consultation, event), consultation,
		func(ctx context.Context, tx *postgres.Tx, c *Consultation) error {
			nodes, err := node.ByIDs(ctx, tx.Native(), v, []id.ID{event})
			if err != nil {
				return err
			}
			if len(nodes) == 0 || nodes[0].Kind != node.Event {
				return fault.ErrNotFound.At("event")
			}
			err = node.Connect(ctx, tx, node.Edge{
				Kind: node.DerivedFrom, Source: event, Target: consultation, RecordedBy: v.Person, RecordedIn: consultation,
			})
			if err != nil {
				return access.At(err, "event")
			}
			return journal.Append(ctx, tx, consultation, v, journal.Fact{
				Kind: FactEventLinked, Level: max(c.Visibility, nodes[0].Visibility), Data: Fact{Event: event}, About: []id.ID{c.Home, event},
			})
		})
}

func consultationReader(v *access.Viewer) func(context.Context, postgres.Querier, id.ID) (*Consultation, error) {
	return command.Found(v, ConsultationsByIDs)
}

var consultationsSQL = `
select ` + node.Columns("n") + `, ` + access.LevelSQL("n", 2) + `, c.description, c.asked_from, c.asked_until, c.answers
from unnest(` + postgres.Keys + `) with ordinality as p(id, place) join nodes n on n.id = p.id join prior_consultations c on c.node = n.id
where ` + access.VisibleSQL("n", 2) + ` order by p.place`

// ConsultationsByIDs reads those of the consultations that the viewer can see.
func ConsultationsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Consultation, error) {
	rows, err := q.Query(ctx, consultationsSQL, append([]any{ids}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read consultations: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Consultation, error) {
		c := &Consultation{}
		return c, row.Scan(append(c.ScanTargets(), &c.ViewerLevel, &c.Description, &c.From, &c.Until, &c.Answers)...)
	})
	if err != nil {
		return nil, fmt.Errorf("read consultations: %w", err)
	}
	return list, nil
}

// FindingsOf reads the findings of the consultations that the viewer can see, in
// their order.
func FindingsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, consultations []id.ID) (map[id.ID][]*Finding, error) {
	rows, err := q.Query(ctx, `
		select f.consultation, f.id, f.text from consultation_findings f join nodes n on n.id = f.consultation
		where f.consultation = any(`+postgres.Keys+`) and `+access.VisibleSQL("n", 2)+` order by f.consultation, f.position`,
		append([]any{consultations}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read findings: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Finding, error) {
		f := &Finding{}
		return f, row.Scan(&f.Consultation, &f.ID, &f.Text)
	})
	if err != nil {
		return nil, fmt.Errorf("read findings: %w", err)
	}
	out := map[id.ID][]*Finding{}
	for _, f := range list {
		out[f.Consultation] = append(out[f.Consultation], f)
	}
	return out, nil
}
