package calendar

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// A list of participants is taken in by work in the background, in three parts:
//
//	staged ──▶ CHECKING ──▶ REGISTERING ──▶ DONE
//	              └──────────────┴────────▶ REFUSED
//
// The lines are kept as they came, in the transaction that answers who sent them.
// They are checked in portions, each in a short transaction that locks nothing. Then
// they are registered: where all or nothing was asked for, in one transaction, else
// portion by portion. No more lines than those of a portion are ever in memory. See
// docs/decisions/0037.

// MaxImport is how many participants one list may bring.
const MaxImport = 100_000

// ImportTask is the name of the work in the background.
const ImportTask = "import-participants"

// ImportID is the type of identifiers of imports, which are parts of their event.
const ImportID id.Type = "imp"

// How much is worked off at a time: lines that are checked, blocks that are
// registered.
const (
	checkedAtOnce = 1_000
	blocksAtOnce  = 20
)

// ImportRow is one line of a list of participants, as it was typed.
type ImportRow struct {
	Line         int // in the file, from 1
	Name         string
	Mail         string
	Role         DelegateRole
	Organisation string // its name, or its identifier; empty: the event's own
	Territory    string // its name or INE code; empty: not said
}

// ImportColumn is a column of a list of participants, as problems name it.
type ImportColumn string

// The columns.
const (
	ColumnName         ImportColumn = "NAME"
	ColumnMail         ImportColumn = "MAIL"
	ColumnRole         ImportColumn = "ROLE"
	ColumnOrganisation ImportColumn = "ORGANISATION"
	ColumnTerritory    ImportColumn = "TERRITORY"
)

// ImportState is how far an import has got.
type ImportState string

// The states.
const (
	ImportChecking    ImportState = "CHECKING"
	ImportRegistering ImportState = "REGISTERING"
	ImportDone        ImportState = "DONE"
	ImportRefused     ImportState = "REFUSED" // nothing was registered
)

// Final tells that nothing changes any more.
func (s ImportState) Final() bool { return s == ImportDone || s == ImportRefused }

// ImportMode is how a list is taken in.
type ImportMode struct {
	// Dry finds out what would happen, with everything decided as it would be, and
	// leaves nothing.
	Dry bool
	// Partial registers the lines that are right; without it one that is wrong
	// keeps all of them out.
	Partial bool
	// Digest stands for the list: the same key with another one is refused.
	Digest [32]byte
}

// Import is a list on its way.
type Import struct {
	link.Slots
	ID, Event     id.ID
	Number        int // of its last change, from 1
	State         ImportState
	Dry, Partial  bool
	Total         int // lines
	Checked       int
	Participants  int // registered, or with a dry run those who would be
	Registrations int
	ProblemCount  int
	Refusal       *ImportRefusal // nil: it was not refused as a whole
	By, For       id.ID          // who sent it, and for whom they acted
	CreatedAt     time.Time
	FinishedAt    *time.Time

	lang lang.Lang
	upto int
}

// ImportRefusal is why a whole list was refused.
type ImportRefusal struct {
	Code    string
	Message lang.Text
}

// GlobalID is the import's public identifier.
func (i *Import) GlobalID() string { return ImportID.GlobalPart(i.Event, i.ID) }

// Problem is what is wrong with one cell of a list.
type Problem struct {
	Line    int
	Column  ImportColumn
	Code    string
	Message lang.Text
}

// ErrAmbiguous is about a name that several things have.
var ErrAmbiguous = fault.Define(fault.Invalid, "NAME_AMBIGUOUS",
	"Hi ha més d'un resultat amb aquest nom.", "Hay más de un resultado con este nombre.",
	"There is more than one of this name.")

// Works begins work in the background.
type Works interface {
	BeginTx(ctx context.Context, tx *postgres.Tx, name string, of id.ID) error
}

// WithImports lets lists be taken in: by what work is begun, and how the rights that
// somebody has at that time are read.
func WithImports(w Works, rights func(ctx context.Context, person id.ID, l lang.Lang) (*access.Viewer, error)) RegistrationsOption {
	return func(s *Registrations) { s.works, s.rights = w, rights }
}

