package api_test

import (
	"fmt"
	"strings"
	"testing"
)

// inside is what the matrix is played on of projects, workshops and documents: a
// project for its members, an open workshop for members, a consultation for
// those signed in, each with parts. Titles and texts are canaries.
type inside struct {
	project, commitment, milestone, activity, note string
	programme, strategy                            string
	workshop, group, entry, consultation           string
	link                                           string
}

func newInside(t *testing.T, w *world) (s inside) {
	t.Helper()
	do := func(name string, input in, selection, path string) string {
		t.Helper()
		query := fmt.Sprintf("mutation($in: %sInput!) { %s(input: $in) { %s errors { code message path } } }", strings.ToUpper(name[:1])+name[1:], name, selection)
		return at(t, w.hub.Must(t, w.officer.token, query, in{"in": input}), name+"."+path)
	}
	text := in{"ca": canary}
	s.project = do("sharedProjectCreate", in{
		"lead": w.council, "side": "PUBLIC", "title": text, "partners": []in{{"organization": w.clubGlobal, "side": "SOCIAL"}},
	}, "project { id }", "project.id")
	s.commitment = do("partnerCommitmentAdd", in{"project": s.project, "partner": w.clubGlobal, "text": text}, "commitment { id }", "commitment.id")
	s.milestone = do("projectMilestoneSet", in{"project": s.project, "title": text}, "project { milestones { id } }", "project.milestones.0.id")
	s.activity = do("projectActivitySet", in{"project": s.project, "title": text}, "project { done { activities { id } } }", "project.done.activities.0.id")
	s.note = do("projectNoteAdd", in{"project": s.project, "text": text, "internal": true}, "note { id }", "note.id")
	group := func(name, kind string) string {
		return do(name+"Create", in{"organization": w.council, "kind": kind, "title": text, "visibility": "MEMBERS"}, name+" { id }", name+".id")
	}
	s.programme, s.strategy = group("programme", "LAB"), group("strategy", "PROTOCOL")
	s.workshop = do("workshopCreate", in{"organization": w.council, "title": text, "places": []string{w.council}, "visibility": "MEMBERS"}, "workshop { id }", "workshop.id")
	code := do("workshopMove", in{"id": s.workshop, "to": "OPEN"}, "workshop { joinCode }", "workshop.joinCode")
	s.group = do("workshopGroupJoin", in{"code": code, "name": canary}, "group { id }", "group.id")
	s.entry = do("workshopEntryAdd", in{"by": in{"workshop": s.workshop}, "kind": "PRIORITY", "territory": w.council, "text": text}, "entry", "entry")
	s.consultation = do("priorConsultationCreate", in{"organization": w.council, "title": text, "findings": []in{text}, "visibility": "MEMBERS"}, "consultation { id }", "consultation.id")
	s.link = do("documentLinkAdd", in{"about": s.project, "title": text, "url": "https://example.org/canari"}, "document { id }", "document.id")
	return s
}

