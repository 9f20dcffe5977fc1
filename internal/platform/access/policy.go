package access

import (
	"slices"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
)

// This file is who may do what: all of it, pure, on one screen. Services ask it
// before they act, and viewerCan… fields show the same answer. nil is yes; a
// fault is why not: UNAUTHENTICATED for who has to sign in, NOT_FOUND for what
// the viewer does not see, DENIED for the rest. What is not here, nobody may.
//
// A right on a node is a level of sight (LevelOn); a right for a body is a role
// that the person has in it today. Roles in a body:
//
//	represents, officer                      answer for it (Administers)
//	technician, delegate, substitute         act for it (Home): a substitute as the delegate does
//
// Being an administrator of the platform gives no sight and none of these rights
// but MayMerge, MayBreakGlass and MayOperate.

// ErrRightsChanged ends what was begun with rights that are no longer there: a
// live connection, a command that waited. Beginning again shows what is left.
var ErrRightsChanged = fault.Define(fault.Denied, "RIGHTS_CHANGED",
	"Els vostres permisos han canviat. Torneu-ho a provar.",
	"Sus permisos han cambiado. Vuelva a intentarlo.",
	"Your rights have changed. Try again.")

// Subject is the node a right is asked about.
type Subject struct {
	Node, Home id.ID
	Visibility Level
}

// Block is a registration a right is asked about.
type Block struct {
	Event        Subject
	Sensitive    bool  // the event is
	Organisation id.ID // that comes
	RegisteredBy id.ID
	Delegates    []id.ID // those of its people, not cancelled, who have accounts
}

// On is the viewer's level of sight on the subject.
func (v *Viewer) On(s Subject) Level { return v.LevelOn(s.Node, s.Home) }

// MaySee: who has at least the level of its visibility.
func MaySee(v *Viewer, s Subject) error { return seen(s.Visibility <= v.On(s)) }

// MayOrganise: change an event, its programme and seats, decide on its
// registrations, watch its board. Its organisers.
func MayOrganise(v *Viewer, s Subject) error {
	return first(MaySee(v, s), signedIn(v), allowed(v.On(s) == Organisers))
}

// MayCheckIn: note arrivals. The organisers, and whom they let stand at the door,
// who need not see anything else of the event.
func MayCheckIn(v *Viewer, s Subject) error {
	if slices.Contains(v.CheckIn, s.Node) {
		return signedIn(v)
	}
	return MayOrganise(v, s)
}

// MayTakePart: see and add what is for those who work in a shared project or a
// table. The people of its partners or its members, and its organisers.
func MayTakePart(v *Viewer, s Subject) error {
	return first(MaySee(v, s), signedIn(v), allowed(v.On(s) >= Members))
}

// MayAnswerForPartner: promise and report in a partner's name, or leave. The
// project's organisers, and who answers for the partner.
func MayAnswerForPartner(v *Viewer, s Subject, partner id.ID) error {
	return first(MayTakePart(v, s), allowed(v.On(s) == Organisers || v.MayAdminister(partner)))
}

// MayAdminister: change a body and its people, act in its name as lead of an
// event. Who answers for it, or for one that it is part of (above).
func MayAdminister(v *Viewer, body id.ID, above ...id.ID) error {
	return first(signedIn(v), allowed(v.MayAdminister(body) || slices.ContainsFunc(above, v.MayAdminister)))
}

// MayAppoint: let a person act for a body. Who may administer it.
func MayAppoint(v *Viewer, body id.ID, above ...id.ID) error { return MayAdminister(v, body, above...) }

// MayEndAppointment: who answers for the body, and the person themselves.
func MayEndAppointment(v *Viewer, body, person id.ID) error {
	return first(signedIn(v), allowed(v.MayAdminister(body) || v.Person == person))
}

// MayReadPeople: learn who acts for a body. The people of the body.
func MayReadPeople(v *Viewer, body Subject) error {
	return first(MaySee(v, body), signedIn(v), allowed(v.On(body) >= Home))
}

// MayRegisterFor: register a body's delegates. Who acts for it in any role.
func MayRegisterFor(v *Viewer, body id.ID) error { return first(signedIn(v), allowed(v.ActsFor(body))) }

// MaySeeRegistration: its parties, its delegates, and unless the event is
// sensitive the other people of the body that comes.
func MaySeeRegistration(v *Viewer, b Block) error {
	return seen(party(v, b) || v.SignedIn() && slices.Contains(b.Delegates, v.Person) ||
		!b.Sensitive && v.ActsFor(b.Organisation))
}

// MayReadNames: names, mails and codes of a registration's delegates, and who
// made it. Its parties. A delegate sees themselves; the door sees names.
func MayReadNames(v *Viewer, b Block) error {
	return first(MaySeeRegistration(v, b), signedIn(v), allowed(party(v, b)))
}

// MayChangeRegistration: cancel it, replace its delegates. Its parties.
func MayChangeRegistration(v *Viewer, b Block) error { return MayReadNames(v, b) }

// MayCancelDelegate: the registration's parties, and the delegate.
func MayCancelDelegate(v *Viewer, b Block, delegate id.ID) error {
	if v.SignedIn() && v.Person == delegate {
		return nil
	}
	return MayChangeRegistration(v, b)
}

