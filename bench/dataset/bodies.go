package dataset

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// portion is how many bodies one transaction adds.
const portion = 200

// shares says how many of n things each town has: by the root of its
// inhabitants, so that small towns have some and Barcelona not all.
func shares(towns []town, n int) []int {
	var sum float64
	for _, t := range towns {
		sum += math.Sqrt(float64(t.population))
	}
	all := make([]int, len(towns))
	var upTo float64
	given := 0
	for i, t := range towns {
		upTo += math.Sqrt(float64(t.population))
		all[i] = int(math.Round(float64(n)*upTo/sum)) - given
		given += all[i]
	}
	return all
}

func sorts() []string {
	return []string{
		"Associació de veïnes i veïns", "Casal de joves", "Associació de dones", "Xarxa de suport mutu",
		"Col·lectiu intercultural", "Grup de lleure", "Ateneu", "Associació de famílies",
	}
}

func themes() []id.ID {
	codes := []string{"COMMUNITY_ACTION", "LIFE_CYCLE", "GENDER_EQUALITY", "COMMUNITY_CARE", "INTERCULTURALITY", "SOCIAL_SERVICES", "DISABILITY", "EQUAL_TREATMENT"}
	all := make([]id.ID, len(codes))
	for i, code := range codes {
		all[i] = taxonomy.TermID(node.Field, code)
	}
	return all
}

func (l *loader) loadAssociations(ctx context.Context) error {
	var specs []directory.Spec
	for i, n := range shares(l.towns, l.many(associations)) {
		t := &l.towns[i]
		for nth := range n {
			s := l.association(t, nth)
			t.associations = append(t.associations, s.ID)
			specs = append(specs, s)
		}
	}
	for some := range slices.Chunk(specs, portion) {
		err := l.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := directory.CreateMany(ctx, tx, &access.Viewer{Person: importer()}, some)
			return err
		})
		if err != nil {
			return err
		}
		l.bar.add(len(some))
	}
	return nil
}

func (l *loader) association(t *town, nth int) directory.Spec {
	sort := nth % len(sorts())
	s := directory.Spec{
		ID: id.Named(fmt.Sprintf("bench:association:%s:%d", t.code, nth)), Kind: node.Association, Invented: true,
		Title:       lang.Text{CA: fmt.Sprintf("%s %d %s", sorts()[sort], nth+1, territory.Of(t.title))},
		Description: lang.Text{CA: "Entitat inventada per mesurar: no existeix.", ES: "Entidad inventada para medir: no existe.", EN: "Invented to measure with: it does not exist."},
		Mail:        fmt.Sprintf("entitat-%s-%d@example.org", t.code, nth+1),
		ActsIn:      []id.ID{t.id}, Fields: []id.ID{themes()[sort]},
	}
	if nth%6 == 0 {
		s.Identifiers = []directory.ExternalIdentifier{{Scheme: directory.MunicipalRegister, Value: fmt.Sprintf("%s/BENCH-%04d", t.code, nth+1)}}
	}
	return s
}

// withToken is how many officers get a token: as many as ask at once.
const withToken = 128

// loadOfficers adds somebody who answers for each town council.
func (l *loader) loadOfficers(ctx context.Context) error {
	people := make([]directory.PersonSpec, len(l.towns))
	mails := map[id.ID]string{}
	for i, t := range l.towns {
		people[i] = directory.PersonSpec{
			ID: officer(t), Name: fmt.Sprintf("Persona Inventada %d", i+1), For: t.id, Role: directory.Officer,
			Mail: fmt.Sprintf("persona-%d@example.org", i+1),
		}
		if i < withToken {
			mails[people[i].ID] = people[i].Mail
		}
	}
	err := l.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := directory.CreatePeople(ctx, tx, &access.Viewer{Person: importer()}, people); err != nil {
			return err
		}
		return auth.AddAccounts(ctx, tx, mails)
	})
	if err != nil {
		return err
	}
	return l.tokens(ctx)
}

func officer(t town) id.ID { return id.Named("bench:officer:" + t.code) }

// tokens makes what the officers' programs sign in with.
func (l *loader) tokens(ctx context.Context) error {
	accounts, err := auth.NewAccounts(ctx, l.db, auth.Options{})
	if err != nil {
		return err
	}
	var officers []Officer
	for _, t := range l.towns[:min(withToken, len(l.towns))] {
		v, err := auth.Viewer(ctx, l.db.Read(), officer(t), lang.CA)
		if err != nil {
			return err
		}
		_, text, err := accounts.CreateToken(ctx, v, "", auth.TokenSpec{
			Name: "bench", Scopes: []auth.Scope{auth.ScopeAll}, ExpiresAt: time.Now().Add(360 * 24 * time.Hour),
		})
		if err != nil {
			return err
		}
		officers = append(officers, Officer{Token: text, Town: node.Municipality.Global(t.id)})
	}
	return l.keep(officers)
}
