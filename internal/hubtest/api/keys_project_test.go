package api_test

import (
	"maps"
	"strconv"
)

// made sends a mutation of the officer that makes something and gives its
// identifier.
func (s *stage) made(name, thing string, input in) string {
	s.Helper()
	return s.do(name, input, thing+" { id }", thing+".id")
}

// theirs is what a body of the officer's makes, with a title.
func (s *stage) theirs(more in) in {
	input := in{"organization": s.council, "title": in{"ca": "Un títol"}}
	maps.Copy(input, more)
	return input
}

// project is led by Terrassa with the club.
func (s *stage) project() string {
	s.Helper()
	return s.made("sharedProjectCreate", "project", in{
		"lead": s.council, "side": "PUBLIC", "title": in{"ca": "Projecte"}, "partners": []in{{"organization": s.clubGlobal, "side": "SOCIAL"}},
	})
}

// workshop is open; code is what its groups join with.
func (s *stage) workshop() (workshop, code string) {
	s.Helper()
	workshop = s.made("workshopCreate", "workshop", s.theirs(in{"places": []string{s.council}}))
	return workshop, s.do("workshopMove", in{"id": workshop, "to": "OPEN"}, "workshop { joinCode }", "workshop.joinCode")
}

// priorities are noted by the organisers of a workshop of their own.
func (s *stage) priorities(n int) (by in, noted []string) {
	s.Helper()
	workshop, _ := s.workshop()
	by = in{"workshop": workshop}
	for i := range n {
		noted = append(noted, s.do("workshopEntryAdd", in{
			"by": by, "kind": "PRIORITY", "territory": s.council, "text": in{"ca": "Prioritat " + strconv.Itoa(i)},
		}, "entry", "entry"))
	}
	return by, noted
}

func (s *stage) consultation() string {
	s.Helper()
	return s.made("priorConsultationCreate", "consultation", s.theirs(nil))
}

// everyOfProjects has one working request for each mutation of projects,
// programmes and strategies.
func (s *stage) everyOfProjects() map[string]func() command {
	text := in{"ca": "Un text"}
	of := func(field string, more in) func() command {
		return func() command {
			input := in{field: s.project()}
			maps.Copy(input, more)
			return command{s.officer, input}
		}
	}
	// part changes a part of a project, made by another mutation.
	part := func(make, selection, path string, spec, more in) func() command {
		return func() command {
			input := in{"project": s.project()}
			maps.Copy(input, spec)
			change := in{"id": s.do(make, input, selection, path)}
			maps.Copy(change, more)
			return command{s.officer, change}
		}
	}
	titled, promise := in{"title": text}, in{"partner": s.clubGlobal, "text": text}
	milestone, activity := "project { milestones { id } }", "project { done { activities { id } } }"
	all := map[string]func() command{
		"sharedProjectCreate": func() command {
			return command{s.officer, in{"lead": s.council, "side": "PUBLIC", "title": text}}
		},
		"sharedProjectDuplicate":  of("id", nil),
		"sharedProjectUpdate":     of("id", in{"summary": text}),
		"sharedProjectMove":       of("id", in{"to": "DROPPED", "reason": text}),
		"projectPartnerAdd":       of("project", in{"organization": s.otherClubGlobal, "side": "SOCIAL"}),
		"projectPartnerLeave":     of("project", in{"organization": s.clubGlobal}),
		"partnerCommitmentAdd":    of("project", promise),
		"partnerCommitmentChange": part("partnerCommitmentAdd", "commitment { id }", "commitment.id", promise, in{"state": "DONE"}),
		"projectMilestoneSet":     of("project", titled),
		"projectMilestoneRemove":  part("projectMilestoneSet", milestone, "project.milestones.0.id", titled, nil),
		"projectActivitySet":      of("project", titled),
		"projectActivityRemove":   part("projectActivitySet", activity, "project.done.activities.0.id", titled, nil),
		"projectFundingSet":       of("project", in{"sources": []in{{"source": text, "euros": "12"}}}),
		"projectNoteAdd":          of("project", in{"text": text, "internal": true}),
		"projectNoteRemove":       part("projectNoteAdd", "note { id }", "note.id", in{"text": text, "internal": true}, nil),
	}
	maps.Copy(all, s.everyOfGroupings())
	return all
}