// MayComment: say something about a thing, for who has at least the level on it.
// Who sees it; a note for members or organisers who is one.
func MayComment(v *Viewer, s Subject, level Level) error {
	return first(MaySee(v, s), signedIn(v), allowed(level <= v.On(s)))
}

// MayEditComment: its author, while they see what it is about.
func MayEditComment(v *Viewer, s Subject, author id.ID) error {
	return first(MaySee(v, s), signedIn(v), allowed(v.Person == author))
}

// MayRemoveComment: its author, and the organisers of what it is about. They also
// see what it said before.
func MayRemoveComment(v *Viewer, s Subject, author id.ID) error {
	return first(MaySee(v, s), signedIn(v), allowed(v.Person == author || v.On(s) == Organisers))
}

// MayClaim: say that an association is theirs. Anybody with an account; it is no
// right yet.
func MayClaim(v *Viewer) error { return signedIn(v) }

// MayVerify: decide on claims of a body, and check its entry. Officers of a town
// where it acts.
func MayVerify(v *Viewer, towns []id.ID) error {
	return first(signedIn(v), allowed(slices.ContainsFunc(towns, v.MayAdminister)))
}

// MayMerge: make two entries of one body one. Officers of a town where both act,
// and administrators of the platform.
func MayMerge(v *Viewer, sharedTowns []id.ID) error {
	if administrator(v) {
		return nil
	}
	return MayVerify(v, sharedTowns)
}

// MayBreakGlass: look inside one node for half an hour, with a reason, told to
// the body. Administrators of the platform.
func MayBreakGlass(v *Viewer) error { return first(signedIn(v), allowed(administrator(v))) }

// MayOperate: look accounts up and take them out of use, see what work in the
// background fails. Administrators of the platform.
func MayOperate(v *Viewer) error { return first(signedIn(v), allowed(administrator(v))) }

// MaySteward: keep a shared vocabulary. Who answers for its steward, if there is
// one.
func MaySteward(v *Viewer, steward id.ID) error {
	return first(signedIn(v), allowed(!steward.IsZero() && v.MayAdminister(steward)))
}

// MayPropose: propose a table to an organisation. Who acts for some organisation.
func MayPropose(v *Viewer) error { return first(signedIn(v), allowed(len(v.Home) > 0)) }

// MayDecideProposal: approve, reject or end a table. Who answers for its convenor.
func MayDecideProposal(v *Viewer, s Subject) error {
	return first(MaySee(v, s), signedIn(v), allowed(v.MayAdminister(s.Home)))
}

// MayAnswerFor: answer a call or a poll for a member organisation. Who acts for
// it, who sits at the table for it, and the table's organisers.
func MayAnswerFor(v *Viewer, s Subject, organisation id.ID, seated []id.ID) error {
	return first(MaySee(v, s), signedIn(v), allowed(v.ActsFor(organisation) || slices.Contains(seated, v.Person) || v.On(s) == Organisers))
}

// MaySeat: say who sits at a table for a member organisation. The table's
// organisers, and who answers for the organisation.
func MaySeat(v *Viewer, s Subject, organisation id.ID) error {
	return first(MaySee(v, s), signedIn(v), allowed(v.On(s) == Organisers || v.MayAdminister(organisation)))
}

// MayAskToJoin: ask that an organisation may belong to a table. Who sees the table
// and acts for the organisation.
func MayAskToJoin(v *Viewer, s Subject, organisation id.ID) error {
	return first(MaySee(v, s), signedIn(v), allowed(v.ActsFor(organisation)))
}

// MayWithdrawJoin: take back what an organisation asked of a table. Who acts for
// the organisation; that there is such a request is known to them and to the
// table's organisers.
func MayWithdrawJoin(v *Viewer, s Subject, organisation id.ID) error {
	return first(MaySee(v, s), signedIn(v), seen(v.ActsFor(organisation) || v.On(s) == Organisers), allowed(v.ActsFor(organisation)))
}

// MayFollowUp: note how far a resolution is. The table's organisers, who acts for
// the responsible organisation, and the responsible person.
func MayFollowUp(v *Viewer, s Subject, organisation, person id.ID) error {
	return first(MayTakePart(v, s), allowed(v.On(s) == Organisers || v.ActsFor(organisation) || v.Person == person))
}

// administrator: of the platform, and in person, for a token administers nothing.
func administrator(v *Viewer) bool { return v.SignedIn() && v.Admin && v.Token.IsZero() }

// party: who made a registration, who answers for the body that comes, the
// event's organisers.
func party(v *Viewer, b Block) bool {
	return v.SignedIn() && (b.RegisteredBy == v.Person || v.MayAdminister(b.Organisation) || v.On(b.Event) == Organisers)
}

func signedIn(v *Viewer) error { return unless(v.SignedIn(), fault.ErrUnauthenticated) }
func allowed(yes bool) error   { return unless(yes, fault.ErrDenied) }
func seen(yes bool) error      { return unless(yes, fault.ErrNotFound) }

func unless(yes bool, code fault.Code) error {
	if yes {
		return nil
	}
	return code.New()
}

// first is the first reason against it.
func first(reasons ...error) error {
	for _, reason := range reasons {
		if reason != nil {
			return reason
		}
	}
	return nil
}

// At says at which field of the input a reason is to be shown.
func At(reason error, path ...string) error {
	if reason == nil {
		return nil
	}
	return fault.From(reason).Under(path...)
}
