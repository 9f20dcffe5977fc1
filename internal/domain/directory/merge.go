package directory

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Two entries of one body become one: the entry called from ends, and what
// belonged to it belongs to into. What was once said of from stays on record:
// its own history, the edge "supersedes" from into to it, and its identifier,
// which goes on to lead to into. Relations that both had at one time become one
// that holds from the first day of either to the last.

// Holdings is what another domain keeps about bodies and moves when they are
// merged. App plugs it in.
type Holdings interface {
	// Topics reads the things whose topics have to be locked to move what hangs
	// on the body.
	Topics(ctx context.Context, q postgres.Querier, body id.ID) ([]id.ID, error)
	// Move lets everything hang on into that hung on from, and tells it on the
	// topics of the things. Edges are moved by the directory, afterwards.
	Move(ctx context.Context, tx *postgres.Tx, v *access.Viewer, from, into id.ID) error
}

// errGrown begins a merge again: something new hung on the body when its topics
// were locked.
var errGrown = errors.New("directory: more hangs on the body than was locked")

// mergeAttempts bounds how often a merge begins again while others go on to
// register for the body.
const mergeAttempts = 10

// Merge makes two entries of one body one. Who may: officers of a town where
// both act, and administrators of the platform (access.MayMerge). Associations
// and institutions can be merged, each with its own kind. Faults: ErrMergeSame,
// ErrMergeKinds.
func (s *Service) Merge(ctx context.Context, v *access.Viewer, key string, from, into id.ID) error {
	if from == into {
		return ErrMergeSame.At("into")
	}
	held, err := s.held(ctx, s.db.Read(), from)
	for range mergeAttempts {
		if err != nil {
			return err
		}
		m := &merge{service: s, viewer: v, from: from, into: into, held: held}
		_, err = s.command(ctx, v, key, "organizationMerge", []id.ID{from, into}, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
			return into, m.run(ctx, tx)
		})
		if !errors.Is(err, errGrown) {
			return err
		}
		held, err = s.held(ctx, s.db.Read(), from)
	}
	return fault.ErrUnavailable.New().Because(errGrown)
}

// held are the things that hang on the body.
func (s *Service) held(ctx context.Context, q postgres.Querier, body id.ID) (all []id.ID, err error) {
	for _, h := range s.holdings {
		topics, err := h.Topics(ctx, q, body)
		if err != nil {
			return nil, err
		}
		all = append(all, topics...)
	}
	return all, nil
}

// merge is one attempt.
type merge struct {
	service    *Service
	viewer     *access.Viewer
	from, into id.ID
	held       []id.ID // whose topics are locked too
}

func (m *merge) run(ctx context.Context, tx *postgres.Tx) error {
	if err := m.lock(ctx, tx); err != nil {
		return err
	}
	people, err := m.people(ctx, tx.Native())
	if err != nil {
		return err
	}
	for _, h := range m.service.holdings {
		if err := h.Move(ctx, tx, m.viewer, m.from, m.into); err != nil {
			return err
		}
	}
	if err := moveEdges(ctx, tx.Native(), m.from, m.into); err != nil {
		return err
	}
	if err := m.moveRows(ctx, tx); err != nil {
		return err
	}
	if err := m.end(ctx, tx); err != nil {
		return err
	}
	return m.tell(ctx, tx, people)
}

// lock takes the topics of both and of what hangs on from, and then hold of
// from's row: who is about to refer to it (a registration, a new event) has
// either committed before or waits, and then finds that it has ended. Things
// that came to hang on it since begin the merge again: their topics must be
// locked first, or two who wait for each other would be possible.
func (m *merge) lock(ctx context.Context, tx *postgres.Tx) error {
	a, err := lock(ctx, tx, m.viewer, m.from, append([]id.ID{m.into}, m.held...)...)
	if err != nil {
		return access.At(err, "from")
	}
	b, err := lock(ctx, tx, m.viewer, m.into)
	if err != nil {
		return access.At(err, "into")
	}
	if err := m.may(ctx, tx.Native(), a, b); err != nil {
		return err
	}
	if _, err := tx.Native().Exec(ctx, `select from nodes where id = $1 for update`, m.from); err != nil {
		return wrap("hold the entry that ends", err)
	}
	held, err := m.service.held(ctx, tx.Native(), m.from)
	if err != nil {
		return err
	}
	for _, topic := range held {
		if !slices.Contains(m.held, topic) {
			return errGrown
		}
	}
	return nil
}

