package privacy

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Line is one erasure in the ledger: of a person, or of the name on one place.
// It holds identifiers only, which after the erasure name nobody.
type Line struct {
	Person   id.ID     `json:"person,omitzero"`
	Delegate id.ID     `json:"delegate,omitzero"`
	At       time.Time `json:"at"` // by the database's clock
	Receipt  string    `json:"receipt,omitempty"`
}

// Ledger is a folder outside of the database, and outside of what is restored
// with it, that remembers what was erased. Lines are added to one file of it; all
// files of it are read, so that ledgers of other machines can be put there.
//
// A line is on the disk before Append returns. It is written between two line
// ends, so that one torn by a crash spoils no other; it was never acted upon.
type Ledger struct {
	folder string
	mu     sync.Mutex
}

const ledgerFile = "erasures.jsonl"

// OpenLedger makes the folder where it is missing and tries that it can be
// written to: better at the start than when somebody asks to be forgotten.
func OpenLedger(folder string) (*Ledger, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("ledger of erasures: %w", err)
	}
	l := &Ledger{folder: folder}
	return l, l.write(nil)
}

// Append adds a line and waits until the disk has it.
func (l *Ledger) Append(line Line) error {
	text, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("ledger of erasures: %w", err)
	}
	return l.write([]byte("\n" + string(text) + "\n"))
}