// projectMutations are the rows of projects, workshops and documents. The
// stranger sees nothing of them: for them they do not exist.
func projectMutations(w *world, s inside, may func(stranger []string, input in) refused) map[string]refused {
	denied, notFound, text := []string{"DENIED"}, []string{"NOT_FOUND"}, in{"ca": "Qualsevol"}
	home := in{"organization": w.council, "title": text}
	with := func(more in) in {
		for k, v := range home {
			more[k] = v
		}
		return more
	}
	rows := map[string]refused{
		"sharedProjectCreate":      may(denied, in{"lead": w.council, "side": "PUBLIC", "title": text}),
		"programmeCreate":          may(denied, with(in{"kind": "LAB"})),
		"strategyCreate":           may(denied, with(in{"kind": "PLAN"})),
		"workshopCreate":           may(denied, with(in{"places": []string{w.council}})),
		"priorConsultationCreate":  may(denied, with(in{})),
		"documentCollectionCreate": may(denied, with(in{})),
		"workshopGroupJoin":        {in{"code": "AAAAA-AAAAA", "name": "Grup"}, []string{"NO_SUCH_CODE"}, []string{"NO_SUCH_CODE"}},
	}
	by := in{"workshop": s.workshop}
	for name, input := range map[string]in{
		"sharedProjectDuplicate": {"id": s.project}, "workshopDuplicate": {"id": s.workshop},
		"sharedProjectUpdate": {"id": s.project, "summary": text}, "sharedProjectMove": {"id": s.project, "to": "DROPPED", "reason": text},
		"projectPartnerAdd":    {"project": s.project, "organization": w.otherClubGlobal, "side": "SOCIAL"},
		"projectPartnerLeave":  {"project": s.project, "organization": w.clubGlobal, "reassign": []in{{"commitment": s.commitment}}},
		"partnerCommitmentAdd": {"project": s.project, "partner": w.clubGlobal, "text": text}, "partnerCommitmentChange": {"id": s.commitment, "state": "DONE"},
		"projectMilestoneSet": {"id": s.milestone, "title": text}, "projectMilestoneRemove": {"id": s.milestone},
		"projectActivitySet": {"id": s.activity, "title": text}, "projectActivityRemove": {"id": s.activity},
		"projectFundingSet": {"project": s.project, "sources": []in{}}, "projectNoteAdd": {"project": s.project, "text": text, "internal": false},
		"projectNoteRemove":   {"id": s.note},
		"programmeProjectAdd": {"id": s.programme, "project": s.project}, "programmeProjectRemove": {"id": s.programme, "project": s.project},
		"strategySign": {"id": s.strategy, "organization": w.council}, "strategySignatureWithdraw": {"id": s.strategy, "organization": w.council},
		"strategyProjectAdd": {"id": s.strategy, "project": s.project}, "strategyProjectRemove": {"id": s.strategy, "project": s.project},
		"workshopMove": {"id": s.workshop, "to": "CLOSED"}, "workshopCodeRenew": {"id": s.workshop}, "workshopGroupRevoke": {"id": s.group},
		"workshopEntryAdd":      {"by": by, "kind": "PRIORITY", "territory": w.council, "text": text},
		"workshopEntryWithdraw": {"by": by, "id": s.entry}, "workshopPriorityMerge": {"by": by, "priorities": []string{s.entry, s.entry}},
		"workshopPriorityProjectCreate": {"priority": s.entry, "lead": w.council, "side": "PUBLIC"},
		"priorConsultationFindingAdd":   {"id": s.consultation, "text": text}, "priorConsultationEventLink": {"id": s.consultation, "event": "x"},
		"documentUploadCreate": {"about": s.project, "title": text, "fileName": "x.pdf", "size": 10},
		"documentLinkAdd":      {"about": s.project, "title": text, "url": "https://example.org"}, "documentWithdraw": {"id": s.link},
	} {
		rows[name] = may(notFound, input)
	}
	return rows
}

// projectQueries ask nobody's questions about them.
func projectQueries(s inside) map[string]string {
	return map[string]string{
		"sharedProject":       fmt.Sprintf(`{ sharedProject(id: %q) { title } }`, s.project),
		"sharedProjects":      `{ sharedProjects { totalCount nodes { title notes { text } documents { title } } } }`,
		"programmes":          `{ programmes { totalCount nodes { title } } }`,
		"strategies":          `{ strategies { totalCount nodes { title } } }`,
		"workshop":            fmt.Sprintf(`{ workshop(id: %q) { title } }`, s.workshop),
		"workshops":           `{ workshops { totalCount nodes { title groups { name } } } }`,
		"workshopOfGroup":     `{ workshopOfGroup(token: "no such secret") { title } }`,
		"priorConsultation":   fmt.Sprintf(`{ priorConsultation(id: %q) { title findings { text } } }`, s.consultation),
		"document":            fmt.Sprintf(`{ document(id: %q) { title url } }`, s.link),
		"documentCollections": `{ documentCollections { totalCount nodes { title } } }`,
	}
}
