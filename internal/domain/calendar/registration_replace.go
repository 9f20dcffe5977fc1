package calendar

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// ReplaceDelegate gives a delegate's place, seat or not, to another person, or
// a name to a place without one. The place in the block and in the line stays;
// of a replaced delegate the entrance code is dead. Role and territory of the
// input may be left out: then they stay too.
//
// Who may: who registered it, who answers for the organisation, the event's
// organisers. Refusals: ErrDelegateGone, ErrHasArrived, ErrAlreadyRegistered,
// ErrSameDelegateTwice, ErrEventOver, and INVALID for wrong fields.
func (s *Registrations) ReplaceDelegate(ctx context.Context, v *access.Viewer, event, delegate id.ID, by DelegateInput, key string) (*Registration, error) {
	given, err := replacement(by)
	if err != nil {
		return nil, err
	}
	r := request{viewer: v, event: event, key: key, name: "delegateReplace", input: struct {
		Delegate id.ID
		By       DelegateInput
	}{delegate, given}}
	return s.change(ctx, r, func(ctx context.Context, d *desk) (id.ID, error) {
		f, err := d.fileOf(ctx, delegate)
		if err != nil {
			return id.Zero, err
		}
		if err := d.mayChange(f); err != nil {
			return id.Zero, err
		}
		return f.party.Registration, d.replace(ctx, f, f.delegate(delegate), given)
	})
}

// replacement cleans and checks who comes instead, whose role may be left out.
func replacement(by DelegateInput) (DelegateInput, error) {
	given := by
	if given.Role == "" {
		given.Role = RolePublic // only to pass the check
	}
	if wrong := given.check(); len(wrong) > 0 {
		return given, wrong
	}
	given.Role = by.Role
	return given, nil
}

func (d *desk) replace(ctx context.Context, f *file, old fileDelegate, by DelegateInput) error {
	if err := old.mayGo(); err != nil {
		return err
	}
	if by.Role == "" {
		by.Role = old.Role
	}
	known, err := d.knownOthers(ctx, f, old, by)
	if err != nil {
		return err
	}
	next := newDelegate(d.event, by, known.mail(by), old.Position)
	next.State, next.Pool = old.State, old.Pool
	told := DelegateChanged{Registration: f.party.Registration, Organisation: f.party.Organisation, Delegate: old.ID}
	if old.Named {
		told.Delegate, told.Replaced = next.ID, old.ID
		err = f.replace(ctx, d.tx.Native(), old.ID, next)
	} else {
		next.ID = old.ID
		err = f.name(ctx, d.tx.Native(), next)
	}
	if err != nil {
		return err
	}
	d.tell(FactDelegateReplaced, f.party.Organisation, told)
	return nil
}

// knownOthers checks that the newcomer exists, is not in the block already, and
// does not come in a role that gives no right to the block's seats.
func (d *desk) knownOthers(ctx context.Context, f *file, old fileDelegate, by DelegateInput) (lookedUp, error) {
	known, err := lookUp(ctx, d.tx.Native(), d.viewer, RegistrationInput{
		Event: d.event, Organisation: f.party.Organisation, Delegates: []DelegateInput{by},
	})
	if err != nil {
		return known, ofDelegate(err, 0)
	}
	if by.Role != old.Role && d.inRolePool(f) {
		return known, ErrMixedRoles.At("role")
	}
	others, err := readNames(ctx, d.tx.Native(), f.party.Registration, old.ID)
	if err != nil {
		return known, err
	}
	return known, ofDelegate(sameTwice(append(others, by)).Err(), len(others))
}

// ofDelegate keeps what is wrong with one delegate of a list, named relative to
// that delegate. Other failures pass.
func ofDelegate(err error, place int) error {
	var all, own fault.List
	if !errors.As(err, &all) {
		return err
	}
	for _, f := range all {
		if len(f.Path) > 2 && f.Path[0] == "delegates" && f.Path[1] == strconv.Itoa(place) {
			g := *f
			g.Path = f.Path[2:]
			own = append(own, &g)
		}
	}
	return own.Err()
}

// inRolePool tells that the block stands on a right that its role gave it.
func (d *desk) inRolePool(f *file) bool {
	return slices.ContainsFunc(d.pools, func(p *SeatPool) bool {
		return p.Reserve.Role != "" && slices.Contains(f.party.Pools, p.ID)
	})
}

// NoteNoShows marks all seats whose people have not arrived, after the event.
// A check-in typed in later still counts. It answers with how many there were.
//
// Who may: the event's organisers. Refusals: ErrNotOverYet, ErrEventOver.
func (s *Registrations) NoteNoShows(ctx context.Context, v *access.Viewer, event id.ID, key string) (n int, err error) {
	r := request{viewer: v, event: event, key: key, name: "eventNoteNoShows"}
	err = s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		if err := d.organisersOnly(); err != nil {
			return nil, err
		}
		if d.at.State.Final() {
			return nil, ErrEventOver.New()
		}
		if d.at.State != Held && !d.at.Over {
			return nil, ErrNotOverYet.New()
		}
		ids, err := noteNoShows(ctx, d.tx.Native(), event)
		if err == nil && len(ids) > 0 {
			d.tell(FactNoShowsNoted, id.Zero, NoShowsNoted{len(ids)})
		}
		return ids, err
	}, func(_ context.Context, _ postgres.Querier, ids []id.ID) error {
		n = len(ids)
		return nil
	})
	return n, err
}