// Import keeps a list of participants and begins to take it in. The lines come one
// by one; an error among them keeps nothing.
//
// Who may: the event's organisers. Refusals: ErrEventOver.
func (s *Registrations) Import(ctx context.Context, v *access.Viewer, event id.ID, rows iter.Seq2[ImportRow, error], how ImportMode, key string) (made *Import, err error) {
	r := request{viewer: v, event: event, key: key, name: "eventParticipantsImport", input: how}
	err = r.call(s.db).Run(postgres.Long(ctx), func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		d, err := openDesk(ctx, tx, r, s.holds)
		if err != nil {
			return nil, err
		}
		if err := d.takesLists(); err != nil {
			return nil, err
		}
		list := id.New()
		if err := stage(ctx, d, list, how, rows); err != nil {
			return nil, err
		}
		return []id.ID{list}, s.works.BeginTx(ctx, tx, ImportTask, list)
	}, func(ctx context.Context, tx *postgres.Tx, ids []id.ID) (err error) {
		made, err = readImport(ctx, tx.Native(), ids[0])
		return err
	})
	if err != nil {
		return nil, registrationError("keep a list", err)
	}
	return made, nil
}

// takesLists refuses others than organisers, and lists for what is over for good.
func (d *desk) takesLists() error {
	if err := d.organisersOnly(); err != nil {
		return err
	}
	if d.at.State.Final() {
		return ErrEventOver.New()
	}
	return nil
}

const stageSQL = `
insert into participant_import_rows (import, line, name, mail, role, organisation, territory)
select $1, r.* from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) r`

func stage(ctx context.Context, d *desk, list id.ID, how ImportMode, rows iter.Seq2[ImportRow, error]) error {
	_, err := d.tx.Native().Exec(ctx, `
		insert into participant_imports (id, event, asked_by, acting_for, lang, dry, partial) values ($1, $2, $3, $4, $5, $6, $7)`,
		list, d.event, d.viewer.Person, d.viewer.For, string(cmp.Or(d.viewer.Lang, lang.CA)), how.Dry, how.Partial)
	if err != nil {
		return err
	}
	var c importColumns
	total := 0
	flush := func() error {
		total += len(c.lines)
		_, err := postgres.Hub(d.tx.Native()).Exec(ctx, stageSQL, list, c.lines, c.names, c.mails, c.roles, c.organisations, c.territories)
		c = importColumns{}
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if c.add(row); len(c.lines) == checkedAtOnce {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	_, err = d.tx.Native().Exec(ctx, `update participant_imports set total = $2 where id = $1`, list, total)
	return err
}

type importColumns struct {
	lines                                           []int
	names, mails, roles, organisations, territories []string
}

func (c *importColumns) add(r ImportRow) {
	c.lines, c.names, c.mails = append(c.lines, r.Line), append(c.names, r.Name), append(c.mails, r.Mail)
	c.roles, c.organisations = append(c.roles, string(r.Role)), append(c.organisations, r.Organisation)
	c.territories = append(c.territories, r.Territory)
}

// importLife is how long it is remembered what became of a list, importPatience how
// long one that nobody works off is kept.
const (
	importLife     = 30 * 24 * time.Hour
	importPatience = 24 * time.Hour
)

var errImportGivenUp = fault.Define(fault.Limited, "IMPORT_GIVEN_UP",
	"La llista no s'ha pogut carregar. Torneu-la a enviar.", "La lista no se ha podido cargar. Vuelva a enviarla.",
	"The list could not be taken in. Send it again.")

// TidyImports forgets lists that were taken in, and those that are not worked off.
func (s *Registrations) TidyImports(ctx context.Context) error {
	return s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Native().Exec(ctx, `delete from participant_imports where finished_at < clock_timestamp() - $1::interval`, importLife); err != nil {
			return fmt.Errorf("forget imports: %w", err)
		}
		rows, err := tx.Native().Query(ctx, `
			select id from participant_imports where finished_at is null and created_at < clock_timestamp() - $1::interval
			for update skip locked`, importPatience)
		if err != nil {
			return fmt.Errorf("find imports that nobody works off: %w", err)
		}
		left, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
		for _, list := range left {
			if err := s.endImport(ctx, tx, list, ImportRefused, errImportGivenUp.New()); err != nil {
				return err
			}
		}
		return err
	})
}
