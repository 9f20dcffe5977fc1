package app

import "github.com/teixit/teixit/internal/edge/gqldoc"

// costs says how many rows short lists without a page have, where the general
// guess is far too high: the way from a consultation to the tables that came of
// it is one question.
func costs() gqldoc.Costs {
	c := gqldoc.Costs{}
	for rows, fields := range map[int][]string{
		2: {"WorkshopPriority.territories", "WorkshopPriority.projects", "SharedProject.fromPriorities", "SharedProject.programmes", "SharedProject.strategies"},
		3: {"SharedProject.area", "SharedProject.places", "SharedProject.targetGroups"},
		5: {"Workshop.board", "WorkshopPriority.authors", "WorkshopPriority.merged", "WorkshopPriority.capacities", "SharedProject.partners", "PriorConsultation.findings"},
	} {
		for _, f := range fields {
			c[f] = gqldoc.Cost{Rows: rows}
		}
	}
	for _, of := range []string{"Event", "Workshop", "SharedProject", "PriorConsultation"} {
		c[of+".ledTo"] = gqldoc.Cost{Rows: 3}
		if of != "PriorConsultation" {
			c[of+".derivedFrom"] = gqldoc.Cost{Rows: 2}
		}
	}
	return c
}
