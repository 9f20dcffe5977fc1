package project

import (
	"strconv"
	"time"

	"github.com/teixit/teixit/internal/ground/figure"
	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// Limits of what a project may carry.
const (
	maxSummary     = 1_000
	maxDescription = 20_000
	maxAims        = 20
	maxParts       = 200 // commitments, milestones, activities each
	maxFunding     = 50
	maxPartners    = 100
)

// Fields is all that organisers say about a project. Texts are trimmed before
// they are checked; lengths are in characters.
type Fields struct {
	Title            lang.Text   // at least one language; 200
	Summary          lang.Text   // 1,000
	Description      lang.Text   // 20,000
	Aims             []lang.Text // 20 of 500
	StartsOn, EndsOn time.Time
	Replicable       bool
	Practice         lang.Text // what others could take over; 5,000
	Visibility       access.Level

	// Other nodes, by id; each must be visible to who says so and of the right
	// kind, else NOT_FOUND at its place in the list.
	Area         []id.ID // territories it is for; 100
	Places       []id.ID // neighbourhoods and towns it deals with by name; 100
	About        []id.ID // fields, goals, challenges and axes; 50
	TargetGroups []id.ID // whom it is for; 50
}

// Input is what a project is created from, always as an idea.
type Input struct {
	Lead id.ID // the organisation that leads it
	Side Side  // of the lead
	Fields
	Partners []PartnerInput
	// DerivedFrom are things it came from: a workshop, an event, a consultation.
	DerivedFrom []id.ID
}

// PartnerInput is an organisation that takes part.
type PartnerInput struct {
	Organization id.ID
	Side         Side
	Part         lang.Text // what it does; 500
}

// Changes changes only what is given: nil leaves a field as it is, a pointer to
// the zero value clears it.
type Changes struct {
	Title            *lang.Text
	Summary          *lang.Text
	Description      *lang.Text
	Aims             *[]lang.Text
	StartsOn, EndsOn *time.Time
	Replicable       *bool
	Practice         *lang.Text
	Visibility       *access.Level
	Area             *[]id.ID
	Places           *[]id.ID
	About            *[]id.ID
	TargetGroups     *[]id.ID
}

func (f Fields) clean() Fields {
	f.Title, f.Summary, f.Description = form.Trim(f.Title), form.Trim(f.Summary), form.Trim(f.Description)
	f.Aims, f.Practice = form.TrimAll(f.Aims), form.Trim(f.Practice)
	return f
}

// lists are the relations, in a fixed order.
func (f Fields) lists() []relation.List {
	return []relation.List{
		{Name: "area", Edge: node.HeldAt, Role: placeArea, Kinds: relation.Territories(), Max: 100, IDs: f.Area},
		{Name: "places", Edge: node.HeldAt, Role: placeNamed, Kinds: relation.Territories(), Max: 100, IDs: f.Places},
		{Name: "about", Edge: node.About, Kinds: relation.Themes(), Max: 50, IDs: f.About},
		{Name: "targetGroups", Edge: node.Targets, Kinds: []node.Kind{node.TargetGroup}, Max: 50, IDs: f.TargetGroups},
	}
}

// fill puts what relations say into the fields.
func (f *Fields) fill(all []relation.Related) {
	lists := f.lists()
	relation.Fill(lists, all)
	f.Area, f.Places, f.About, f.TargetGroups = lists[0].IDs, lists[1].IDs, lists[2].IDs, lists[3].IDs
}

// check finds every fault that can be seen without the database.
func (f Fields) check() fault.List {
	var c form.Findings
	c.Title(f.Title, "title")
	c.Text(f.Summary, maxSummary, "summary")
	c.Text(f.Description, maxDescription, "description")
	c.Texts(f.Aims, maxAims, 500, "aims")
	c.Text(f.Practice, 5_000, "practice")
	c.Dates(f.StartsOn, f.EndsOn, "startsOn", "endsOn")
	c.Number(int(f.Visibility), int(access.Public), int(access.Organisers), "visibility")
	return c.Faults
}

func (in Input) check() fault.List {
	var c form.Findings
	form.Choice(&c, in.Side, Sides(), "side")
	if len(in.Partners) > maxPartners {
		c.Max(form.ErrTooMany, maxPartners, "partners")
		return append(in.Fields.check(), c.Faults...)
	}
	for i, p := range in.Partners {
		for _, f := range p.check() {
			c.Faults = append(c.Faults, f.Under("partners", strconv.Itoa(i)))
		}
	}
	c.IDs(in.DerivedFrom, 20, "derivedFrom")
	return append(in.Fields.check(), c.Faults...)
}

func (p PartnerInput) check() fault.List {
	var c form.Findings
	form.Choice(&c, p.Side, Sides(), "side")
	c.Text(p.Part, 500, "part")
	return c.Faults
}

// with applies the changes and tells, by their public names, which fields
// really differ now.
func (f Fields) with(c Changes) (Fields, []string) {
	var names []string
	put(&names, "title", &f.Title, c.Title, form.Trim)
	put(&names, "summary", &f.Summary, c.Summary, form.Trim)
	put(&names, "description", &f.Description, c.Description, form.Trim)
	put(&names, "practice", &f.Practice, c.Practice, form.Trim)
	put(&names, "replicable", &f.Replicable, c.Replicable, same)
	put(&names, "visibility", &f.Visibility, c.Visibility, same)
	put(&names, "startsOn", &f.StartsOn, c.StartsOn, same)
	put(&names, "endsOn", &f.EndsOn, c.EndsOn, same)
	if c.Aims != nil {
		if aims := form.TrimAll(*c.Aims); !equal(aims, f.Aims) {
			f.Aims, names = aims, append(names, "aims")
		}
	}
	putSet(&names, "area", &f.Area, c.Area)
	putSet(&names, "places", &f.Places, c.Places)
	putSet(&names, "about", &f.About, c.About)
	putSet(&names, "targetGroups", &f.TargetGroups, c.TargetGroups)
	return f, names
}

// CommitmentInput is what a partner promises.
type CommitmentInput struct {
	Partner id.ID
	Text    lang.Text // at least one language; 1,000
	Due     time.Time // zero: no day was said
}

func (in CommitmentInput) check() fault.List {
	var c form.Findings
	c.Needed(in.Text, 1_000, "text")
	c.Day(in.Due, "due")
	return c.Faults
}

// CommitmentChanges changes only what is given.
type CommitmentChanges struct {
	Text  *lang.Text
	Due   *time.Time
	State *CommitmentState
}

// MilestoneInput is a step of a project.
type MilestoneInput struct {
	Title     lang.Text
	Due       time.Time
	ReachedOn time.Time // zero: not yet
}

func (in MilestoneInput) check() fault.List {
	var c form.Findings
	c.Title(in.Title, "title")
	c.Day(in.Due, "due")
	c.Day(in.ReachedOn, "reachedOn")
	return c.Faults
}

// ActivityInput is something that was done.
type ActivityInput struct {
	Title       lang.Text
	Count       int // how many of the kind; 0 is 1
	From, Until time.Time
	Territory   id.ID
	Source      lang.Text
	People      figure.People
}

func (in ActivityInput) clean() ActivityInput {
	in.Title, in.Source = form.Trim(in.Title), form.Trim(in.Source)
	if in.Count == 0 {
		in.Count = 1
	}
	return in
}

func (in ActivityInput) check() fault.List {
	var c form.Findings
	c.Title(in.Title, "title")
	c.Number(in.Count, 1, 100_000, "count")
	c.Dates(in.From, in.Until, "from", "until")
	if in.From.IsZero() && !in.Until.IsZero() {
		c.Add(fault.ErrRequired, "from")
	}
	c.Text(in.Source, 500, "source")
	if n := in.People.Total.Value(); n != nil {
		c.Number(*n, 0, 10_000_000, "participants")
	}
	for i, n := range in.People.BySex {
		c.Number(n, 0, 10_000_000, "bySex", []string{"women", "men", "nonBinary", "notStated"}[i])
	}
	if err := in.People.Check(); err != nil && len(c.Faults) == 0 {
		c.Faults = append(c.Faults, fault.From(err).Under("bySex"))
	}
	return c.Faults
}

// FundingInput is one source of the budget.
type FundingInput struct {
	Source lang.Text
	Body   id.ID // the organisation, where it is one of the network
	Cents  int64
}

// NoteInput is an update on a project.
type NoteInput struct {
	Text     lang.Text // at least one language; 5,000
	Internal bool      // for the partners only
}
