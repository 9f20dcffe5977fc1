package demo

import (
	"context"
	"fmt"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// actor is an invented person who acts for one organisation.
type actor struct {
	ID    id.ID
	Name  string
	For   id.ID
	Role  directory.ActingRole
	Place id.ID // where the organisation is
	// Supervisor is the town whose officers may verify the organisation, when it
	// is an association.
	Supervisor id.ID
}

// social tells that the actor speaks for an association.
func (a actor) social() bool { return a.Role == directory.Representative }

// delegateRole is in what quality the actor's delegates come.
func (a actor) delegateRole() calendar.DelegateRole {
	if a.social() {
		return calendar.RoleAssociation
	}
	return calendar.RolePublic
}

// The people whose tokens are shown. They do nothing by themselves, so that
// whoever plays one of them finds only what they did.
func terrassaOfficer() actor {
	return actor{
		ID: id.Named("demo:person:terrassa-officer"), Name: "Olga Invent Exemple (persona inventada)",
		For: town(terrassa), Role: directory.Officer, Place: town(terrassa),
	}
}

func dayOrganiser() actor {
	return actor{
		ID: id.Named("demo:person:sant-andreu-organiser"), Name: "Biel Prova Mostra (persona inventada)",
		For: santAndreuDistrict(), Role: directory.Officer, Place: district(santAndreu),
	}
}

func provincialOfficer() actor {
	return actor{
		ID: id.Named("demo:person:provincial-officer"), Name: "Neus Maqueta Assaig (persona inventada)",
		For: provincialCouncil(), Role: directory.Officer, Place: province(),
	}
}

// doorkeeper may check people in at one event and nothing else. She is added
// last and marks a complete network.
func doorkeeper() actor {
	return actor{
		ID: id.Named("demo:person:doorkeeper"), Name: "Duna Fictici Prova (persona inventada)",
		For: provincialCouncil(), Role: directory.Technician, Place: province(),
	}
}

// officers answer for fifteen town councils; the first is Terrassa's, who is
// one of the cast.
func officers() []actor {
	all := []actor{terrassaOfficer()}
	for i, code := range []string{
		hospitalet, badalona, sabadell, mataro, gramenet, cornella, santBoi, rubi, manresa,
		vilanova, granollers, vic, igualada, vilafranca,
	} {
		all = append(all, actor{
			ID: id.Named("demo:person:officer:" + code), Name: personName(i + 3),
			For: town(code), Role: directory.Officer, Place: town(code),
		})
	}
	return all
}

// representatives speak for sixty associations: all five of el Bon Pastor and
// twelve of Terrassa, then the first of each other place. The first of all is
// one of the cast.
func representatives() ([]actor, error) {
	all, err := associations()
	if err != nil {
		return nil, err
	}
	var chosen []actor
	for _, a := range all {
		most := map[string]int{bonPastor: 5, terrassa: 12}[a.code]
		if len(chosen) == 60 || a.nth >= max(1, most) {
			continue
		}
		chosen = append(chosen, actor{
			ID: id.Named("demo:person:representative:" + a.id().String()), Name: personName(20 + len(chosen)),
			For: a.id(), Role: directory.Representative, Place: a.place(), Supervisor: a.council(),
		})
	}
	chosen[0].Name = "Rosa Exemple Prova (persona inventada)"
	return chosen, nil
}

// crowd are the people who make registrations: every officer and
// representative but those of the cast.
func crowd() (councils, social []actor, err error) {
	social, err = representatives()
	if err != nil {
		return nil, nil, err
	}
	return officers()[1:], social[1:], nil
}

// spec gives the person a mail address that leads nowhere.
func (a actor) spec(n int) directory.PersonSpec {
	return directory.PersonSpec{
		ID: a.ID, Name: a.Name, For: a.For, Role: a.Role, Mail: fmt.Sprintf("persona-%02d@example.org", n+1),
	}
}

// loadPeople adds who acts for whom, and has the towns verify the associations
// that somebody speaks for.
func (l *loader) loadPeople(ctx context.Context) error {
	speakers, err := representatives()
	if err != nil {
		return err
	}
	people := append([]actor{dayOrganiser(), provincialOfficer()}, officers()...)
	people = append(people, speakers...)
	if err := l.addPeople(ctx, people); err != nil {
		return err
	}
	for _, a := range speakers {
		err := l.Directory.Verify(ctx, importing(a.Supervisor), "demo:verify:"+a.For.String(), a.For)
		if err != nil {
			return fmt.Errorf("verify an association: %w", err)
		}
	}
	return l.claim(ctx, speakers)
}

func (l *loader) addPeople(ctx context.Context, people []actor) error {
	return l.inTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		there, err := existing(ctx, tx.Native(), eachOf(people, func(a actor) id.ID { return a.ID }))
		if err != nil {
			return err
		}
		var missing []directory.PersonSpec
		for i, a := range people {
			if !there[a.ID] {
				missing = append(missing, a.spec(i))
			}
		}
		if len(missing) == 0 {
			return nil
		}
		_, err = directory.CreatePeople(ctx, tx, &access.Viewer{Person: importer()}, missing)
		return err
	})
}

// claim lets people of Terrassa claim further associations: three are granted,
// two wait for the officer.
func (l *loader) claim(ctx context.Context, speakers []actor) error {
	all, err := associations()
	if err != nil {
		return err
	}
	var free []association
	for _, a := range all {
		if a.code == terrassa && a.nth >= 12 {
			free = append(free, a)
		}
	}
	council := importing(town(terrassa))
	for i := range 5 {
		v, err := l.as(ctx, speakers[7+i])
		if err != nil {
			return err
		}
		key, claimed := fmt.Sprintf("demo:claim:%d", i), free[i].id()
		made, err := l.Directory.Claim(ctx, v, key, claimed)
		if err == nil && i < 3 {
			err = l.Directory.DecideClaim(ctx, council, key, directory.Decision{Association: claimed, Claim: made, Accept: true})
		}
		if err != nil {
			return fmt.Errorf("claim an association: %w", err)
		}
	}
	return nil
}

// as is the actor as a viewer, with the rights read from the database.
func (l *loader) as(ctx context.Context, a actor) (*access.Viewer, error) {
	if v := l.known[a.ID]; v != nil {
		return v, nil
	}
	v, err := viewerOf(ctx, l.DB.Read(), a)
	if err == nil {
		l.known[a.ID] = v
	}
	return v, err
}

func viewerOf(ctx context.Context, q postgres.Querier, a actor) (*access.Viewer, error) {
	v, err := auth.Viewer(ctx, q, a.ID, lang.CA)
	if err != nil {
		return nil, fmt.Errorf("read the rights of an invented person: %w", err)
	}
	v.For = a.For
	return v, nil
}

// openDoor adds the person at the door with her grant: the last step.
func (l *loader) openDoor(ctx context.Context, event id.ID) error {
	return l.inTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		a := doorkeeper()
		there, err := existing(ctx, tx.Native(), []id.ID{a.ID})
		if err != nil || there[a.ID] {
			return err
		}
		people := []directory.PersonSpec{a.spec(99)}
		if _, err := directory.CreatePeople(ctx, tx, &access.Viewer{Person: importer()}, people); err != nil {
			return err
		}
		return node.Connect(ctx, tx, node.Edge{
			Kind: node.HasRole, Role: "CHECK_IN", Source: a.ID, Target: event,
			RecordedBy: importer(), RecordedIn: event,
		})
	})
}
