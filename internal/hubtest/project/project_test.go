package project_test

import (
	"testing"

	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/node"
)

// A project from idea to practice that others can take over, with the figures of
// Instituts Oberts in three schools of Terrassa: 12 activities, 230 participants.
func TestProjectLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	field, group := node.Field.Global(taxonomy.TermID(node.Field, "EQUAL_TREATMENT")), node.TargetGroup.Global(taxonomy.TermID(node.TargetGroup, "YOUNG_PEOPLE"))
	p := w.call(w.project(in{"about": []string{field}, "targetGroups": []string{group}, "visibility": "PUBLIC", "partners": []in{}}), "project")
	w.want(w.officer, moveProject, in{"in": in{"id": p, "to": "RUNNING"}}, `{"data":{"sharedProjectMove":{"project":null,"errors":[
		{"code":"PROJECT_TRANSITION","message":"The project is “Idea” and cannot become “Running”.","path":[]}]}}}`)
	w.refused(w.officer, moveProject, in{"in": in{"id": p, "to": "AGREED"}}, "PROJECT_NEEDS_PARTNER")
	w.want(w.officer, `mutation($in: ProjectPartnerAddInput!) { projectPartnerAdd(input: $in) { project { partners { organization { name } lead side part until } } errors { code } } }`,
		in{"in": in{"project": p, "organization": w.club, "side": "SOCIAL", "part": in{"ca": "Tallers"}}},
		`{"data":{"projectPartnerAdd":{"project":{"partners":[
			{"organization":{"name":"Terrassa Town Council"},"lead":true,"side":"PUBLIC","part":null,"until":null},
			{"organization":{"name":"Entitat Una"},"lead":false,"side":"SOCIAL","part":"Tallers","until":null}]},"errors":[]}}}`)
	w.want(w.officer, moveProject, in{"in": in{"id": p, "to": "AGREED"}}, `{"data":{"sharedProjectMove":{"project":{"state":"AGREED","dropReason":null},"errors":[]}}}`)
	promise := w.call(w.ask(w.rep, addCommitment, in{"in": in{"project": p, "partner": w.club, "text": in{"ca": "Dos tallers per centre"}, "due": "2019-06-30"}}, "partnerCommitmentAdd.commitment.id"), "promise")
	w.refused(w.rep, addCommitment, in{"in": in{"project": p, "partner": w.town, "text": in{"ca": "Que pagui l'ajuntament"}}}, "DENIED")
	w.refused(w.otherRep, addCommitment, in{"in": in{"project": p, "partner": w.otherClub, "text": in{"ca": "Nosaltres també"}}}, "DENIED")
	w.ask(w.officer, moveProject, in{"in": in{"id": p, "to": "RUNNING"}}, "")
	w.refused(w.rep, setActivity, in{"in": in{"project": p, "title": in{"ca": "Activitats"}, "count": 12, "participants": 230, "bySex": in{"women": 175, "men": 54}}}, "PARTS_DO_NOT_ADD_UP")
	w.want(w.rep, setActivity, in{"in": in{
		"project": p, "title": in{"ca": "Activitats a tres instituts"}, "count": 12, "participants": 230, "bySex": in{"women": 175, "men": 55},
		"from": "2019-01-01", "until": "2019-06-30", "source": in{"ca": "Balanç de juny de 2019"},
	}}, `{"data":{"projectActivitySet":{"project":{"id":"<project>"},"warnings":[],"errors":[]}}}`)
	w.want(anonymous, `query($id: ID!) { sharedProject(id: $id) { title state about { code } targetGroups { code } area { title } commitments { id text due state overdue closedAt partner { name } }
		done { count activities { title count participants { draft missing total { value state } } }
		participants { label unit from until source draft total { value } breakdowns { axis cells { categories label count { value } } } } } viewerCanOrganise { allowed code } viewerCanTakePart { allowed code } revision } }`, in{"id": p},
		`{"data":{"sharedProject":{"title":"Instituts Oberts","state":"RUNNING","about":[{"code":"EQUAL_TREATMENT"}],"targetGroups":[{"code":"YOUNG_PEOPLE"}],"area":[{"title":"Terrassa"}],
		"commitments":[{"id":"<promise>","text":"Dos tallers per centre","due":"2019-06-30","state":"OPEN","overdue":true,"closedAt":null,"partner":{"name":"Entitat Una"}}],
		"done":{"count":12,"activities":[{"title":"Activitats a tres instituts","count":12,"participants":{"draft":false,"missing":[],"total":{"value":230,"state":"KNOWN"}}}],
		"participants":{"label":"Participants","unit":"people","from":"2019-01-01","until":"2019-06-30","source":"Balanç de juny de 2019","draft":false,"total":{"value":230},
		"breakdowns":[{"axis":"SEX","cells":[{"categories":["WOMAN"],"label":"Women","count":{"value":175}},{"categories":["MAN"],"label":"Men","count":{"value":55}},
		{"categories":["NON_BINARY"],"label":"Non-binary people","count":{"value":0}},{"categories":["NOT_STATED"],"label":"Not stated","count":{"value":0}}]}]}},
		"viewerCanOrganise":{"allowed":false,"code":"UNAUTHENTICATED"},"viewerCanTakePart":{"allowed":false,"code":"UNAUTHENTICATED"},"revision":null}}}`)
	w.refused(w.officer, moveProject, in{"in": in{"id": p, "to": "FINISHED"}}, "PROJECT_OPEN_COMMITMENTS")
	w.want(w.rep, `mutation($in: PartnerCommitmentChangeInput!) { partnerCommitmentChange(input: $in) { commitment { state overdue closedAt } errors { code } } }`,
		in{"in": in{"id": promise, "state": "DONE"}}, `{"data":{"partnerCommitmentChange":{"commitment":{"state":"DONE","overdue":false,"closedAt":"<closedAt>"},"errors":[]}}}`)
	w.want(w.officer, moveProject, in{"in": in{"id": p, "to": "FINISHED"}}, `{"data":{"sharedProjectMove":{"project":{"state":"FINISHED","dropReason":null},"errors":[]}}}`)
	update := `mutation($in: SharedProjectUpdateInput!) { sharedProjectUpdate(input: $in) { project { replicable practice title } errors { code } } }`
	w.refused(w.officer, update, in{"in": in{"id": p, "title": in{"ca": "Un altre títol"}}}, "PROJECT_FINAL")
	w.want(w.officer, update, in{"in": in{"id": p, "replicable": true, "practice": in{"ca": "Obrir els patis a la tarda"}}},
		`{"data":{"sharedProjectUpdate":{"project":{"replicable":true,"practice":"Obrir els patis a la tarda","title":"Instituts Oberts"},"errors":[]}}}`)
	w.want(anonymous, `{ sharedProjects(filter: {replicable: true, states: [FINISHED], text: "INSTITUTS"}) { totalCount nodes { id } } municipality(by: {ineCode: "08279"}) { projects { totalCount nodes { title } } partnerIn { nodes { title } } } }`, nil,
		`{"data":{"sharedProjects":{"totalCount":1,"nodes":[{"id":"<project>"}]},"municipality":{"projects":{"totalCount":1,"nodes":[{"title":"Instituts Oberts"}]},"partnerIn":{"nodes":[{"title":"Instituts Oberts"}]}}}}`)
}

