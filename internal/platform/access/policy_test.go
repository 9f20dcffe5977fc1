package access_test

import (
	"slices"
	"testing"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
)

// The scene: a club whose people come to an event of the town, which a partner
// co-organises.
var (
	club, townHall, office = id.Named("club"), id.Named("town"), id.Named("office of the town")
	event                  = access.Subject{Node: id.Named("event"), Home: townHall, Visibility: access.Members}
	block                  = access.Block{Event: event, Organisation: club, RegisteredBy: id.Named("registrar"), Delegates: []id.ID{id.Named("goer")}}
)

func sensitive() access.Block {
	b := block
	b.Sensitive = true
	return b
}

// cast are people with the rights their roles give them.
func cast() map[string]*access.Viewer {
	acts := func(name string, body id.ID) *access.Viewer {
		return &access.Viewer{Person: id.Named(name), Home: []id.ID{body}}
	}
	answers := func(name string, body id.ID) *access.Viewer {
		v := acts(name, body)
		v.Administers = []id.ID{body}
		return v
	}
	token := &access.Viewer{Person: id.Named("admin"), Admin: true, Token: id.Named("token")}
	return map[string]*access.Viewer{
		"nobody":         {},
		"stranger":       acts("stranger", id.Named("elsewhere")),
		"admin":          {Person: id.Named("admin"), Admin: true},
		"admin's token":  token,
		"representative": answers("representative", club),
		"substitute":     acts("substitute", club), // as delegates and technicians
		"registrar":      {Person: id.Named("registrar")},
		"goer":           {Person: id.Named("goer")},
		"officer":        answers("officer", townHall),
		"technician":     acts("technician", townHall),
		"member":         {Person: id.Named("member"), Member: []id.ID{event.Node}},
		"partner":        {Person: id.Named("partner"), Organises: []id.ID{event.Node}},
		"door":           {Person: id.Named("door"), CheckIn: []id.ID{event.Node}},
	}
}

// TestWhoMay is the policy as a table: for each rule, who gets a yes. Whoever is
// not named gets a no.
func TestWhoMay(t *testing.T) {
	signedIn := []string{"admin", "admin's token", "door", "goer", "member", "officer", "partner", "registrar", "representative", "stranger", "substitute", "technician"}
	parties := []string{"officer", "partner", "registrar", "representative"}
	for name, rule := range map[string]struct {
		may  func(*access.Viewer) error
		want []string
	}{
		"see a thing of members":        {func(v *access.Viewer) error { return access.MaySee(v, event) }, []string{"member", "officer", "partner"}},
		"organise":                      {func(v *access.Viewer) error { return access.MayOrganise(v, event) }, []string{"officer", "partner"}},
		"check in":                      {func(v *access.Viewer) error { return access.MayCheckIn(v, event) }, []string{"door", "officer", "partner"}},
		"administer the club":           {func(v *access.Viewer) error { return access.MayAdminister(v, club) }, []string{"representative"}},
		"administer the office":         {func(v *access.Viewer) error { return access.MayAdminister(v, office) }, nil},
		"administer it from above":      {func(v *access.Viewer) error { return access.MayAdminister(v, office, townHall) }, []string{"officer"}},
		"appoint":                       {func(v *access.Viewer) error { return access.MayAppoint(v, club) }, []string{"representative"}},
		"end an appointment":            {func(v *access.Viewer) error { return access.MayEndAppointment(v, club, id.Named("goer")) }, []string{"goer", "representative"}},
		"read the club's people":        {func(v *access.Viewer) error { return access.MayReadPeople(v, access.Subject{Node: club, Home: club}) }, []string{"representative", "substitute"}},
		"register the club":             {func(v *access.Viewer) error { return access.MayRegisterFor(v, club) }, []string{"representative", "substitute"}},
		"see a registration":            {func(v *access.Viewer) error { return access.MaySeeRegistration(v, block) }, []string{"goer", "officer", "partner", "registrar", "representative", "substitute"}},
		"see a sensitive one":           {func(v *access.Viewer) error { return access.MaySeeRegistration(v, sensitive()) }, []string{"goer", "officer", "partner", "registrar", "representative"}},
		"read names":                    {func(v *access.Viewer) error { return access.MayReadNames(v, block) }, parties},
		"change a registration":         {func(v *access.Viewer) error { return access.MayChangeRegistration(v, block) }, parties},
		"cancel the goer":               {func(v *access.Viewer) error { return access.MayCancelDelegate(v, block, id.Named("goer")) }, append([]string{"goer"}, parties...)},
		"cancel somebody without name":  {func(v *access.Viewer) error { return access.MayCancelDelegate(v, block, id.Zero) }, parties},
		"claim":                         {access.MayClaim, signedIn},
		"verify what acts in the town":  {func(v *access.Viewer) error { return access.MayVerify(v, []id.ID{townHall}) }, []string{"officer"}},
		"verify what acts nowhere":      {func(v *access.Viewer) error { return access.MayVerify(v, nil) }, nil},
		"merge in the town":             {func(v *access.Viewer) error { return access.MayMerge(v, []id.ID{townHall}) }, []string{"admin", "officer"}},
		"break glass":                   {access.MayBreakGlass, []string{"admin"}},
		"keep the town's vocabulary":    {func(v *access.Viewer) error { return access.MaySteward(v, townHall) }, []string{"officer"}},
		"keep a vocabulary of nobody's": {func(v *access.Viewer) error { return access.MaySteward(v, id.Zero) }, nil},
	} {
		var got []string
		for who, v := range cast() {
			if rule.may(v) == nil {
				got = append(got, who)
			}
		}
		slices.Sort(got)
		want := slices.Sorted(slices.Values(rule.want))
		if !slices.Equal(got, want) {
			t.Errorf("may %s: %v, want %v", name, got, want)
		}
	}
}

// TestWhyNot: who does not see a thing is told nothing of it, who is not signed in
// to sign in, and the rest that they may not.
func TestWhyNot(t *testing.T) {
	for name, c := range map[string]struct {
		got  error
		want fault.Code
	}{
		"nobody, hidden":    {access.MayOrganise(cast()["nobody"], event), fault.ErrNotFound},
		"stranger, hidden":  {access.MayOrganise(cast()["stranger"], event), fault.ErrNotFound},
		"member":            {access.MayOrganise(cast()["member"], event), fault.ErrDenied},
		"nobody, open":      {access.MayOrganise(cast()["nobody"], access.Subject{Node: event.Node, Home: townHall}), fault.ErrUnauthenticated},
		"colleague changes": {access.MayChangeRegistration(cast()["substitute"], block), fault.ErrDenied},
		"stranger changes":  {access.MayChangeRegistration(cast()["stranger"], block), fault.ErrNotFound},
	} {
		if f := fault.From(c.got); f == nil || f.Code.Name != c.want.Name {
			t.Errorf("%s: %v, want %s", name, c.got, c.want.Name)
		}
	}
	at := fault.From(access.At(access.MayBreakGlass(cast()["stranger"]), "node"))
	if len(at.Path) != 1 || at.Path[0] != "node" || access.At(nil, "node") != nil {
		t.Errorf("placed at %v", at.Path)
	}
}
