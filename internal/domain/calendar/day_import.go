package calendar

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// MaxImport is how many participants one file may bring.
const MaxImport = 5_000

// ImportRow is one line of a list of participants, as it was typed.
type ImportRow struct {
	Line         int // in the file, from 1
	Name         string
	Mail         string
	Role         DelegateRole
	Organisation string // its name, or its identifier; empty: the event's own
	Territory    string // its name or INE code; empty: not said
}

// The columns of a list of participants, as problems name them.
const (
	ColumnName         = "name"
	ColumnMail         = "mail"
	ColumnRole         = "role"
	ColumnOrganisation = "organisation"
	ColumnTerritory    = "territory"
)

// Problem is what is wrong with one cell of the file.
type Problem struct {
	Line   int
	Column string
	Fault  *fault.Fault
}

// Imported is what a list brought, or with a dry run would bring.
type Imported struct {
	Participants  int
	Registrations int
	Problems      []Problem // then nothing was imported
}

var (
	// ErrAmbiguous is about a name that several things have.
	ErrAmbiguous = fault.Define(fault.Invalid, "NAME_AMBIGUOUS",
		"Hi ha més d'un resultat amb aquest nom.", "Hay más de un resultado con este nombre.",
		"There is more than one of this name.")
	// errDryRun undoes what a dry run did.
	errDryRun = errors.New("dry run")
)

// Import registers a list of participants as blocks of their organisations: all of
// them or, where anything is wrong with any, none. A dry run finds out what is
// wrong, with everything decided as it would be, and leaves nothing.
//
// Who may: the event's organisers. Refusals of the whole: ErrEventOver; the
// problems of rows are in the answer.
func (s *Registrations) Import(ctx context.Context, v *access.Viewer, event id.ID, rows []ImportRow, dry bool, key string) (*Imported, error) {
	if len(rows) > MaxImport {
		return nil, ErrTooMany.New().With("max", MaxImport)
	}
	done := &Imported{Participants: len(rows)}
	r := request{viewer: v, event: event, key: key, name: "eventParticipantsImport", input: []any{rows, dry}}
	if dry {
		r.key = "" // what leaves nothing may be tried as often as one likes
	}
	err := s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		if err := d.organisersOnly(); err != nil {
			return nil, err
		}
		if d.at.State.Final() {
			return nil, ErrEventOver.New()
		}
		made, problems, err := d.takeList(ctx, rows)
		done.Registrations, done.Problems = len(made), problems
		if err == nil && (dry || len(problems) > 0) {
			err = errDryRun
		}
		return made, err
	}, func(_ context.Context, _ postgres.Querier, made []id.ID) error {
		done.Registrations = len(made)
		return nil
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	return done, nil
}

// takeList makes blocks of the rows, organisation by organisation in the order of
// the file.
func (d *desk) takeList(ctx context.Context, rows []ImportRow) (made []id.ID, problems []Problem, err error) {
	d.onPaper = true
	names, err := d.lookUpNames(ctx, rows)
	if err != nil {
		return nil, nil, err
	}
	list := &importList{names: names, home: d.at.Home, mails: map[string]bool{}}
	for _, row := range rows {
		list.add(row)
	}
	if err := d.alreadyHere(ctx, list); err != nil {
		return nil, nil, err
	}
	if len(list.problems) > 0 {
		list.sort()
		return nil, list.problems, nil
	}
	for _, b := range list.blocks() {
		block, err := d.takeIn(ctx, b.input(d.event), lookedUp{Association: names.associations[b.organisation]})
		switch f := fault.From(err); {
		case err == nil:
			made = append(made, block.Registration)
		case f.Code.Kind == fault.Conflict, f.Code.Kind == fault.Invalid:
			f.Path = nil
			return nil, []Problem{{Line: b.lines[0], Column: ColumnOrganisation, Fault: f}}, nil
		default:
			return nil, nil, err
		}
	}
	return made, nil, d.write(ctx, &promotion{hall: d.hall})
}

// importList is the rows on their way to become blocks.
type importList struct {
	names    foundNames
	home     id.ID
	order    []id.ID
	of       map[id.ID]*importBlock
	mails    map[string]bool
	problems []Problem
}

type importBlock struct {
	organisation id.ID
	delegates    []DelegateInput
	lines        []int
}

func (b *importBlock) input(event id.ID) RegistrationInput {
	return RegistrationInput{Event: event, Organisation: b.organisation, Delegates: b.delegates, Policy: AllOrNothing}
}

func (l *importList) wrong(line int, column string, f *fault.Fault) {
	l.problems = append(l.problems, Problem{line, column, f})
}

