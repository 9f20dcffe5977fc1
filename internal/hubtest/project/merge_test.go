package project_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
)

const mergeBodies = `mutation($in: OrganizationMergeInput!) { organizationMerge(input: $in) { organization { id } errors { code path } } }`

// Two entries of one association become one: what either promised, paid and said
// is that of the one that stays, which takes part once, and leads where one of
// them led. Who watches is told, and nothing stays with the entry that ended.
func TestMergedPartners(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	both := in{"partners": []in{{"organization": w.club, "side": "SOCIAL"}, {"organization": w.otherClub, "side": "PUBLIC"}}}
	p := w.call(w.project(both), "project")
	led := w.call(w.ask(w.rep, createProject, in{"in": in{"lead": w.club, "side": "SOCIAL", "title": in{"ca": "Hort"}, "partners": []in{{"organization": w.otherClub, "side": "SOCIAL"}}}}, "sharedProjectCreate.project.id"), "led")
	promise := func(partner, text string) string {
		return w.ask(w.officer, addCommitment, in{"in": in{"project": p, "partner": partner, "text": in{"ca": text}}}, "partnerCommitmentAdd.commitment.id")
	}
	promise(w.club, "Tallers")
	handed := promise(w.town, "Local")
	w.exec(`insert into partner_commitment_moves (commitment, n, from_partner, to_partner, moved_by)
		select c.id, m.n, m.a, m.b, c.created_by from partner_commitments c,
		(values (1, $1::uuid, $2::uuid), (2, $2, $3)) m(n, a, b) where c.text->>'ca' = 'Local'`, w.uuid(w.club), w.uuid(w.otherClub), hubtest.Terrassa)
	w.ask(w.officer, `mutation($in: ProjectFundingSetInput!) { projectFundingSet(input: $in) { project { id } errors { code } } }`,
		in{"in": in{"project": p, "sources": []in{{"source": in{"ca": "Quotes"}, "organization": w.club, "euros": "100"}}}}, "")
	w.ask(w.rep, addNote, in{"in": in{"project": p, "text": in{"ca": "Hi som"}, "internal": false}}, "")
	watching := w.follow(w.officer, p, "")
	watching.next()

	w.want(w.officer, mergeBodies, in{"in": in{"from": w.club, "into": w.otherClub}}, `{"data":{"organizationMerge":{"organization":{"id":"<other club>"},"errors":[]}}}`)
	if c := watching.next(); c.Kind != "PROJECT_UPDATED" || c.Organization == nil || c.Organization.Name != "Entitat Dues" {
		t.Errorf("who watches is told %+v", c)
	}
	query := `query($id: ID!) { sharedProject(id: $id) { partners { organization { id } lead side } commitments { text partner { id } moves { from { id } to { id } } } funding { organization { id } } notes { text } } }`
	w.want(w.rep, query, in{"id": p}, `{"data":{"sharedProject":{
		"partners":[{"organization":{"id":"<terrassa>"},"lead":true,"side":"PUBLIC"},{"organization":{"id":"<other club>"},"lead":false,"side":"PUBLIC"}],
		"commitments":[{"text":"Tallers","partner":{"id":"<other club>"},"moves":[]},{"text":"Local","partner":{"id":"<terrassa>"},"moves":[{"from":{"id":"<other club>"},"to":{"id":"<terrassa>"}}]}],
		"funding":[{"organization":{"id":"<other club>"}}],"notes":[{"text":"Hi som"}]}}}`)
	w.want(w.otherRep, query, in{"id": led}, `{"data":{"sharedProject":{"partners":[{"organization":{"id":"<other club>"},"lead":true,"side":"SOCIAL"}],"commitments":[],"funding":[],"notes":[]}}}`)
	w.want(w.otherRep, `query($id: ID!) { sharedProject(id: $id) { viewerCanOrganise { allowed } } }`, in{"id": led}, `{"data":{"sharedProject":{"viewerCanOrganise":{"allowed":true}}}}`)
	w.nothingLeft(w.club)
	// What is handed on afterwards has the next number, whatever was made one.
	w.ask(w.officer, `mutation($in: ProjectPartnerAddInput!) { projectPartnerAdd(input: $in) { project { id } errors { code } } }`, in{"in": in{"project": p, "organization": w.town2(), "side": "PUBLIC"}}, "")
	w.ask(w.officer, leaveProject, in{"in": in{"project": p, "organization": w.town, "newLead": w.otherClub, "reassign": []in{{"commitment": handed, "to": w.otherClub}}}}, "")
}

func (w *world) uuid(global string) id.ID {
	w.Helper()
	of, err := node.ParseOf(global, node.Association)
	if err != nil {
		w.Fatal(err)
	}
	return of
}

// town2 is another town that takes part.
func (w *world) town2() string { return node.Municipality.Global(hubtest.Barcelona) }

// nothingLeft: no column of projects, workshops, documents or tables that refers
// to a thing names the entry that ended.
func (w *world) nothingLeft(global string) {
	w.Helper()
	rows, err := w.hub.DB.Read().Query(w.Context(), `
		select c.conrelid::regclass::text, a.attname from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
		where c.contype = 'f' and c.confrelid = 'nodes'::regclass and c.conrelid::regclass::text ~ '^(shared_|partner_|project_|programmes|strategies|workshop|prior_|consultation_|document|table_|working_)'`)
	if err != nil {
		w.Fatal(err)
	}
	var table, column string
	var counts []string
	for rows.Next() {
		if err := rows.Scan(&table, &column); err != nil {
			w.Fatal(err)
		}
		counts = append(counts, fmt.Sprintf("(select count(*) from %s where %s = $1)", table, column))
	}
	if rows.Err() != nil || len(counts) < 20 {
		w.Fatalf("%d columns, %v", len(counts), rows.Err())
	}
	var left int
	if err := w.hub.DB.Read().QueryRow(w.Context(), "select "+strings.Join(counts, " + "), w.uuid(global)).Scan(&left); err != nil || left != 0 {
		w.Errorf("%d rows still name the entry that ended, %v", left, err)
	}
}