// Budget, milestones, revisions, programmes and strategies.
func TestProjectParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	p := w.call(w.project(in{"visibility": "PUBLIC"}), "project")
	w.want(w.officer, `mutation($in: ProjectFundingSetInput!) { projectFundingSet(input: $in) { project { funding { source euros organization { name } } } errors { code path } } }`,
		in{"in": in{"project": p, "sources": []in{{"source": in{"ca": "Ajuntament"}, "organization": w.town, "euros": "12000"}, {"source": in{"ca": "Quotes"}, "euros": "0.5"}}}},
		`{"data":{"projectFundingSet":{"project":{"funding":[{"source":"Ajuntament","euros":"12000.00","organization":{"name":"Terrassa Town Council"}},{"source":"Quotes","euros":"0.50","organization":null}]},"errors":[]}}}`)
	milestone := `mutation($in: ProjectMilestoneSetInput!) { projectMilestoneSet(input: $in) { project { milestones { id title due reachedOn late } } errors { code path } } }`
	m := w.call(w.ask(w.officer, milestone, in{"in": in{"project": p, "title": in{"ca": "Primer centre"}, "due": "2020-01-31"}}, "projectMilestoneSet.project.milestones.0.id"), "milestone")
	w.want(w.officer, milestone, in{"in": in{"id": m, "title": in{"ca": "Primer centre"}, "due": "2020-01-31", "reachedOn": "2020-01-15"}},
		`{"data":{"projectMilestoneSet":{"project":{"milestones":[{"id":"<milestone>","title":"Primer centre","due":"2020-01-31","reachedOn":"2020-01-15","late":false}]},"errors":[]}}}`)
	w.refused(w.rep, milestone, in{"in": in{"project": p, "title": in{"ca": "Segon"}}}, "DENIED")
	w.refused(w.officer, milestone, in{"in": in{"title": in{"ca": "De ningú"}}}, "REQUIRED")
	update := `mutation($in: SharedProjectUpdateInput!) { sharedProjectUpdate(input: $in) { project { summary } errors { code ... on RevisionConflict { currentRevision } } } }`
	before := w.ask(w.officer, `query($id: ID!) { sharedProject(id: $id) { revision } }`, in{"id": p}, "sharedProject.revision")
	w.ask(w.officer, update, in{"in": in{"id": p, "expectedRevision": before, "summary": in{"ca": "Un"}}}, "")
	w.refused(w.officer, update, in{"in": in{"id": p, "expectedRevision": before, "summary": in{"ca": "Dos"}}}, "VERSION_CONFLICT")

	lab := w.call(w.ask(w.officer, `mutation($in: ProgrammeCreateInput!) { programmeCreate(input: $in) { programme { id } errors { code path } } }`,
		in{"in": in{"organization": w.town, "kind": "LAB", "title": in{"ca": "Laboratori"}}}, "programmeCreate.programme.id"), "lab")
	addTo := `mutation($in: ProgrammeProjectAddInput!) { programmeProjectAdd(input: $in) { programme { kind projects { totalCount nodes { id } } organization { name } } errors { code path } } }`
	w.want(w.officer, addTo, in{"in": in{"id": lab, "project": p}},
		`{"data":{"programmeProjectAdd":{"programme":{"kind":"LAB","projects":{"totalCount":1,"nodes":[{"id":"<project>"}]},"organization":{"name":"Terrassa Town Council"}},"errors":[]}}}`)
	w.refused(w.officer, addTo, in{"in": in{"id": lab, "project": p}}, "IN_ANOTHER_PROGRAMME")
	w.refused(w.rep, addTo, in{"in": in{"id": lab, "project": p}}, "DENIED")
	s := w.call(w.ask(w.officer, `mutation($in: StrategyCreateInput!) { strategyCreate(input: $in) { strategy { id } errors { code path } } }`,
		in{"in": in{"organization": w.town, "kind": "EQUALITY_PLAN", "title": in{"ca": "Pla d'igualtat"}, "from": "2020-01-01", "until": "2021-12-31"}}, "strategyCreate.strategy.id"), "plan")
	sign := `mutation($in: StrategySignInput!) { strategySign(input: $in) { strategy { signatories { organization { name } on } } errors { code path } } }`
	w.want(w.rep, sign, in{"in": in{"id": s, "organization": w.club, "on": "2020-02-01"}},
		`{"data":{"strategySign":{"strategy":{"signatories":[{"organization":{"name":"Entitat Una"},"on":"2020-02-01"}]},"errors":[]}}}`)
	w.refused(w.rep, sign, in{"in": in{"id": s, "organization": w.club}}, "ALREADY_SIGNED")
	w.refused(w.rep, sign, in{"in": in{"id": s, "organization": w.town}}, "DENIED")
	w.ask(w.officer, `mutation($in: StrategyProjectAddInput!) { strategyProjectAdd(input: $in) { strategy { id } errors { code } } }`, in{"in": in{"id": s, "project": p}}, "")
	w.want(anonymous, `query($id: ID!, $plan: ID!) { sharedProject(id: $id) { programmes { id } strategies { id kind inForce projects { nodes { id } } } } node(id: $plan) { id ... on Strategy { title from until } }
		programmes { totalCount nodes { id } } strategies { totalCount nodes { id } } }`, in{"id": p, "plan": s},
		`{"data":{"sharedProject":{"programmes":[{"id":"<lab>"}],"strategies":[{"id":"<plan>","kind":"EQUALITY_PLAN","inForce":false,"projects":{"nodes":[{"id":"<project>"}]}}]},
		"node":{"id":"<plan>","title":"Pla d'igualtat","from":"2020-01-01","until":"2021-12-31"},"programmes":{"totalCount":1,"nodes":[{"id":"<lab>"}]},"strategies":{"totalCount":1,"nodes":[{"id":"<plan>"}]}}}`)
	w.ask(w.rep, `mutation($in: StrategySignatureWithdrawInput!) { strategySignatureWithdraw(input: $in) { strategy { id } errors { code } } }`, in{"in": in{"id": s, "organization": w.club}}, "")
	w.want(anonymous, `query($id: ID!) { node(id: $id) { ... on Strategy { signatories { on } } } }`, in{"id": s}, `{"data":{"node":{"signatories":[]}}}`)
	w.want(w.officer, `mutation($in: ProgrammeProjectRemoveInput!) { programmeProjectRemove(input: $in) { programme { projects { totalCount } } errors { code } } }`, in{"in": in{"id": lab, "project": p}},
		`{"data":{"programmeProjectRemove":{"programme":{"projects":{"totalCount":0}},"errors":[]}}}`)
}