func (l *importList) add(row ImportRow) {
	body, faulty := l.names.organisation(row.Organisation, l.home)
	if faulty != nil {
		l.wrong(row.Line, ColumnOrganisation, faulty)
	}
	territory, faulty := l.names.territory(row.Territory)
	if faulty != nil {
		l.wrong(row.Line, ColumnTerritory, faulty)
	}
	if strings.TrimSpace(row.Name) == "" {
		l.wrong(row.Line, ColumnName, fault.ErrRequired.New())
	}
	d := DelegateInput{Name: row.Name, Mail: row.Mail, Role: row.Role, Territory: territory}
	for _, f := range d.check() {
		l.wrong(row.Line, f.Path[0], &fault.Fault{Code: f.Code, Args: f.Args})
	}
	if d.Mail != "" && l.mails[d.Mail] {
		l.wrong(row.Line, ColumnMail, ErrSameDelegateTwice.New())
	}
	l.mails[d.Mail] = true
	if l.of == nil {
		l.of = map[id.ID]*importBlock{}
	}
	b := l.of[body]
	if b == nil {
		b = &importBlock{organisation: body}
		l.of[body], l.order = b, append(l.order, body)
	}
	b.delegates, b.lines = append(b.delegates, d), append(b.lines, row.Line)
}

// blocks are of at most MaxBlock delegates each.
func (l *importList) blocks() (all []*importBlock) {
	for _, body := range l.order {
		whole := l.of[body]
		for from := 0; from < len(whole.delegates); from += MaxBlock {
			to := min(from+MaxBlock, len(whole.delegates))
			all = append(all, &importBlock{body, whole.delegates[from:to], whole.lines[from:to]})
		}
	}
	return all
}

func (l *importList) sort() {
	slices.SortStableFunc(l.problems, func(a, b Problem) int { return a.Line - b.Line })
}

// alreadyHere finds those who are registered for the event already.
func (d *desk) alreadyHere(ctx context.Context, l *importList) error {
	lines, keys := map[string]int{}, [][]byte{}
	for _, b := range l.of {
		for i, x := range b.delegates {
			if key := mailKey(d.event, x.Mail); key != nil {
				lines[string(key)] = b.lines[i]
				keys = append(keys, key)
			}
		}
	}
	// The hub's own look: it only tells that somebody is there.
	rows, err := postgres.Hub(d.tx.Native()).Query(ctx, `
		select mail_key from delegate_secrets where event = $1 and live and mail_key = any($2)`, d.event, keys)
	if err != nil {
		return registrationError("look who is registered already", err)
	}
	known, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	for _, key := range known {
		l.wrong(lines[string(key)], ColumnMail, ErrAlreadyRegistered.New())
	}
	return registrationError("look who is registered already", err)
}

// foundNames are the organisations and territories that a list names.
type foundNames struct {
	bodies, places map[string][]id.ID
	associations   map[id.ID]bool
}

func (n foundNames) organisation(name string, home id.ID) (id.ID, *fault.Fault) {
	if strings.TrimSpace(name) == "" {
		return home, nil
	}
	return single(n.bodies[plain(name)])
}

func (n foundNames) territory(name string) (id.ID, *fault.Fault) {
	if strings.TrimSpace(name) == "" {
		return id.Zero, nil
	}
	return single(n.places[plain(name)])
}

func single(found []id.ID) (id.ID, *fault.Fault) {
	switch len(found) {
	case 0:
		return id.Zero, fault.ErrNotFound.New()
	case 1:
		return found[0], nil
	}
	return id.Zero, ErrAmbiguous.New()
}

// plain is a name as it is looked for; a council is looked for by its town's.
func plain(name string) string {
	name = strings.ToLower(strings.Join(strings.Fields(name), " "))
	for _, council := range []string{"ajuntament de ", "ajuntament d'", "ajuntament d’", "ayuntamiento de "} {
		if town, ok := strings.CutPrefix(name, council); ok {
			return town
		}
	}
	return name
}

var namesLookedForSQL = `
select w.name, n.id, n.kind, false from unnest($1::text[]) as w(name) join nodes n
  on n.kind in ('municipality', 'association', 'public_service', 'institution') and n.ended_at is null
  and (lower(n.title_ca) = w.name or lower(n.title_es) = w.name or lower(n.title_en) = w.name)
where ` + access.VisibleSQL("n", 3) + `
union
select w.name, n.id, n.kind, true from unnest($2::text[]) as w(name) join territories t on t.kind in ('municipality', 'district', 'neighbourhood')
join nodes n on n.id = t.node and (lower(n.title_ca) = w.name or lower(n.title_es) = w.name or t.kind = 'municipality' and t.code = w.name)`

func (d *desk) lookUpNames(ctx context.Context, list []ImportRow) (n foundNames, err error) {
	n = foundNames{map[string][]id.ID{}, map[string][]id.ID{}, map[id.ID]bool{}}
	bodies, places := map[string]bool{}, map[string]bool{}
	for _, row := range list {
		bodies[plain(row.Organisation)], places[plain(row.Territory)] = true, true
	}
	rows, err := d.tx.Native().Query(ctx, namesLookedForSQL, append([]any{keysOf(bodies), keysOf(places)}, d.viewer.SQLArgs()...)...)
	if err != nil {
		return n, registrationError("look up names", err)
	}
	var name, kind string
	var of id.ID
	var place bool
	_, err = pgx.ForEachRow(rows, []any{&name, &of, &kind, &place}, func() error {
		if place {
			n.places[name] = append(n.places[name], of)
			return nil
		}
		n.bodies[name] = append(n.bodies[name], of)
		n.associations[of] = kind == "association"
		return nil
	})
	return n, registrationError("look up names", err)
}

func keysOf(set map[string]bool) []string {
	keys := make([]string, 0, len(set))
	for k := range set {
		if k != "" {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}