func (l *Ledger) write(text []byte) (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f, err := os.OpenFile(filepath.Join(l.folder, ledgerFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("ledger of erasures: %w", err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = syncFolder(l.folder)
	}
	if err != nil {
		return fmt.Errorf("ledger of erasures: %w", err)
	}
	return nil
}

// syncFolder makes a new file's name last, as its contents do.
func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Lines reads everything, and says how many lines could not be read.
func (l *Ledger) Lines() (lines []Line, torn int, err error) {
	files, err := fs.Glob(os.DirFS(l.folder), "*.jsonl")
	if err != nil {
		return nil, 0, fmt.Errorf("ledger of erasures: %w", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join(l.folder, name))
		if err != nil {
			return nil, 0, fmt.Errorf("ledger of erasures: %w", err)
		}
		scan := bufio.NewScanner(bytes.NewReader(text))
		scan.Buffer(nil, 1<<20)
		for scan.Scan() {
			var line Line
			switch {
			case len(bytes.TrimSpace(scan.Bytes())) == 0:
			case json.Unmarshal(scan.Bytes(), &line) != nil || line.Person.IsZero() == line.Delegate.IsZero():
				torn++
			default:
				lines = append(lines, line)
			}
		}
		if err := scan.Err(); err != nil {
			return nil, 0, fmt.Errorf("ledger of erasures: %s: %w", name, err)
		}
	}
	return lines, torn, nil
}

// newReference is a receipt's number: it can be read out and names nobody.
func newReference() string {
	text := rand.Text()
	return strings.Join([]string{text[:5], text[5:10], text[10:15], text[15:20]}, "-")
}

// Forgotten writes down that a delegate's name goes; the calendar calls it.
func (s *Service) Forgotten(ctx context.Context, delegate id.ID) error {
	if s.Ledger == nil {
		return nil
	}
	var at time.Time
	if err := s.db.Read().QueryRow(ctx, `select clock_timestamp()`).Scan(&at); err != nil {
		return wrap("ask for the time", err)
	}
	return s.Ledger.Append(Line{Delegate: delegate, At: at})
}

// Delegates erases the names of single places; the calendar is it.
type Delegates interface {
	EraseDelegate(ctx context.Context, delegate id.ID) error
}

// Replay erases again whom the ledger says was erased and the database still or
// again knows: after a backup was restored. The hub calls it before it serves,
// and does not serve when it fails. It says how many it found.
func (s *Service) Replay(ctx context.Context, delegates Delegates) (n int, err error) {
	if s.Ledger == nil {
		return 0, nil
	}
	lines, torn, err := s.Ledger.Lines()
	if err != nil {
		return 0, err
	}
	if torn > 0 {
		s.Log.WarnContext(ctx, "the ledger of erasures has lines that cannot be read", "lines", torn)
	}
	people, places := back(lines)
	if people, err = s.stillKnown(ctx, people); err != nil {
		return 0, err
	}
	for _, line := range people {
		if err := s.again(ctx, line); err != nil {
			return n, fmt.Errorf("replay the ledger of erasures: %w", err)
		}
		n++
	}
	if places, err = s.stillNamed(ctx, places); err != nil {
		return n, err
	}
	for _, line := range places {
		if err := delegates.EraseDelegate(ctx, line.Delegate); err != nil {
			return n, fmt.Errorf("replay the ledger of erasures: %w", err)
		}
		n++
	}
	return n, nil
}

func back(lines []Line) (people, places []Line) {
	for _, line := range lines {
		if line.Delegate.IsZero() {
			people = append(people, line)
		} else {
			places = append(places, line)
		}
	}
	return people, places
}

// A person who was erased has no name, no account, no place and has ended.
const knownSQL = `
select n.id from nodes n where n.id = any(` + postgres.Keys + `) and n.kind = 'person' and (n.ended_at is null
  or exists (select from person_names p where p.subject = n.id)
  or exists (select from accounts a where a.person = n.id)
  or exists (select from delegate_secrets s where s.person = n.id))`

func (s *Service) stillKnown(ctx context.Context, lines []Line) ([]Line, error) {
	ids := make([]id.ID, len(lines))
	for i, line := range lines {
		ids[i] = line.Person
	}
	rows, err := postgres.Hub(s.db.Read()).Query(ctx, knownSQL, ids)
	if err != nil {
		return nil, wrap("look for erased people", err)
	}
	known, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return nil, wrap("look for erased people", err)
	}
	return among(lines, known, func(l Line) id.ID { return l.Person }), nil
}

// A place may have been named again since: that name stays.
const namedSQL = `
select d.id from unnest($1::uuid[], $2::timestamptz[]) as l(id, at)
join registration_delegates d on d.id = l.id join registrations r on r.id = d.registration
left join person_names p on p.subject = d.id left join delegate_secrets s on s.delegate = d.id
where d.named and d.answer is distinct from 'NOT_ME' and coalesce(p.recorded_at, s.named_at, r.created_at) <= l.at`

func (s *Service) stillNamed(ctx context.Context, lines []Line) ([]Line, error) {
	ids, at := make([]id.ID, len(lines)), make([]time.Time, len(lines))
	for i, line := range lines {
		ids[i], at[i] = line.Delegate, line.At
	}
	rows, err := postgres.Hub(s.db.Read()).Query(ctx, namedSQL, ids, at)
	if err != nil {
		return nil, wrap("look for names that were taken off", err)
	}
	known, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return nil, wrap("look for names that were taken off", err)
	}
	return among(lines, known, func(l Line) id.ID { return l.Delegate }), nil
}

// among keeps the newest line of each that is known.
func among(lines []Line, known []id.ID, of func(Line) id.ID) []Line {
	newest := map[id.ID]Line{}
	for _, line := range lines {
		newest[of(line)] = line
	}
	kept := make([]Line, 0, len(known))
	for _, k := range known {
		kept = append(kept, newest[k])
	}
	return kept
}

// again carries out an erasure that the restored database has not heard of, or
// takes it for open. No second receipt is mailed: the person has one.
func (s *Service) again(ctx context.Context, line Line) error {
	_, err := postgres.Hub(s.db.Read()).Exec(ctx, `
		insert into erasures (id, person, receipt, asked_at) values ($1, $2, $3, $4)
		on conflict (receipt) do update set done_at = null`, id.New(), line.Person, line.Receipt, line.At)
	if err != nil {
		return wrap("note the erasure", err)
	}
	quiet := *s
	quiet.Mail = nil
	return quiet.carryOut(ctx, &access.Viewer{}, line.Person, &Receipt{Reference: line.Receipt, At: line.At})
}
