package demo

import (
	"context"
	"slices"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// The real bodies. Town councils are there already, as municipalities.
func provincialCouncil() id.ID  { return id.Named("demo:body:diputacio") }
func humanServices() id.ID      { return id.Named("demo:body:human-services") }
func civilRightsOffice() id.ID  { return id.Named("demo:body:civil-rights-office") }
func managementOffice() id.ID   { return id.Named("demo:body:management-office") }
func livingTogether() id.ID     { return id.Named("demo:body:living-together") }
func socialArea() id.ID         { return id.Named("demo:body:social-sustainability") }
func equalityPolicies() id.ID   { return id.Named("demo:body:equality-policies") }
func terrassaRights() id.ID     { return id.Named("demo:body:terrassa-social-rights") }
func santAndreuDistrict() id.ID { return id.Named("demo:body:districte-sant-andreu") }

// bodies are the real ones. A name exists in the languages in which the sources
// give it; none is translated on our own account. No dates are known, so none
// are given: that the older units of the provincial council were followed by
// the newer ones is not recorded, since the sources do not say by which.
func bodies() []directory.Spec {
	return append(provincialBodies(),
		office(terrassaRights(), town(terrassa), lang.Text{
			CA: "Drets Socials i Serveis a les Persones", ES: "Derechos Sociales y Servicios a las Personas",
			EN: "Social Rights and Services to People",
		}, towns(terrassa), nil),
		office(santAndreuDistrict(), town(barcelona), lang.Text{
			CA: "Districte de Sant Andreu", ES: "Distrito de Sant Andreu", EN: "Sant Andreu District",
		}, []id.ID{district(santAndreu)}, nil),
	)
}

func provincialBodies() []directory.Spec {
	everywhere := []id.ID{province()}
	return []directory.Spec{
		{
			ID: provincialCouncil(), Kind: node.Institution, InstitutionKind: directory.ProvincialCouncil,
			Title: lang.Text{
				CA: "Diputació de Barcelona", ES: "Diputación de Barcelona", EN: "Barcelona Provincial Council",
			},
			ActsIn: everywhere,
		},
		office(humanServices(), provincialCouncil(), lang.Text{EN: "Department of Human Services"}, everywhere, nil),
		office(civilRightsOffice(), humanServices(), lang.Text{EN: "Office for Equality and Civil Rights Policies"}, everywhere, nil),
		office(managementOffice(), civilRightsOffice(), lang.Text{
			CA: "Gerència de Serveis d'Igualtat i Ciutadania", EN: "Equality and Citizenship Services Management Office",
		}, everywhere, nil),
		office(livingTogether(), provincialCouncil(), lang.Text{
			EN: "Living Together, Diversity and Citizen Participation Service",
		}, everywhere, fields("COMMUNITY_ACTION", "INTERCULTURALITY")),
		office(socialArea(), provincialCouncil(), lang.Text{
			CA: "Àrea de Sostenibilitat Social, Cicle de Vida i Comunitat",
			ES: "Área de Sostenibilidad Social, Ciclo de Vida y Comunidad",
			EN: "Area of Social Sustainability, Life Cycle and Community",
		}, everywhere, fields("SOCIAL_SERVICES", "COMMUNITY_CARE", "DISABILITY", "LIFE_CYCLE",
			"INTERCULTURALITY", "EQUAL_TREATMENT", "COMMUNITY_ACTION")),
		office(equalityPolicies(), provincialCouncil(), lang.Text{EN: "Equality Policies Service"},
			everywhere, fields("GENDER_EQUALITY", "MALE_VIOLENCE", "LGBTI")),
	}
}

func office(self, whole id.ID, title lang.Text, actsIn, about []id.ID) directory.Spec {
	return directory.Spec{
		ID: self, Kind: node.PublicService, Title: title, PartOf: whole, ActsIn: actsIn, Fields: about,
	}
}

// loadBodies adds the real bodies and the invented associations.
func (l *loader) loadBodies(ctx context.Context) error {
	if err := l.begin(ctx); err != nil {
		return err
	}
	all, err := associations()
	if err != nil {
		return err
	}
	specs := bodies()
	for _, a := range all {
		specs = append(specs, a.spec(l.today))
	}
	// A transaction lasts five seconds at most, also on a busy machine.
	for portion := range slices.Chunk(specs, 100) {
		if err := l.addBodies(ctx, portion); err != nil {
			return err
		}
	}
	return nil
}

// addBodies adds those that are missing.
func (l *loader) addBodies(ctx context.Context, specs []directory.Spec) error {
	return l.inTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		there, err := existing(ctx, tx.Native(), eachOf(specs, func(s directory.Spec) id.ID { return s.ID }))
		if err != nil {
			return err
		}
		var missing []directory.Spec
		for _, s := range specs {
			if !there[s.ID] {
				missing = append(missing, s)
			}
		}
		_, err = directory.CreateMany(ctx, tx, &access.Viewer{Person: importer()}, missing)
		return err
	})
}
