package matrix_test

import (
	"slices"

	"github.com/teixit/teixit/internal/domain/network"
)

func networkPart() part {
	return part{queries: askNetwork, streams: followNetwork}
}

// askNetwork asks for the neighbours of things that not everybody sees, and of
// places and bodies beside which such things stand.
func askNetwork(w *world) map[string][]ask {
	of := func(name string, seen roles, more ...any) ask {
		args := in{"of": w.global(name)}
		for i := 0; i+1 < len(more); i += 2 {
			args[more[i].(string)] = more[i+1]
		}
		return ask{args: args, seen: seen}
	}
	deep := func(a ask) ask {
		a.deep = true
		return a
	}
	asks := []ask{
		deep(of("terrassa", everybody(), "relations", []string{"HELD_HERE"})), of("terrassa", everybody()), of("barcelona", everybody()), of("club", everybody()), of("other club", everybody()),
		of("province", nil), of("field", everybody()), of("open", everybody()), of("sensitive", everybody()),
		of("draft", roles{officer}), of("of the club", clubPeople()), of("of another town", roles{otherOfficer}),
		of("open table", everybody()), of("hidden table", hiddenPeople()), of("table of the club", clubPeople()),
		of("open project", everybody()), of("hidden project", hiddenPeople()), of("open workshop", everybody()),
		of("hidden workshop", hiddenPeople()), of("person: "+rep, nil), of("terrassa", everybody(), "asOf", "2026-01-01"),
		of("terrassa", everybody(), "relations", []string{"PART_OF"}, "first", 1),
	}
	for at := range slices.Chunk(network.Relations(), 4) {
		seen := everybody()
		if at[0] == "DERIVED_FROM" { // a town came of nothing
			seen = nil
		}
		asks = append(asks, of("terrassa", seen, "relations", at))
	}
	filter := func(f in) ask { return ask{args: in{"filter": f}, seen: everybody()} }
	return map[string][]ask{
		"neighbours": asks,
		"happenings": {
			{args: in{}, seen: everybody(), deep: true},
			filter(in{"about": []string{w.global("field")}}), filter(in{"text": "inventat"}),
			filter(in{"eventKinds": []string{"CONFERENCE_DAY"}}), filter(in{"from": "2020-01-01"}), filter(in{"until": "2090-01-01"}),
		},
	}
}

func followNetwork(w *world) map[string][]follow {
	of := func(name, event string, seen roles) follow {
		return follow{args: in{"id": w.things[name]}, seen: seen, deep: true, happens: func() { w.happens(event) }}
	}
	return map[string][]follow{
		"registrationStanding": {
			of("own block", "open", and(clubPeople(), officer, organiser, registered)),
			of("other block", "open", roles{officer, organiser, otherRep}),
		},
	}
}
