package demo

import (
	"fmt"
	"time"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
)

// association is one invented association on its way into the network.
type association struct {
	share
	index   int   // among all
	nth     int   // in its place, from 0
	another id.ID // a second place where some of them act
}

// associations lists the invented ones, place by place. The order and all that
// follows from it is the same in every hub.
func associations() ([]association, error) {
	shares, err := spread()
	if err != nil {
		return nil, err
	}
	var all []association
	for i, s := range shares {
		for n := range s.count {
			all = append(all, association{
				share: s, index: len(all), nth: n, another: shares[(i+1)%len(shares)].place(),
			})
		}
	}
	return all, nil
}

func (a association) id() id.ID {
	return id.Named(fmt.Sprintf("demo:association:%s:%s:%d", a.kind, a.code, a.nth))
}

// sort is what sort of association it is.
func (a association) sort() sort { return sorts()[a.index%len(sorts())] }

// title joins the sort, a name out of the box and the place. No two are the
// same: within a sort the names out of the box differ, by as many as there are
// rounds through the sorts.
func (a association) title() string {
	round, box := a.index/len(sorts()), nameBox()
	name := box[(round+3*(a.index%len(sorts())))%len(box)]
	return a.sort().title + " " + name + " " + territory.Of(a.name)
}

func (a association) spec(today time.Time) directory.Spec {
	s := directory.Spec{
		ID: a.id(), Kind: node.Association, Invented: true,
		Title:            lang.Text{CA: a.title()},
		Description:      a.description(),
		LegalPersonality: a.legalPersonality(),
		Mail:             fmt.Sprintf("entitat-%03d@example.org", a.index+1),
		Capacities:       a.capacities(),
		ActsIn:           []id.ID{a.place()},
		Fields:           fields(a.sort().fields...),
	}
	if a.index%10 == 9 {
		s.ActsIn = append(s.ActsIn, a.another)
	}
	if a.index%6 == 0 {
		// No register gives numbers of this form.
		number := fmt.Sprintf("%s/DEMO-%04d", a.ine(), a.index+1)
		s.Identifiers = []directory.ExternalIdentifier{{Scheme: directory.MunicipalRegister, Value: number}}
	}
	if a.index%9 == 0 {
		s.Links = []directory.NewLink{{
			URL:   fmt.Sprintf("https://example.org/demo/entitat-%03d", a.index+1),
			Label: lang.Text{CA: "Pàgina de demostració", ES: "Página de demostración", EN: "Demonstration page"},
		}}
	}
	s.BoardFrom, s.BoardUntil = a.board(today)
	return s
}

func (a association) description() lang.Text {
	about := a.sort().about
	return lang.Text{
		CA: about.CA + " Entitat inventada per a la xarxa de demostració: no existeix.",
		ES: about.ES + " Entidad inventada para la red de demostración: no existe.",
		EN: about.EN + " An association invented for the demonstration network: it does not exist.",
	}
}

// legalPersonality is not known of some, and some have none.
func (a association) legalPersonality() *bool {
	if a.index%5 == 4 {
		return nil
	}
	return new(a.index%7 != 6)
}

// board is a term of four years. One in eight has lapsed, one in three is not
// recorded.
func (a association) board(today time.Time) (from, until *time.Time) {
	months := a.index%40 + 1
	switch {
	case a.index%8 == 5:
		months = 48 + a.index%11 + 1
	case a.index%3 == 0:
		return nil, nil
	}
	first := time.Date(today.Year(), today.Month()-time.Month(months), 1+a.index%27, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(4, 0, -1)
	return &first, &last
}

// capacities are what it can lend or do for others.
func (a association) capacities() []lang.Text {
	if a.index%4 != 1 {
		return nil
	}
	all := capacities()
	first := a.index / 4 % len(all)
	if a.index%3 == 0 {
		return []lang.Text{all[first], all[(first+2)%len(all)]}
	}
	return []lang.Text{all[first]}
}
