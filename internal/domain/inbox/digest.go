package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Bounds of one round of digests.
const (
	peopleAtOnce  = 200
	itemsInDigest = 300 // read for one digest; what is beyond them is counted by none
)

// Send tells people by mail what they asked to be told by now: one mail at a
// time, of all rhythms that are due, with what is unread, visible to them now and not told
// before. It notes first whose inbox was touched, so that a round costs what has
// happened and not how many people there are. Any instance may do it, every
// minute or so; it says how many mails it queued. It may be broken off anywhere:
// a mail and the note that it was told are one transaction.
func (s *Service) Send(ctx context.Context) (sent int, err error) {
	ctx = postgres.AsHub(ctx)
	if err := s.db.InTx(ctx, note); err != nil {
		return 0, wrap("note who has something new", err)
	}
	for range peopleAtOnce {
		n, more, err := s.sendOne(ctx)
		if sent += n; err != nil || !more {
			return sent, err
		}
	}
	return sent, nil
}

// note looks who is touched by what came behind the horizon since the last look.
func note(ctx context.Context, tx *postgres.Tx) error {
	q := tx.Native()
	head, err := journal.FeedHead(ctx, q)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `insert into digest_cursor (era, fxid, seq) values ($1, $2, 0) on conflict (one) do nothing`, head.Era, head.FXID)
	if err != nil {
		return err
	}
	var at journal.FeedCursor
	err = q.QueryRow(ctx, `select era, fxid, seq from digest_cursor for update`).Scan(&at.Era, &at.FXID, &at.Seq)
	if err != nil || at.Compare(head) >= 0 {
		return err
	}
	if _, err := q.Exec(ctx, noteSQL, at.Era, at.FXID, at.Seq, head.Era, head.FXID); err != nil {
		return err
	}
	_, err = q.Exec(ctx, `update digest_cursor set era = $1, fxid = $2, seq = 0`, head.Era, head.FXID)
	return err
}

// Who has something new gets a look; who never had a digest begins with it.
const noteSQL = `
	with touched as (
	  select a.about, bool_or(a.asked) as asked from journal_about a
	  where (a.epoch, a.fxid, a.seq) > ($1::bigint, $2::xid8, $3::bigint) and (a.epoch, a.fxid) < ($4::bigint, $5::xid8)
	  group by a.about)
	, people as (
	  select about as person from touched
	  union select w.person from touched t join watches w on w.node = t.about
	  union select e.source from touched t join edges e on e.target = t.about
	    where t.asked and e.kind = 'acts_for' and e.valid @> (now() at time zone 'Europe/Madrid')::date)
	, reached as (
	  select p.person from people p join accounts a on a.person = p.person where a.mail is not null and a.disabled_at is null)
	, begun as (
	  insert into digests (person, rhythm, era, fxid, seq)
	  select r.person, x.rhythm, $1, $2, $3 from reached r cross join unnest('{IMMEDIATELY,DAILY,WEEKLY}'::text[]) as x(rhythm)
	  on conflict do nothing)
	insert into digests_due (person, next_at) select person, clock_timestamp() from reached
	on conflict (person) do update set next_at = least(digests_due.next_at, excluded.next_at)`

// sendOne deals with one person who is due; more is false when there is none.
func (s *Service) sendOne(ctx context.Context) (sent int, more bool, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		var p recipient
		err := tx.Native().QueryRow(ctx, `
			select d.person, now(), coalesce(a.mail, ''), coalesce(a.lang, 'ca')
			from digests_due d left join accounts a on a.person = d.person and a.disabled_at is null
			where d.next_at <= clock_timestamp() order by d.next_at limit 1 for update of d skip locked`).
			Scan(&p.person, &p.now, &p.mail, &p.lang)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		more = true
		next, n, err := s.sendTo(ctx, tx, p)
		if err != nil {
			return err
		}
		sent = n
		if next.IsZero() {
			_, err = tx.Native().Exec(ctx, `delete from digests_due where person = $1`, p.person)
			return err
		}
		_, err = tx.Native().Exec(ctx, `update digests_due set next_at = $2 where person = $1`, p.person, next)
		return err
	})
	return sent, more, wrap("send digests", err)
}

// recipient is who may be told.
type recipient struct {
	person id.ID
	now    time.Time
	mail   string
	lang   lang.Lang
}

// progress is up to where one rhythm has told, and when it last did.
type progress struct {
	rhythm Rhythm
	at     journal.FeedCursor
	last   time.Time
}

