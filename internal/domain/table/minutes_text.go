package table

import (
	"context"
	"fmt"
	"strings"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// generated writes minutes from what was noted: lines of text, "## " before a
// heading and "- " before an entry of a list. Organisations are named, people are
// not: who wants a name in the minutes writes it there.
func (s *Service) generated(ctx context.Context, q postgres.Querier, v *access.Viewer, t *Table, of *Session, l lang.Lang) (string, error) {
	r, err := s.record(ctx, q, v, t, of)
	if err != nil {
		return "", err
	}
	return r.minutes(l)
}

// Preview is what the minutes of a session would be if they were drafted now, in
// a language; empty for who does not organise the table, and before the session
// has begun.
func (s *Service) Preview(ctx context.Context, v *access.Viewer, session id.ID, l lang.Lang) (text string, err error) {
	err = s.db.Snapshot(ctx, func(ctx context.Context, q postgres.Querier) error {
		found, err := SessionsByIDs(ctx, q, v, []id.ID{session})
		if err != nil || len(found) == 0 || found[0].ViewerLevel < access.Organisers || found[0].OpenedAt == nil {
			return err
		}
		tables, err := ByIDs(ctx, q, v, []id.ID{found[0].Table})
		if err != nil || len(tables) == 0 {
			return err
		}
		text, err = s.generated(ctx, q, v, tables[0], found[0], l)
		return err
	})
	return text, err
}

type writer struct {
	*record
	l   lang.Lang
	say func(string) string
	out strings.Builder
}

func (r *record) minutes(l lang.Lang) (string, error) {
	w := &writer{record: r, l: l, say: phrases().in(l)}
	w.line(w.title("minutes"))
	if err := w.times(); err != nil {
		return "", err
	}
	w.attending()
	w.head("matters")
	for i, item := range r.items {
		w.matter(i+1, item)
	}
	if r.session.ClosedAt != nil && !r.session.Recorded {
		ended, err := mail.Moment(l, *r.session.ClosedAt)
		if err != nil {
			return "", err
		}
		w.line("")
		w.line(w.say("ends") + ": " + ended + ".")
	}
	return strings.TrimSpace(w.out.String()) + "\n", nil
}

func (w *writer) line(s string) { w.out.WriteString(s + "\n") }
func (w *writer) head(key string) {
	w.line("")
	w.line("## " + w.say(key))
	w.line("")
}

func (r *record) heading(key string, l lang.Lang) string {
	return phrases().in(l)(key) + ": " + r.table.Title.In(l) + ". " + r.session.Title.In(l)
}

func (w *writer) title(key string) string { return w.heading(key, w.l) }

func (w *writer) times() error {
	at, err := mail.Moment(w.l, *w.session.StartsAt)
	if err != nil {
		return err
	}
	w.line("")
	w.line(w.say("when") + ": " + at + ".")
	if w.session.Place != "" {
		w.line(w.say("where") + ": " + w.session.Place + ".")
	}
	nature := "ordinary"
	if w.session.Extraordinary {
		nature = "extra"
	}
	w.line(w.say("kind") + ": " + w.say(nature) + ".")
	if w.session.OpenedAt != nil && !w.session.Recorded {
		opened, err := mail.Moment(w.l, *w.session.OpenedAt)
		if err != nil {
			return err
		}
		w.line(w.say("begins") + ": " + opened + ".")
	}
	if w.session.SecondCall {
		w.line(w.say("second") + ".")
	}
	return nil
}

// attending lists who came, also those who left before the end.
func (w *writer) attending() {
	var present, excused, absent []string
	came := 0
	for _, a := range w.attendance {
		name := w.names[a.Organization].In(w.l)
		if !a.Counts {
			name += " (" + w.say("observer") + ")"
		}
		switch {
		case a.ArrivedAt != nil:
			if a.Counts {
				came++
			}
			if a.CameAs != nil && *a.CameAs == AsSubstitute {
				name += ", " + w.say("substitute")
			}
			present = append(present, name)
		case a.Answer != nil && *a.Answer == Excused:
			excused = append(excused, name)
		default:
			absent = append(absent, name)
		}
	}
	for _, list := range []struct {
		key   string
		names []string
	}{{"present", present}, {"excused", excused}, {"absent", absent}} {
		if len(list.names) == 0 {
			continue
		}
		w.head(list.key)
		for _, name := range list.names {
			w.line("- " + name)
		}
	}
	w.line("")
	w.line(fmt.Sprintf("%s: %d %s %d (%s %d).", w.say("quorum"), came, w.say("of"), w.session.Members, w.say("needed"), w.session.Needed))
}

func (w *writer) matter(place int, item *Item) {
	w.line(fmt.Sprintf("%d. %s", place, w.record.itemTitle(item, w.l)))
	if note := item.Note.In(w.l); note != "" {
		w.line(note)
	}
	adopted := false
	for _, r := range w.resolutions {
		if r.Item == item.ID {
			adopted = true
			w.resolution(r)
		}
	}
	switch {
	case item.Outcome == nil && !adopted:
		w.line(w.say("nothing"))
	case item.Outcome != nil && *item.Outcome == OutcomeInformation && item.Note.Empty():
		w.line(w.say("informed"))
	}
	w.line("")
}

// itemTitle is an item's title with what sort of item it is.
func (r *record) itemTitle(item *Item, l lang.Lang) string {
	say, title := phrases().in(l), item.Title.In(l)
	switch item.Kind {
	case FollowUp:
		title = say("follow") + ": " + title
	case MinutesApproval:
		title = say("approval") + ": " + title
	}
	if item.Carried {
		title += " (" + say("carried") + ")"
	}
	if item.Late {
		title += " (" + say("late") + ")"
	}
	return title
}

func (w *writer) resolution(r *Resolution) {
	label := w.say(string(r.Kind))
	if r.State == NotAdopted {
		label = w.say("refused")
	}
	how := w.say("assent")
	if r.ByVote {
		how = fmt.Sprintf("%d %s, %d %s, %d %s", r.Tally.For, w.say("for"), r.Tally.Against, w.say("against"), r.Tally.Abstentions, w.say("abstained"))
	}
	w.line(fmt.Sprintf("- %s %d (%s): %s", label, r.Number, how, r.Text.In(w.l)))
	for _, choice := range []struct {
		choice Choice
		key    string
	}{{For, "for"}, {Against, "against"}, {Abstention, "abstained"}} {
		var names []string
		for _, v := range w.votes[r.ID] {
			if v.Choice == choice.choice {
				names = append(names, w.names[v.Organization].In(w.l))
			}
		}
		if len(names) > 0 {
			w.line("- " + w.say(choice.key) + ": " + strings.Join(names, ", ") + ".")
		}
	}
	if !r.Responsible.IsZero() {
		w.line("- " + w.say("who") + ": " + w.names[r.Responsible].In(w.l) + ".")
	}
	if r.Deadline != nil {
		w.line("- " + w.say("by") + ": " + mail.Day(w.l, *r.Deadline) + ".")
	}
}