// A place outside the project's area is kept as it was given, and said.
func TestPlaceOutsideArea(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	quarter := func(code string) string { return node.Neighbourhood.Global(territory.NeighbourhoodID("08019", code)) }
	district := node.District.Global(territory.DistrictID("08019", "09"))
	w.want(w.officer, `mutation($in: SharedProjectCreateInput!) { sharedProjectCreate(input: $in) { project { places { title } } warnings { code message } errors { code } } }`,
		in{"in": in{"lead": w.town, "side": "PUBLIC", "title": in{"ca": "Besòs"}, "area": []string{district}, "places": []string{quarter("59"), quarter("53")}}},
		`{"data":{"sharedProjectCreate":{"project":{"places":[{"title":"el Bon Pastor"},{"title":"la Trinitat Nova"}]},"warnings":[{"code":"PLACE_OUTSIDE_AREA",
		"message":"“la Trinitat Nova” is in Nou Barris, outside the area of the project (Sant Andreu). It was kept as you gave it. Did you mean “la Trinitat Vella”?"}],"errors":[]}}}`)
}

// Few people are hidden, and what would give them away, from all but who is
// responsible for the figures.
func TestFewPeopleAreHidden(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	p := w.project(in{"visibility": "PUBLIC"})
	for _, a := range []in{
		{"participants": 22, "bySex": in{"women": 20, "men": 2}}, {"participants": 55, "bySex": in{"women": 30, "men": 25}},
	} {
		a["project"], a["title"] = p, in{"ca": "Taller"}
		w.ask(w.rep, setActivity, in{"in": a}, "")
	}
	query := `query($id: ID!) { sharedProject(id: $id) { done { activities { participants { total { value } breakdowns { cells { count { value state } } } } } participants { total { value } breakdowns { cells { count { value } } } } } } }`
	cells := func(counts ...string) string {
		text := ""
		for i, c := range counts {
			if i > 0 {
				text += ","
			}
			text += `{"count":` + c + `}`
		}
		return `[{"cells":[` + text + `]}]`
	}
	hidden, zero := `{"value":null,"state":"SUPPRESSED"}`, `{"value":0,"state":"KNOWN"}`
	sum := `{"total":{"value":77},"breakdowns":` + cells(`{"value":50}`, `{"value":27}`, `{"value":0}`, `{"value":0}`) + `}`
	for _, who := range []reader{anonymous, w.rep} {
		w.want(who, query, in{"id": p}, `{"data":{"sharedProject":{"done":{"activities":[
			{"participants":{"total":{"value":22},"breakdowns":`+cells(hidden, hidden, zero, zero)+`}},{"participants":{"total":{"value":55},"breakdowns":`+cells(hidden, hidden, zero, zero)+`}}],"participants":`+sum+`}}}}`)
	}
	known := func(n string) string { return `{"value":` + n + `,"state":"KNOWN"}` }
	w.want(w.officer, query, in{"id": p}, `{"data":{"sharedProject":{"done":{"activities":[
		{"participants":{"total":{"value":22},"breakdowns":`+cells(known("20"), known("2"), zero, zero)+`}},{"participants":{"total":{"value":55},"breakdowns":`+cells(known("30"), known("25"), zero, zero)+`}}],"participants":`+sum+`}}}}`)
}

