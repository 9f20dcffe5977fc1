package calendar

import (
	"context"
	"fmt"
	"iter"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// begun are the imports that somebody began.
type begun []id.ID

// BeginTx implements Works.
func (b *begun) BeginTx(_ context.Context, _ *postgres.Tx, _ string, of id.ID) error {
	*b = append(*b, of)
	return nil
}

// listsFor is a venue where lists are taken in.
func listsFor(t testing.TB, specs ...PoolSpec) *venue {
	x := seatsFor(t, specs...)
	x.desk = NewRegistrations(x.db, WithImports(&begun{}, func(context.Context, id.ID, lang.Lang) (*access.Viewer, error) {
		again := *x.organiser
		again.Lang = lang.EN
		return &again, nil
	}))
	return x
}

// guests are so many lines; what change makes of each.
func guests(n int, change func(n int, row *ImportRow)) iter.Seq2[ImportRow, error] {
	return func(yield func(ImportRow, error) bool) {
		for i := range n {
			row := ImportRow{
				Line: i + 2, Name: fmt.Sprintf("Persona de la llista %d", i), Mail: fmt.Sprintf("persona.%d@llista.example", i), Role: RoleAssociation,
			}
			if change != nil {
				change(i, &row)
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func (x *venue) imports(rows iter.Seq2[ImportRow, error], how ImportMode) *Import {
	x.Helper()
	i, err := x.desk.Import(x.ctx, x.organiser, x.event, rows, how, "")
	x.ok(err)
	for more := true; more; {
		more, err = x.desk.WorkImport(x.ctx, i.ID)
		x.ok(err)
	}
	return x.imported(i)
}

func (x *venue) imported(i *Import) *Import {
	x.Helper()
	i, _, _, err := ImportOf(x.ctx, x.db.Read(), x.organiser, x.event, i.ID, 0)
	x.ok(err)
	var kept int
	x.ok(postgres.Hub(x.db.Read()).QueryRow(x.ctx, `select count(*) from participant_import_rows where import = $1`, i.ID).Scan(&kept))
	if i.State.Final() != (kept == 0) {
		x.Errorf("%s keeps %d lines", i.State, kept)
	}
	return i
}

// problems are written as line column code.
func (x *venue) problems(i *Import) string {
	x.Helper()
	_, all, _, err := ImportOf(x.ctx, x.db.Read(), x.organiser, x.event, i.ID, 0)
	x.ok(err)
	var list []string
	for _, p := range all {
		list = append(list, fmt.Sprint(p.Line, " ", p.Column, " ", p.Code))
	}
	return strings.Join(list, ", ")
}

func (x *venue) became(i *Import, want string) {
	x.Helper()
	got := fmt.Sprintf("%s %d of %d in %d, %d wrong", i.State, i.Participants, i.Total, i.Registrations, i.ProblemCount)
	if got != want {
		x.Errorf("it became %q, want %q: %v %s", got, want, i.Refusal, x.problems(i))
	}
	x.audit()
}

func (x *venue) seats(pool int) int {
	x.Helper()
	of, err := SeatPoolsOf(x.ctx, x.db.Read(), x.organiser, []id.ID{x.event})
	x.ok(err)
	return of[x.event][pool].Counts.Confirmed
}

// A list with something wrong in it comes in not at all, or as far as it is right;
// what is wrong is told by line and column in either case.
func TestImportWholeOrPartial(t *testing.T) {
	x := listsFor(t, general(2_200))
	wrong := func(n int, row *ImportRow) {
		switch n {
		case 3:
			row.Name = " "
		case 1_500:
			row.Mail = "no és un correu"
		case 1_501:
			row.Mail = "persona.7@llista.example"
		case 2_000:
			row.Organisation, row.Role = "Ningú", "REI"
		}
	}
	const told = "5 NAME REQUIRED, 1502 MAIL BAD_MAIL, 1503 MAIL SAME_DELEGATE_TWICE, 2002 ORGANISATION NOT_FOUND, 2002 ROLE UNKNOWN_CHOICE"
	for _, dry := range []bool{true, false} {
		i := x.imports(guests(2_100, wrong), ImportMode{Dry: dry})
		x.became(i, "REFUSED 0 of 2100 in 0, 5 wrong")
		if got := x.problems(i); got != told {
			t.Errorf("told %s, want %s", got, told)
		}
	}
	dry := x.imports(guests(2_100, wrong), ImportMode{Dry: true, Partial: true})
	x.became(dry, "DONE 2096 of 2100 in 42, 5 wrong")
	if n := x.seats(0); n != 0 {
		t.Errorf("a dry run left %d seats taken", n)
	}
	i := x.imports(guests(2_100, wrong), ImportMode{Partial: true})
	x.became(i, "DONE 2096 of 2100 in 42, 5 wrong")
	if n := x.seats(0); n != 2_096 {
		t.Errorf("%d seats are taken", n)
	}
	again := x.imports(guests(2, nil), ImportMode{})
	x.became(again, "REFUSED 0 of 2 in 0, 2 wrong")
	x.became(x.imports(guests(0, nil), ImportMode{}), "DONE 0 of 0 in 0, 0 wrong")
	fits := func(n int, row *ImportRow) { row.Mail = fmt.Sprintf("altra.%d@llista.example", n) }
	x.became(x.imports(guests(120, fits), ImportMode{}), "REFUSED 0 of 120 in 0, 20 wrong")
	x.became(x.imports(guests(120, fits), ImportMode{Partial: true}), "DONE 100 of 120 in 2, 20 wrong")
	if n := x.seats(0); n != 2_196 {
		t.Errorf("%d seats are taken", n)
	}
}

// Work that is broken off, at whatever statement, and two instances that are at it
// side by side, leave what is gone on from: everybody is registered, once.
func TestImportGoesOn(t *testing.T) {
	for _, partial := range []bool{false, true} {
		x := listsFor(t, general(3_000))
		i, err := x.desk.Import(x.ctx, x.organiser, x.event, guests(2_600, nil), ImportMode{Partial: partial}, "")
		x.ok(err)
		for patience := time.Millisecond; !x.imported(i).State.Final(); patience += patience / 2 {
			ctx, stop := context.WithTimeout(x.ctx, patience)
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() { _, _ = x.desk.WorkImport(ctx, i.ID) })
			}
			both.Wait()
			stop()
			x.audit()
		}
		x.became(x.imported(i), "DONE 2600 of 2600 in 52, 0 wrong")
		if n := x.seats(0); n != 2_600 {
			t.Errorf("%d seats are taken", n)
		}
	}
}

// What an organiser may no longer do is not done in their name later.
func TestImportNeedsTheRight(t *testing.T) {
	x := listsFor(t, general(10))
	i, err := x.desk.Import(x.ctx, x.organiser, x.event, guests(2, nil), ImportMode{}, "")
	x.ok(err)
	x.organiser.Administers = nil
	more, err := x.desk.WorkImport(x.ctx, i.ID)
	if x.ok(err); more {
		t.Error("there is more to do")
	}
	if _, _, _, err := ImportOf(x.ctx, x.db.Read(), x.organiser, x.event, i.ID, 0); err == nil {
		t.Error("it is still shown")
	}
	x.organiser.Administers = x.organiser.Home
	if now := x.imported(i); now.Refusal == nil || now.Refusal.Code != fault.ErrDenied.Name || now.State != ImportRefused {
		t.Errorf("it became %s, %v", now.State, now.Refusal)
	}
}

// A list is as long as it likes, and what is held of it is not. A hundred thousand
// lines, and what they need:
//
//	TEIXIT_IMPORT_LINES=100000 go test ./internal/domain/calendar -run ImportAtSize -v
func TestImportAtSize(t *testing.T) {
	n := 25_000
	if set, err := strconv.Atoi(os.Getenv("TEIXIT_IMPORT_LINES")); err == nil {
		n = set
	}
	x := listsFor(t, general(n))
	held := x.held()
	i := x.imports(guests(n, nil), ImportMode{})
	most := held()
	t.Logf("%d lines, all or nothing: %s of work, %d MiB held at most", n, i.FinishedAt.Sub(i.CreatedAt).Round(time.Millisecond), most>>20)
	x.became(i, fmt.Sprintf("DONE %d of %d in %d, 0 wrong", n, n, n/MaxBlock))
	if most > 16<<20 {
		t.Errorf("%d bytes are held", most)
	}
}

// held begins to look at how much is reachable in memory, more than now; its answer
// ends it and says how much that was at most.
func (x *venue) held() func() (most uint64) {
	reachable := func() uint64 {
		var now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&now)
		return now.HeapAlloc
	}
	least, most := reachable(), uint64(0)
	ctx, stop := context.WithCancel(x.ctx)
	var done sync.WaitGroup
	done.Go(func() {
		for again := time.NewTicker(100 * time.Millisecond); ctx.Err() == nil; {
			if now := reachable(); now > least {
				most = max(most, now-least)
			}
			select {
			case <-again.C:
			case <-ctx.Done():
			}
		}
	})
	return func() uint64 {
		stop()
		done.Wait()
		return most
	}
}
