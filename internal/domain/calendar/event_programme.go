package calendar

import (
	"context"
	"slices"
	"strconv"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// SessionResult is what a command on the programme leaves. Session is nil after
// a removal.
type SessionResult struct {
	EventResult
	Session *Session
}

// DocumentResult is what a command on documents leaves. Document is nil after a
// withdrawal.
type DocumentResult struct {
	EventResult
	Document *Document
}

// AddSession adds an entry to the programme; at most 100.
func (s *Events) AddSession(ctx context.Context, v *access.Viewer, event id.ID, in SessionInput, key string) (*SessionResult, error) {
	in = in.clean()
	input := struct {
		Event   id.ID
		Session SessionInput
	}{event, in}
	return s.runSession(ctx, v, key, "eventSessionAdd", input, event, func(ctx context.Context, tx *postgres.Tx, c *changing, all []*Session) (id.ID, error) {
		if len(all) >= maxSessions {
			return id.Zero, ErrTooMany.New().With("max", maxSessions)
		}
		if err := checkSession(ctx, tx.Native(), v, in); err != nil {
			return id.Zero, err
		}
		session := id.New()
		if err := insertSessions(ctx, tx, []*sessionRow{sessionRowOf(event, session, in)}); err != nil {
			return id.Zero, err
		}
		return session, c.tellPart(ctx, tx, FactSessionAdded, SessionFact{Session: session})
	})
}

// UpdateSession changes what is given. Its second id is the session's.
func (s *Events) UpdateSession(ctx context.Context, v *access.Viewer, event, session id.ID, changes SessionChanges, key string) (*SessionResult, error) {
	changes = changes.clean()
	input := struct {
		Event, Session id.ID
		Changes        SessionChanges
	}{event, session, changes}
	return s.runSession(ctx, v, key, "eventSessionUpdate", input, event, func(ctx context.Context, tx *postgres.Tx, c *changing, all []*Session) (id.ID, error) {
		old := findSession(all, session)
		if old == nil {
			return id.Zero, fault.ErrNotFound.At("id")
		}
		after, names := old.input().with(changes)
		if len(names) == 0 {
			return session, nil
		}
		if err := checkSession(ctx, tx.Native(), v, after); err != nil {
			return id.Zero, err
		}
		if err := updateSession(ctx, tx, sessionRowOf(event, session, after)); err != nil {
			return id.Zero, err
		}
		return session, c.tellPart(ctx, tx, FactSessionChanged, SessionFact{Session: session, Fields: names})
	})
}

// RemoveSession takes an entry out of the programme.
func (s *Events) RemoveSession(ctx context.Context, v *access.Viewer, event, session id.ID, key string) (*SessionResult, error) {
	input := struct{ Event, Session id.ID }{event, session}
	return s.runSession(ctx, v, key, "eventSessionRemove", input, event, func(ctx context.Context, tx *postgres.Tx, c *changing, all []*Session) (id.ID, error) {
		if findSession(all, session) == nil {
			return id.Zero, fault.ErrNotFound.At("id")
		}
		if err := deleteSession(ctx, tx, event, session); err != nil {
			return id.Zero, err
		}
		return session, c.tellPart(ctx, tx, FactSessionRemoved, SessionFact{Session: session})
	})
}

// AddDocument adds a link to a document; at most 100. It is announced.
func (s *Events) AddDocument(ctx context.Context, v *access.Viewer, event id.ID, in DocumentInput, key string) (*DocumentResult, error) {
	in = in.clean()
	input := struct {
		Event    id.ID
		Document DocumentInput
	}{event, in}
	return s.runDocument(ctx, v, key, "eventDocumentAdd", input, event, func(ctx context.Context, tx *postgres.Tx, c *changing, all []*Document) (id.ID, error) {
		if len(all) >= maxDocuments {
			return id.Zero, ErrTooMany.New().With("max", maxDocuments)
		}
		return c.addVersion(ctx, tx, id.New(), 1, in, FactDocumentAdded)
	})
}

// AddDocumentVersion announces a new version of a document; the older ones stay
// readable.
func (s *Events) AddDocumentVersion(ctx context.Context, v *access.Viewer, event, document id.ID, in DocumentInput, key string) (*DocumentResult, error) {
	in = in.clean()
	input := struct {
		Event, Document id.ID
		Version         DocumentInput
	}{event, document, in}
	return s.runDocument(ctx, v, key, "eventDocumentVersionAdd", input, event, func(ctx context.Context, tx *postgres.Tx, c *changing, all []*Document) (id.ID, error) {
		old := findDocument(all, document)
		if old == nil {
			return id.Zero, fault.ErrNotFound.At("replaces")
		}
		return c.addVersion(ctx, tx, document, old.Version+1, in, FactDocumentVersionAdded)
	})
}

// WithdrawDocument takes a document with all its versions out of sight.
func (s *Events) WithdrawDocument(ctx context.Context, v *access.Viewer, event, document id.ID, key string) (*DocumentResult, error) {
	input := struct{ Event, Document id.ID }{event, document}
	return s.runDocument(ctx, v, key, "eventDocumentWithdraw", input, event, func(ctx context.Context, tx *postgres.Tx, c *changing, all []*Document) (id.ID, error) {
		if findDocument(all, document) == nil {
			return id.Zero, fault.ErrNotFound.At("id")
		}
		if err := withdrawDocument(ctx, tx, event, document); err != nil {
			return id.Zero, err
		}
		return document, c.tellPart(ctx, tx, FactDocumentWithdrawn, DocumentFact{Document: document})
	})
}

func (c *changing) addVersion(ctx context.Context, tx *postgres.Tx, document id.ID, version int, in DocumentInput, kind string) (id.ID, error) {
	if err := in.check().Err(); err != nil {
		return id.Zero, err
	}
	row := documentRowOf(c.event.ID, document, version, c.viewer.Person, in)
	if err := insertDocuments(ctx, tx, []*documentRow{row}); err != nil {
		return id.Zero, err
	}
	return document, c.tellPart(ctx, tx, kind, DocumentFact{Document: document, Version: version})
}

// tellPart tells what happened to a part of the event and counts the change.
func (c *changing) tellPart(ctx context.Context, tx *postgres.Tx, kind string, data any) error {
	if err := countChange(ctx, tx, c.event.ID); err != nil {
		return err
	}
	return c.tell(ctx, tx, kind, c.event.factLevel(), data)
}

// inProgramme is a change to the programme under the lock, given what it is now.
type inProgramme func(ctx context.Context, tx *postgres.Tx, c *changing, all []*Session) (id.ID, error)

func (s *Events) runSession(ctx context.Context, v *access.Viewer, key, mutation string, input any, event id.ID, do inProgramme) (*SessionResult, error) {
	result := &SessionResult{}
	err := s.once(ctx, v, key, mutation, input, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		c, err := lockForChange(ctx, tx, v, event, nil)
		if err != nil {
			return nil, err
		}
		all, err := SessionsOf(ctx, tx.Native(), v, []id.ID{event})
		if err != nil {
			return nil, err
		}
		session, err := do(ctx, tx, c, all[event])
		return []id.ID{session}, err
	}, func(ctx context.Context, tx *postgres.Tx, ids []id.ID) error {
		event, err := readResult(ctx, tx.Native(), v, event)
		if err != nil {
			return err
		}
		all, err := SessionsOf(ctx, tx.Native(), v, []id.ID{event.Event.ID})
		result.EventResult, result.Session = *event, findSession(all[event.Event.ID], ids[0])
		return err
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

// onDocuments is a change to the documents under the lock, given what they are.
type onDocuments func(ctx context.Context, tx *postgres.Tx, c *changing, all []*Document) (id.ID, error)

func (s *Events) runDocument(ctx context.Context, v *access.Viewer, key, mutation string, input any, event id.ID, do onDocuments) (*DocumentResult, error) {
	result := &DocumentResult{}
	err := s.once(ctx, v, key, mutation, input, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		c, err := lockForChange(ctx, tx, v, event, nil)
		if err != nil {
			return nil, err
		}
		all, err := DocumentsOf(ctx, tx.Native(), v, []id.ID{event})
		if err != nil {
			return nil, err
		}
		document, err := do(ctx, tx, c, all[event])
		return []id.ID{document}, err
	}, func(ctx context.Context, tx *postgres.Tx, ids []id.ID) error {
		event, err := readResult(ctx, tx.Native(), v, event)
		if err != nil {
			return err
		}
		all, err := DocumentsOf(ctx, tx.Native(), v, []id.ID{event.Event.ID})
		result.EventResult, result.Document = *event, findDocument(all[event.Event.ID], ids[0])
		return err
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

func documentRowOf(event, document id.ID, version int, by id.ID, d DocumentInput) *documentRow {
	return &documentRow{ID: document, Version: version, Event: event, Title: d.Title, URL: d.URL, Note: d.Note, AddedBy: by}
}

func findSession(all []*Session, session id.ID) *Session {
	if i := slices.IndexFunc(all, func(s *Session) bool { return s.ID == session }); i >= 0 {
		return all[i]
	}
	return nil
}

func findDocument(all []*Document, document id.ID) *Document {
	if i := slices.IndexFunc(all, func(d *Document) bool { return d.ID == document }); i >= 0 {
		return all[i]
	}
	return nil
}

// checkSession finds every fault of one session.
func checkSession(ctx context.Context, q postgres.Querier, v *access.Viewer, in SessionInput) error {
	faults := in.check()
	elsewhere, err := checkSessionPlaces(ctx, q, v, []SessionInput{in})
	if err != nil {
		return err
	}
	for _, f := range elsewhere {
		f.Path = f.Path[2:] // a single session is not in a list
	}
	return append(faults, elsewhere...).Err()
}

// checkSessionPlaces refuses territories that are none, or that the viewer
// cannot see.
func checkSessionPlaces(ctx context.Context, q postgres.Querier, v *access.Viewer, sessions []SessionInput) (fault.List, error) {
	var places []id.ID
	for _, s := range sessions {
		if !s.Territory.IsZero() {
			places = append(places, s.Territory)
		}
	}
	kinds, err := visibleKinds(ctx, q, v, places)
	if err != nil {
		return nil, err
	}
	var c findings
	for i, s := range sessions {
		if !s.Territory.IsZero() && !slices.Contains(territories(), kinds[s.Territory]) {
			c.Add(fault.ErrNotFound, "sessions", strconv.Itoa(i), "territory")
		}
	}
	return c.Faults, nil
}