func (m *merge) may(ctx context.Context, q postgres.Querier, a, b locked) error {
	towns, err := TownsOf(ctx, q, []id.ID{m.from, m.into})
	if err != nil {
		return err
	}
	shared := slices.DeleteFunc(towns[m.from], func(t id.ID) bool { return !slices.Contains(towns[m.into], t) })
	if err := access.MayMerge(m.viewer, shared); err != nil {
		return err
	}
	if a.kind != b.kind || a.kind != node.Association && a.kind != node.Institution {
		return ErrMergeKinds.At("into")
	}
	return nil
}

// people act for the entry that ends.
func (m *merge) people(ctx context.Context, q postgres.Querier) ([]id.ID, error) {
	rows, err := q.Query(ctx, `
		select distinct source from edges where target = $1 and kind = 'acts_for' and valid @> `+today, m.from)
	if err != nil {
		return nil, wrap("read people", err)
	}
	people, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	return people, wrap("read people", err)
}

// moveRows moves what is no edge. Names move with the body's people: on the
// hub's own authority, because who merges need not see them.
func (m *merge) moveRows(ctx context.Context, tx *postgres.Tx) error {
	for _, sql := range []string{
		`update nodes set home = $2 where home = $1 and id <> $1`,
		`update person_names set root = $2 where root = $1`,
		`update organization_identifiers set organization = $2 where organization = $1`,
		`update organization_links l set organization = $2 where organization = $1
		 and not exists (select from organization_links o where o.organization = $2 and o.url = l.url)`,
		// Who claimed both has one claim left.
		`update organization_claims c set decided_at = now(), accepted = false where organization = $1 and decided_at is null
		 and exists (select from organization_claims o where o.organization = $2 and o.person = c.person and o.decided_at is null)`,
		`update organization_claims set organization = $2 where organization = $1`,
		// What into does not say, from may have said.
		`update organizations i set
		   description = case when i.description = '{}' then f.description else i.description end,
		   mail = coalesce(nullif(i.mail, ''), f.mail), phone = coalesce(nullif(i.phone, ''), f.phone),
		   website = coalesce(nullif(i.website, ''), f.website),
		   legal_personality = coalesce(i.legal_personality, f.legal_personality),
		   claimed_at = least(i.claimed_at, f.claimed_at),
		   verified_by = case when i.verified_at is null then f.verified_by else i.verified_by end,
		   verified_at = coalesce(i.verified_at, f.verified_at), revision = i.revision + 1
		 from organizations f where f.node = $1 and i.node = $2`,
	} {
		if _, err := postgres.Hub(tx.Native()).Exec(ctx, sql, m.from, m.into); err != nil {
			return storeError("merge", err)
		}
	}
	return nil
}

// end ends the entry; its identifier goes on to lead to into.
func (m *merge) end(ctx context.Context, tx *postgres.Tx) error {
	if _, err := tx.Native().Exec(ctx, `update nodes set ended_at = now() where id = $1`, m.from); err != nil {
		return wrap("end the merged entry", err)
	}
	if err := auth.WithdrawInvitations(ctx, tx, m.from); err != nil {
		return err
	}
	return node.Connect(ctx, tx, node.Edge{
		Kind: supersedes, Source: m.into, Target: m.from, RecordedBy: m.viewer.Person, RecordedIn: m.into,
	})
}

const supersedes node.EdgeKind = "supersedes"

// tell tells it on both topics. Who acted for from has what they had through
// into: their connections look again.
func (m *merge) tell(ctx context.Context, tx *postgres.Tx, people []id.ID) error {
	data := OrganizationMerged{From: m.from, Into: m.into}
	for _, topic := range []id.ID{m.from, m.into} {
		err := journal.Append(ctx, tx, topic, m.viewer, fact(FactOrganizationMerged, access.Public, data, m.from, m.into))
		if err != nil {
			return err
		}
	}
	return auth.Revoke(ctx, tx, m.from, people...)
}

// SuccessorsOf reads what merged entries became; others are left out.
func SuccessorsOf(ctx context.Context, q postgres.Querier, ids []id.ID) (map[id.ID]id.ID, error) {
	rows, err := q.Query(ctx, `select target, source from edges where kind = 'supersedes' and target = any(`+postgres.Keys+`)`, ids)
	if err != nil {
		return nil, fmt.Errorf("read successors: %w", err)
	}
	found := map[id.ID]id.ID{}
	var old, now id.ID
	_, err = pgx.ForEachRow(rows, []any{&old, &now}, func() error {
		found[old] = now
		return nil
	})
	return found, wrap("read successors", err)
}
