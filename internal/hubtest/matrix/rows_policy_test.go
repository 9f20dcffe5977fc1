package matrix_test

import (
	"context"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
)

func policyPart() part {
	return part{plant: plantPolicy, queries: askPolicy, changes: changePolicy}
}

// plantPolicy lets people claim associations, and an administrator look inside.
func plantPolicy(w *world) {
	w.claim("open claim", "orphan", stranger, roles{stranger, officer})
	w.claim("other claim", "other orphan", otherRep, roles{otherRep, otherOfficer})
	w.claim("rejected claim", "orphan", registered, roles{registered})
	reason := w.mark("why a claim was rejected", owned(registered, "Claim.reason"))
	w.exec(`update organization_claims set decided_at = now(), decided_by = $2, accepted = false, reason = $3 where id = $1`,
		w.node("rejected claim"), w.people[officer].id, "Perquè "+reason)

	w.glass("open", roles{officer, organiser})
	w.glass("club", itsVoice())
	w.glass("draft", roles{officer})
}

func (w *world) claim(name, body, by string, readers roles) {
	w.Helper()
	made, err := directory.New(w.hub.DB).Claim(context.Background(), w.viewer(by), "", w.node(body))
	w.ok(err)
	p := w.plant("the "+name, places{"Claim.id": readers}, nil)
	w.nodes[name] = made
	w.thing(name, directory.ClaimType.GlobalPart(w.node(body), made), made, p)
}

// glass was broken two hours ago: the administrator no longer sees inside.
func (w *world) glass(of string, readers roles) {
	w.Helper()
	v := id.New()
	p := w.plant("who looked into "+of, with(owned(admin, "Viewer.brokenGlass Glass.id", "Viewer.brokenGlass Glass.reason"),
		places{"Glass.id": readers, "Glass.reason": readers}), nil)
	w.book.object(p, v)
	w.people[admin].self.may["Viewer.brokenGlass Glass.administrator"] = roles{admin}
	w.exec(`insert into glass_breaks (id, node, person, reason, at, until)
		values ($1, $2, $3, $4, now() - interval '2 hours', now() - interval '100 minutes')`,
		v, w.node(of), w.people[admin].id, "Una denúncia inventada "+w.book.mark(p))
	if hidden := w.book.texts[w.node(of).String()]; hidden != nil { // what they looked into then is in the copy of their data
		hidden.may = with(hidden.may, owned(admin, "Viewer.brokenGlass Glass.id"))
	}
}

func askPolicy(w *world) map[string][]ask {
	of := func(name string, seen ...string) ask {
		return ask{args: in{"node": w.global(name)}, seen: seen, deep: name == "club"}
	}
	filtered := func(filter in) ask {
		return ask{args: in{"node": w.global("open"), "filter": filter}, seen: roles{officer, organiser}}
	}
	days, changes := filtered(in{"from": "2020-01-01", "until": "2199-12-31"}), filtered(in{"kind": "CHANGE"})
	return map[string][]ask{
		"glass": {
			of("open", officer, organiser), of("club", itsVoice()...), of("draft", officer), of("other club"), of("person: " + rep),
		},
		"auditTrail": {
			of("open", officer, organiser), of("sensitive", officer, organiser), of("draft", officer),
			of("of the club", itsVoice()...), of("club", itsVoice()...), of("terrassa", officer),
			days, changes,
		},
		"auditExport": {
			of("open", officer, organiser), of("draft", officer), of("of the club", itsVoice()...), of("club", itsVoice()...),
			days, changes,
		},
	}
}

func changePolicy(w *world) map[string]change {
	orphan := func(prefix string) func(w *world, role string, n int) in {
		return func(w *world, role string, n int) in {
			name := prefix + " " + role
			w.body(name, directory.Spec{Kind: node.Association, ActsIn: []id.ID{hubtest.Terrassa}})
			return in{"id": w.global(name)}
		}
	}
	w.people[colleague].self.may["Claim.name"] = roles{colleague, officer}
	for _, f := range []string{"administrator", "reason"} {
		w.people[admin].self.may["GlassBreakPayload.glass Glass."+f] = roles{admin}
	}
	return map[string]change{
		"associationClaim": {
			input: in{"id": w.global("orphan")}, may: but(signedIn(), program), by: roles{colleague}, made: orphan("to be claimed by"),
		},
		"claimDecide": {
			input: in{"id": w.global("open claim"), "accept": true}, may: roles{officer}, refused: []string{"DENIED", "NOT_FOUND"},
			hidden: []in{{"id": w.global("other claim"), "accept": true}},
			made: func(w *world, role string, n int) in {
				name := "decided by the " + role
				w.body(name, directory.Spec{Kind: node.Association, ActsIn: []id.ID{hubtest.Terrassa}})
				w.claim("claim "+name, name, coordinator, roles{coordinator, officer})
				return in{"id": w.global("claim " + name), "accept": false, "reason": "No us hi coneixen."}
			},
		},
		"associationVerify": {input: in{"id": w.global("orphan")}, may: roles{officer}},
		"glassBreak": {
			input: in{"node": w.global("open"), "reason": "Per curiositat de proves"}, may: roles{admin},
			hidden: []in{{"node": w.global("draft"), "reason": "Per curiositat de proves"}},
			made: func(w *world, role string, n int) in {
				input := w.spareEvent(true)(w, role, n+1000)
				return in{"node": input["id"], "reason": "Per curiositat de proves"}
			},
		},
	}
}
