package graph

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// sharedFields are the values that a subscription may select and still be
// executed once for all who follow the same at the same level: they depend on
// the topic, the level of sight on it and the language, and on nothing else of
// who reads. Everything that is not here depends on the person until somebody
// has looked and adds it; so does a type that is not here at all. A subscription
// that selects such a value works, and is executed for its reader alone.
//
// What has a visibility of its own (an organiser, say) is shown in a shared
// execution as to anybody of that level who has no other right. Lists of such
// things are not here, since who has other rights sees more in them.
//
// Never here: what carries @personal, what is about the reader (viewer…), and
// the types of PersonalTypes. A test holds to that.
func sharedFields() map[string]string {
	const (
		node         = "id title"
		term         = node + " code"
		counts       = "confirmed waiting pending cancelled arrived"
		organization = node + " name identifiers"
	)
	return map[string]string{
		"EventChange": "number cursor kind at fields event seats",
		"SeatCount":   "seatPool availability capacity confirmed waiting",
		// viewerCanOrganise and revision say nothing but the level.
		"Event": node + ` titleIn kind state cancellationReason visibility summary description objectives startsAt endsAt
			date venueName venueAddress venues onlineUrl area places organisers about audiences sessions documents
			registrationOpensAt registrationClosesAt requiresApproval overtaking sensitive languages seatPools revision
			viewerCanOrganise namesKeptDays`,
		"NodeChange": "number cursor kind text at node comment",
		// Neither text nor people: who is mentioned is shown to who may see them.
		"Comment":        "id node audience version at editedAt removedAt moderated replyTo",
		"PartialDate":    "year month day",
		"EventOrganiser": "organization lead",
		"EventSession":   node + " description startsAt endsAt room track speakers",
		"Speaker":        "name role organisation",
		"EventDocument":  node + " url note version addedAt",
		"SeatPool": `id name general reservedForRole reservedForAudience reservedForOrganization availability capacity
			confirmed waiting`,
		"RegistrationBoard":   "number cursor byRole byTerritory seats " + counts,
		"BoardRoleCount":      "role " + counts,
		"BoardTerritoryCount": "territory " + counts,

		"TableChange":        "number cursor kind at fields table session organization",
		"TableSessionChange": "number cursor kind at fields session item organization",
		"TableSessionBoard":  "number cursor session currentItem adopted",
		"WorkingTable":       node + " kind state visibility inside description territories about",
		"TableSession": `id table number title state extraordinary startsAt secondCallAt place calledAt openedAt closedAt
			secondCall agenda`,
		"AgendaItem": "id position kind title description late carried outcome note closedAt",

		"ProjectChange": "number cursor kind at fields part organization note project",
		// Not what it belongs to, came from or led to: lists of things that hide themselves.
		// Nor how many took part, which is hidden from some where few did.
		"SharedProject": node + ` titleIn state visibility summary description aims startsOn endsOn replicable practice dropReason
			area places about targetGroups partners commitments milestones done funding notes revision`,
		"ProjectPartner":    "organization lead side part from until",
		"PartnerCommitment": "id text due state overdue closedAt partner moves",
		"CommitmentMove":    "from to at",
		"ProjectMilestone":  node + " due reachedOn late",
		"ProjectDone":       "activities count",
		"ProjectActivity":   node + " count from until territory",
		"ProjectFunding":    "id source organization euros",
		"ProjectNote":       "id text internal at onBehalfOf",

		// Who follows it with a group's link follows alone: see watchWorkshop.
		"WorkshopBoard":    "number cursor workshop",
		"WorkshopChange":   "number cursor kind at entry group workshop",
		"Workshop":         node + " state visibility description openedAt closedAt joinCode organization about board groups",
		"WorkshopPlace":    "territory priorities runningProjects capacities",
		"WorkshopGroup":    "id name joinedAt revoked",
		"WorkshopPriority": "id text territories authors byOrganisers merged capacities workshop",
		"WorkshopNote":     "id text territory author",

		"Territory":     node,
		"Province":      term,
		"Comarca":       node,
		"Municipality":  organization + " ineCode idescatCode latitude longitude population comarca",
		"Population":    "inhabitants year source",
		"District":      term + " municipality",
		"Neighbourhood": term + " district",

		"Organization":       organization,
		"Association":        organization + " description sector legalPersonality claimState invented links fields actsIn",
		"PublicService":      organization + " description fields",
		"Institution":        organization + " kind description sector",
		"ExternalIdentifier": "scheme value",
		"OrganizationLink":   "label url checkedAt dead",

		"Node": "id",
		"Term": term, "Field": term, "Goal": term, "Challenge": term, "Axis": term, "Audience": term, "TargetGroup": term,
	}
}

// sharedTable is sharedFields to look things up in.
type sharedTable map[string]map[string]bool

func newSharedTable() sharedTable {
	table := sharedTable{}
	for name, fields := range sharedFields() {
		table[name] = map[string]bool{"__typename": true}
		for _, field := range strings.Fields(fields) {
			table[name][field] = true
		}
	}
	return table
}

// shareable reports whether nothing that a subscription selects depends on who
// asks for it beyond their level.
func (t sharedTable) shareable(op *ast.OperationDefinition) bool {
	if op.Operation != ast.Subscription {
		return false
	}
	seen := map[string]bool{}
	return t.all(op.SelectionSet, seen)
}

// all looks into each fragment once, however often it is spread. The fields of
// the subscription itself declare their own rules.
func (t sharedTable) all(set ast.SelectionSet, seen map[string]bool) bool {
	for _, s := range set {
		below := ast.SelectionSet(nil)
		switch s := s.(type) {
		case *ast.Field:
			if s.ObjectDefinition == nil || s.ObjectDefinition.Name != "Subscription" && !t[s.ObjectDefinition.Name][s.Name] {
				return false
			}
			below = s.SelectionSet
		case *ast.InlineFragment:
			below = s.SelectionSet
		case *ast.FragmentSpread:
			if s.Definition == nil {
				return false
			}
			if seen[s.Name] {
				continue
			}
			seen[s.Name] = true
			below = s.Definition.SelectionSet
		}
		if !t.all(below, seen) {
			return false
		}
	}
	return true
}
