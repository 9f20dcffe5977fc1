package graph

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
)

// linked names any node.
func (in *input) any(global *string, field string) id.ID {
	if global == nil {
		return id.Zero
	}
	_, v, err := node.Parse(*global)
	if err != nil {
		in.missing(field)
	}
	return v
}

// partOf is a part that has to belong to the table.
func (in *input) partOf(root id.ID, t id.Type, global *string, field string) id.ID {
	if global == nil {
		return id.Zero
	}
	of, part := in.part(t, *global, field)
	if of != root && !part.IsZero() {
		in.missing(field)
	}
	return part
}

func tableRules(from *model.TableRulesInput) table.Rules {
	if from == nil {
		return table.DefaultRules()
	}
	return table.Rules{
		QuorumFirst: from.QuorumFirst, QuorumSecond: from.QuorumSecond, QuorumLeast: from.QuorumLeast,
		SecondCallMinutes: from.SecondCallMinutes.Value(), NoticeDays: from.NoticeDays, Majority: from.Majority,
		Periodicity: from.Periodicity, QuietDays: from.QuietDays,
	}
}

func tableSpec(from model.WorkingTableCreateInput) func(*input) table.Spec {
	return func(in *input) table.Spec {
		return table.Spec{
			Convenor: in.node(from.Convenor, "convenor", organizationKinds...), Kind: from.Kind, Title: *from.Title,
			Description: value(from.Description), Visibility: from.Visibility, Inside: from.Inside,
			Rules: tableRules(from.Rules.Value()), FilePrefix: value(from.FilePrefix),
			Territories: in.nodes(from.Territories.Value(), "territories", territoryKinds...),
			About:       in.nodes(from.About.Value(), "about", themeKinds...),
			PartOf:      in.optional(from.PartOf.Value(), "partOf", node.WorkingTable),
		}
	}
}

func tableProposal(from model.WorkingTableProposeInput) func(*input) table.Spec {
	return func(in *input) table.Spec {
		spec := tableSpec(model.WorkingTableCreateInput{
			Convenor: from.Convenor, Kind: from.Kind, Title: from.Title, Description: from.Description, Visibility: from.Visibility,
			Inside: from.Inside, Rules: from.Rules, FilePrefix: from.FilePrefix, Territories: from.Territories, About: from.About, PartOf: from.PartOf,
		})(in)
		spec.From = in.any(from.From.Value(), "from")
		return spec
	}
}

func tableChanges(in *input, from model.WorkingTableUpdateInput) table.Changes {
	c := table.Changes{
		Title: given(from.Title), Description: given(from.Description), Visibility: from.Visibility.Value(), Inside: from.Inside.Value(),
		FilePrefix: given(from.FilePrefix),
	}
	if rules := from.Rules.Value(); rules != nil {
		c.Rules = pointer(tableRules(rules))
	}
	if from.Territories.IsSet() {
		c.Territories = pointer(in.nodes(from.Territories.Value(), "territories", territoryKinds...))
	}
	if from.About.IsSet() {
		c.About = pointer(in.nodes(from.About.Value(), "about", themeKinds...))
	}
	return c
}

func seatSpec(in *input, from model.TableSeatSetInput) table.SeatSpec {
	return table.SeatSpec{
		Organisation: in.node(from.Organization, "organization", organizationKinds...), Position: from.Position,
		Person: in.optional(from.Person.Value(), "person", node.Person), Name: value(from.Name), Mail: value(from.Mail),
	}
}

func sessionToCreate(from model.TableSessionCreateInput) table.SessionSpec {
	return table.SessionSpec{
		Title: from.Title.Value(), StartsAt: from.StartsAt.Value(), Place: from.Place.Value(), OnlineURL: from.OnlineURL.Value(),
		FileNumber: from.FileNumber.Value(), Extraordinary: &from.Extraordinary,
	}
}

func sessionToRecord(from model.TableSessionRecordInput) table.SessionSpec {
	return table.SessionSpec{
		Title: from.Title.Value(), StartsAt: &from.StartsAt, Place: from.Place.Value(), FileNumber: from.FileNumber.Value(),
		Extraordinary: &from.Extraordinary,
	}
}

func sessionToUpdate(from model.TableSessionUpdateInput) table.SessionSpec {
	return table.SessionSpec{
		Title: from.Title.Value(), StartsAt: from.StartsAt.Value(), Place: from.Place.Value(), OnlineURL: from.OnlineURL.Value(),
		FileNumber: from.FileNumber.Value(), Extraordinary: from.Extraordinary.Value(),
	}
}