// A project is begun once more: with what it is for and with whom, without what
// was promised and done.
func TestProjectOnceMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	p := w.project(in{"visibility": "PUBLIC", "startsOn": "2025-01-10", "endsOn": "2025-12-20"})
	w.ask(w.officer, `mutation($in: ProjectMilestoneSetInput!) { projectMilestoneSet(input: $in) { errors { code } } }`,
		in{"in": in{"project": p, "title": in{"ca": "Pati obert"}, "due": "2025-06-01", "reachedOn": "2025-06-02"}}, "")
	w.ask(w.officer, addCommitment, in{"in": in{"project": p, "partner": w.club, "text": in{"ca": "Sis tallers"}}}, "")
	duplicate := `mutation($in: SharedProjectDuplicateInput!) { sharedProjectDuplicate(input: $in) { project {
		title state visibility startsOn endsOn aims partners { lead part organization { id } } milestones { title due reachedOn } commitments { id } derivedFrom { id }
	} errors { code } } }`
	w.want(w.officer, duplicate, in{"in": in{"id": p, "title": in{"ca": "Instituts Oberts, segon curs"}}},
		`{"data":{"sharedProjectDuplicate":{"project":{"title":"Instituts Oberts, segon curs","state":"IDEA","visibility":"PUBLIC","startsOn":null,"endsOn":null,
		"aims":["Obrir els patis"],"partners":[{"lead":true,"part":null,"organization":{"id":"<terrassa>"}},{"lead":false,"part":"Tallers","organization":{"id":"<club>"}}],
		"milestones":[{"title":"Pati obert","due":null,"reachedOn":null}],"commitments":[],"derivedFrom":[{"id":"`+p+`"}]},"errors":[]}}}`)
}

