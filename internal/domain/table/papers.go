package table

import (
	"context"
	"fmt"
	"strings"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/paper"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// PrintedCall is the call of a session as a document, in a language, for who sees
// the session; the fault is fault.ErrNotFound for others and for what was not
// called.
func (s *Service) PrintedCall(ctx context.Context, v *access.Viewer, session id.ID, l lang.Lang) (*paper.Document, error) {
	return s.printed(ctx, v, session, func(ctx context.Context, q postgres.Querier, t *Table, of *Session) (*paper.Document, error) {
		if of.StartsAt == nil || of.State == SessionProposed {
			return nil, fault.ErrNotFound.New()
		}
		r, err := s.record(ctx, q, v, t, of)
		if err != nil {
			return nil, err
		}
		return r.call(l)
	})
}

// PrintedMinutes are the minutes of a session as a document, for who may read
// them: the language is that of the minutes.
func (s *Service) PrintedMinutes(ctx context.Context, v *access.Viewer, session id.ID) (*paper.Document, error) {
	return s.printed(ctx, v, session, func(ctx context.Context, q postgres.Querier, t *Table, of *Session) (*paper.Document, error) {
		found, err := MinutesOf(ctx, q, v, []id.ID{session}, nil)
		if err != nil {
			return nil, err
		}
		m := found[session]
		if m == nil {
			return nil, fault.ErrNotFound.New()
		}
		return printedMinutes(t, of, m), nil
	})
}

// printed reads everything of one instant, in which the viewer has the right.
func (s *Service) printed(ctx context.Context, v *access.Viewer, session id.ID, do func(context.Context, postgres.Querier, *Table, *Session) (*paper.Document, error)) (d *paper.Document, err error) {
	err = s.db.Snapshot(ctx, func(ctx context.Context, q postgres.Querier) error {
		of, err := SessionsByIDs(ctx, q, v, []id.ID{session})
		if err != nil {
			return err
		}
		if len(of) == 0 {
			return fault.ErrNotFound.New()
		}
		tables, err := ByIDs(ctx, q, v, []id.ID{of[0].Table})
		if err != nil {
			return err
		}
		d, err = do(ctx, q, tables[0], of[0])
		return err
	})
	return d, err
}

func (r *record) call(l lang.Lang) (*paper.Document, error) {
	say, s := phrases().in(l), r.session
	d := &paper.Document{Lang: l, Title: r.heading("call", l), Number: s.FileNumber}
	d.Note(say("table"), r.table.Title.In(l))
	d.Note(say("convenor"), r.names[r.table.Home].In(l))
	at, err := mail.Moment(l, *s.StartsAt)
	if err != nil {
		return nil, err
	}
	d.Note(say("when"), at)
	if s.SecondCallAt != nil {
		if at, err = mail.Moment(l, *s.SecondCallAt); err != nil {
			return nil, err
		}
		d.Note(say("second"), at)
	}
	d.Note(say("where"), s.Place)
	d.Note(say("online"), s.OnlineURL)
	nature := "ordinary"
	if s.Extraordinary {
		nature = "extra"
	}
	d.Note(say("kind"), say(nature))
	d.Note(say("urgent"), s.Urgent.In(l))
	d.Head(say("agenda"))
	for i, item := range r.items {
		d.Say(strings.TrimSpace(fmt.Sprintf("%d. %s\n%s", i+1, r.itemTitle(item, l), item.Description.In(l))))
	}
	if len(r.papers) > 0 {
		d.Head(say("papers"))
	}
	for _, p := range r.papers {
		title := p.Title.In(l)
		if p.Late {
			title += " (" + say("late") + ")"
		}
		d.Refer(title, p.URL)
	}
	return d, nil
}

// printedMinutes takes a text apart into headings, lists and paragraphs.
func printedMinutes(t *Table, of *Session, m *Minutes) *paper.Document {
	say := phrases().in(m.Language)
	d := &paper.Document{Lang: m.Language, Number: of.FileNumber, Title: say("minutes") + ": " + t.Title.In(m.Language) + ". " + of.Title.In(m.Language)}
	state := "draft"
	if m.Approved {
		state = "approved"
	}
	d.Say(say(state))
	var lines []string
	flush := func() {
		d.Say(strings.Join(lines, "\n"))
		lines = nil
	}
	for _, line := range strings.Split(strings.TrimPrefix(m.Text, d.Title), "\n") {
		heading, isHeading := strings.CutPrefix(line, "## ")
		entry, isEntry := strings.CutPrefix(line, "- ")
		switch {
		case isHeading:
			flush()
			d.Head(strings.TrimSpace(heading))
		case isEntry:
			flush()
			d.List(strings.TrimSpace(entry))
		case strings.TrimSpace(line) == "":
			flush()
		default:
			lines = append(lines, strings.TrimRight(line, " \r"))
		}
	}
	flush()
	return d
}