// sendTo queues the digests that are due and says when to look again: the zero
// time when nothing is left to tell.
func (s *Service) sendTo(ctx context.Context, tx *postgres.Tx, p recipient) (next time.Time, sent int, err error) {
	v, err := auth.Viewer(ctx, tx.Native(), p.person, p.lang)
	if p.mail == "" || s.mail == nil || errors.Is(err, fault.ErrUnauthenticated) {
		return next, 0, nil
	}
	if err != nil {
		return next, 0, err
	}
	wants, err := PreferencesOf(ctx, tx.Native(), p.person)
	if err != nil {
		return next, 0, err
	}
	rhythms, err := progressOf(ctx, tx.Native(), p.person)
	if err != nil {
		return next, 0, err
	}
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		return next, 0, fmt.Errorf("find the zone of the hub's days: %w", err)
	}
	var now []progress
	for _, r := range rhythms {
		due := wants.next(r.rhythm, r.last.In(zone), p.now.In(zone))
		switch {
		case !due.After(p.now):
			now = append(now, r)
		case wants.uses(r.rhythm) && (next.IsZero() || due.Before(next)):
			next = due
		}
	}
	sent, err = s.tell(ctx, tx, v, p, wants, now)
	return next, sent, err
}

func (p Preferences) uses(r Rhythm) bool {
	for _, rhythm := range p.Rhythms {
		if rhythm == r {
			return true
		}
	}
	return false
}

func progressOf(ctx context.Context, q postgres.Querier, person id.ID) ([]progress, error) {
	rows, err := q.Query(ctx, `select rhythm, era, fxid, seq, at from digests where person = $1 order by rhythm`, person)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r progress, err error) {
		return r, row.Scan(&r.rhythm, &r.at.Era, &r.at.FXID, &r.at.Seq, &r.last)
	})
}

// tell queues one digest of all the rhythms that are due at the moment, unless it
// would be empty, and notes up to where each tells. An empty one counts as none:
// the next goes when it would have gone.
func (s *Service) tell(ctx context.Context, tx *postgres.Tx, v *access.Viewer, p recipient, wants Preferences, due []progress) (sent int, err error) {
	var all []*Item
	key := ""
	for i, r := range due {
		items, upTo, err := s.untold(ctx, tx.Native(), v, wants, r)
		if err != nil {
			return 0, err
		}
		if len(items) > 0 {
			if key == "" {
				key = fmt.Sprintf("digest/%s/%s/%d/%d/%d", p.person, r.rhythm, r.at.Era, r.at.FXID, r.at.Seq)
			}
			all, due[i].last = append(all, items...), p.now
		}
		due[i].at = upTo
	}
	if len(all) > 0 {
		m, err := s.digest(ctx, tx.Native(), v, p, all)
		if err != nil {
			return 0, err
		}
		m.UniqueKey = key
		if err := s.mail.EnqueueTx(ctx, tx, m); err != nil {
			return 0, err
		}
		sent = 1
	}
	for _, r := range due {
		_, err := tx.Native().Exec(ctx, `update digests set era = $3, fxid = $4, seq = $5, at = $6 where person = $1 and rhythm = $2`,
			p.person, r.rhythm, r.at.Era, r.at.FXID, r.at.Seq, r.last)
		if err != nil {
			return 0, err
		}
	}
	return sent, nil
}

// untold reads what one rhythm has to tell: unread and visible now.
func (s *Service) untold(ctx context.Context, q postgres.Querier, v *access.Viewer, wants Preferences, r progress) ([]*Item, journal.FeedCursor, error) {
	head, err := journal.FeedHead(ctx, q)
	if err != nil {
		return nil, head, err
	}
	box, err := s.Open(ctx, q, v)
	if err != nil {
		return nil, head, err
	}
	after := r.at
	after.Epoch = head.Epoch // the position counts, whenever it was noted
	all, upTo, err := box.After(ctx, q, v, after, itemsInDigest)
	if errors.Is(err, journal.ErrStaleCursor) { // away for longer than facts are held
		all, upTo, err = box.After(ctx, q, v, journal.FeedCursor{}, itemsInDigest)
	}
	if err != nil {
		return nil, head, err
	}
	var items []*Item
	for _, item := range all {
		if !item.Read && wants.Rhythms[item.Sort] == r.rhythm {
			items = append(items, item)
		}
	}
	return items, upTo, nil
}