// A copy is seen by whom the copier says, by whom the project is seen when they
// say nothing; who may not copy chooses nothing.
func TestWhoSeesACopy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	const duplicate = `mutation($in: SharedProjectDuplicateInput!) { sharedProjectDuplicate(input: $in) { project { id visibility } errors { code path } } }`
	seen := func(project string) bool {
		return w.hub.Must(t, anonymous.token, `query($id: ID!) { sharedProject(id: $id) { id } }`, in{"id": project})["sharedProject"] != nil
	}
	for _, original := range []string{"PUBLIC", "NETWORK", "HOME", "MEMBERS", "ORGANISERS"} {
		p := w.project(in{"visibility": original})
		for _, chosen := range []string{"", "PUBLIC", "MEMBERS", "ORGANISERS"} {
			input, want := in{"id": p}, original
			if chosen != "" {
				input["visibility"], want = chosen, chosen
			}
			made := w.hub.Must(t, w.officer.token, duplicate, in{"in": input})
			id, got := at(t, made, "sharedProjectDuplicate.project.id"), at(t, made, "sharedProjectDuplicate.project.visibility")
			if got != want || seen(id) != (want == "PUBLIC") {
				t.Errorf("the copy of a project for %s, for %q, is for %s; seen from outside: %v", original, chosen, got, seen(id))
			}
		}
	}
	w.refused(w.rep, duplicate, in{"in": in{"id": w.project(in{"visibility": "PUBLIC"}), "visibility": "PUBLIC"}}, "DENIED")
}