// everyOfGroupings has those of programmes and strategies.
func (s *stage) everyOfGroupings() map[string]func() command {
	on := func(input in) command { return command{s.officer, input} }
	programme := func() string { return s.made("programmeCreate", "programme", s.theirs(in{"kind": "LAB"})) }
	strategy := func() string { return s.made("strategyCreate", "strategy", s.theirs(in{"kind": "PLAN"})) }
	return map[string]func() command{
		"programmeCreate":     func() command { return on(s.theirs(in{"kind": "LAB"})) },
		"programmeProjectAdd": func() command { return on(in{"id": programme(), "project": s.project()}) },
		"programmeProjectRemove": func() command {
			input := in{"id": programme(), "project": s.project()}
			s.made("programmeProjectAdd", "programme", input)
			return on(input)
		},
		"strategyCreate": func() command { return on(s.theirs(in{"kind": "PLAN"})) },
		"strategySign":   func() command { return on(in{"id": strategy(), "organization": s.council}) },
		"strategySignatureWithdraw": func() command {
			input := in{"id": strategy(), "organization": s.council}
			s.made("strategySign", "strategy", input)
			return on(input)
		},
		"strategyProjectAdd": func() command { return on(in{"id": strategy(), "project": s.project()}) },
		"strategyProjectRemove": func() command {
			input := in{"id": strategy(), "project": s.project()}
			s.made("strategyProjectAdd", "strategy", input)
			return on(input)
		},
	}
}

// everyOfWorkshops has one working request for each mutation of workshops,
// consultations and documents.
func (s *stage) everyOfWorkshops() map[string]func() command {
	text := in{"ca": "Un text"}
	on := func(input in) command { return command{s.officer, input} }
	workshop := func() string {
		made, _ := s.workshop()
		return made
	}
	link := func() in { return in{"about": s.project(), "title": text, "url": "https://example.org/document"} }
	return map[string]func() command{
		"workshopCreate":    func() command { return on(s.theirs(in{"places": []string{s.council}})) },
		"workshopDuplicate": func() command { return on(in{"id": workshop()}) },
		"workshopMove":      func() command { return on(in{"id": workshop(), "to": "CLOSED"}) },
		"workshopCodeRenew": func() command { return on(in{"id": workshop()}) },
		"workshopGroupJoin": func() command {
			_, code := s.workshop()
			return command{anonymous, in{"code": code, "name": "Grup"}}
		},
		"workshopGroupRevoke": func() command {
			_, code := s.workshop()
			return on(in{"id": s.made("workshopGroupJoin", "group", in{"code": code, "name": "Grup"})})
		},
		"workshopEntryAdd": func() command {
			return on(in{"by": in{"workshop": workshop()}, "kind": "PRIORITY", "territory": s.council, "text": text})
		},
		"workshopEntryWithdraw": func() command {
			by, noted := s.priorities(1)
			return on(in{"by": by, "id": noted[0]})
		},
		"workshopPriorityMerge": func() command {
			by, noted := s.priorities(2)
			return on(in{"by": by, "priorities": noted})
		},
		"workshopPriorityProjectCreate": func() command {
			_, noted := s.priorities(1)
			return on(in{"priority": noted[0], "lead": s.council, "side": "PUBLIC"})
		},
		"priorConsultationCreate":     func() command { return on(s.theirs(nil)) },
		"priorConsultationFindingAdd": func() command { return on(in{"id": s.consultation(), "text": text}) },
		"priorConsultationEventLink": func() command {
			return on(in{"id": s.consultation(), "event": s.published(s.T, nil)})
		},
		"documentUploadCreate": func() command {
			return on(in{"about": s.project(), "title": text, "fileName": "x.pdf", "size": 10})
		},
		"documentLinkAdd":          func() command { return on(link()) },
		"documentWithdraw":         func() command { return on(in{"id": s.made("documentLinkAdd", "document", link())}) },
		"documentCollectionCreate": func() command { return on(s.theirs(nil)) },
	}
}