func itemSpec(from model.AgendaItemAddInput) table.ItemSpec {
	return table.ItemSpec{Title: *from.Title, Description: value(from.Description), Position: from.Position.Value()}
}

func paperSpec(in *input, root id.ID, from model.TablePaperAddInput) table.PaperSpec {
	return table.PaperSpec{Item: in.partOf(root, table.ItemType, from.Item.Value(), "item"), Title: *from.Title, URL: from.URL}
}

func adoptSpec(in *input, from model.TableResolutionAdoptInput) table.AdoptSpec {
	spec := table.AdoptSpec{
		Kind: from.Kind, Text: *from.Text, Deadline: from.Deadline.Value(),
		Responsible: in.optional(from.Responsible.Value(), "responsible", organizationKinds...),
		Person:      in.optional(from.Person.Value(), "person", node.Person),
		Linked:      in.any(from.Linked.Value(), "linked"),
	}
	if vote := from.Vote.Value(); vote != nil {
		spec.Vote = &table.Tally{For: vote.InFavour, Against: vote.Against, Abstentions: vote.Abstentions}
	}
	for _, n := range from.Named.Value() {
		spec.Named = append(spec.Named, table.Vote{Organization: in.node(n.Organization, "named", organizationKinds...), Choice: n.Choice})
	}
	return spec
}

func followSpec(in *input, root id.ID, from model.TableResolutionFollowInput) table.FollowSpec {
	spec := table.FollowSpec{
		State: from.State.Value(), Note: value(from.Note), Session: in.partOf(root, table.SessionType, from.Session.Value(), "session"),
		Deadline: given(from.Deadline),
	}
	if from.Responsible.IsSet() {
		spec.Responsible = pointer(in.optional(from.Responsible.Value(), "responsible", organizationKinds...))
	}
	if from.Person.IsSet() {
		spec.Person = pointer(in.optional(from.Person.Value(), "person", node.Person))
	}
	if from.Linked.IsSet() {
		spec.Linked = pointer(in.any(from.Linked.Value(), "linked"))
	}
	return spec
}

func laterSession(in *input, global string) id.ID {
	_, session := in.part(table.SessionType, global, "in")
	return session
}

func pollDate(in *input, global string) id.ID {
	_, date := in.part(table.PollDateType, global, "date")
	return date
}

func dateChoices(in *input, field string, from []*model.TableDateAnswerInput) []table.DateChoice {
	choices := make([]table.DateChoice, len(from))
	for i, a := range from {
		_, date := in.part(table.PollDateType, a.Date, field)
		choices[i] = table.DateChoice{Date: date, Answer: a.Answer}
	}
	return choices
}

func moments(list []*time.Time) []time.Time {
	out := make([]time.Time, 0, len(list))
	for _, t := range list {
		out = append(out, *t)
	}
	return out
}

// minutesRevision reads a revision that has to be given.
func minutesRevision(text string) int64 {
	return *revision(graphql.OmittableOf(&text))
}

func tableFilter(in *input, from *model.WorkingTableFilter) table.Filter {
	if from == nil {
		return table.Filter{}
	}
	return table.Filter{
		Text:        value(from.Text),
		Territories: one(in.optional(from.Territory.Value(), "filter.territory", territoryKinds...)),
		About:       one(in.optional(from.About.Value(), "filter.about", themeKinds...)),
		Members:     one(in.optional(from.Member.Value(), "filter.member", organizationKinds...)),
		Kinds:       from.Kinds.Value(), States: from.States.Value(), Mine: value(from.Mine),
	}
}

func promises(in *input, from *model.TableResolutionFilter) table.Promises {
	if from == nil {
		return table.Promises{}
	}
	return table.Promises{
		Tables:      one(in.optional(from.Table.Value(), "filter.table", node.WorkingTable)),
		Territories: one(in.optional(from.Territory.Value(), "filter.territory", territoryKinds...)),
		About:       one(in.optional(from.About.Value(), "filter.about", themeKinds...)),
		Responsible: one(in.optional(from.Responsible.Value(), "filter.responsible", organizationKinds...)),
		MineToDo:    value(from.MineToDo), MyTables: value(from.MyTables), States: from.States.Value(),
		Overdue: from.Overdue.Value(), Quiet: from.Quiet.Value(),
	}
}

// one is the list of an identifier that was given.
func one(v id.ID) []id.ID {
	if v.IsZero() {
		return nil
	}
	return []id.ID{v}
}
