package graph

import (
	"context"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// municipality finds a town by identifier or code. A code that cannot be one is
// told as such; one of no town of the province answers nothing.
func (r *Resolver) municipality(ctx context.Context, by model.MunicipalityRef) (*territory.Municipality, error) {
	viewer := access.From(ctx)
	if code := by.IneCode.Value(); code != nil {
		towns, err := territory.MunicipalitiesByINECodes(ctx, r.DB.Read(), viewer, []string{*code})
		return only(towns, under(err, "by", "ineCode"))
	}
	town, err := node.ParseOf(value(by.ID), node.Municipality)
	if err != nil {
		return nil, nil
	}
	return only(territory.MunicipalitiesByIDs(ctx, r.DB.Read(), viewer, []id.ID{town}))
}

func (r *Resolver) municipalityFilter(ctx context.Context, from *model.MunicipalityFilter) (f territory.Filter, err error) {
	if from == nil {
		return f, nil
	}
	var in input
	f = territory.Filter{
		Text:          value(from.Text),
		Comarca:       in.optional(from.Comarca.Value(), "filter.comarca", node.Comarca),
		PopulationMin: from.PopulationMin.Value(), PopulationMax: from.PopulationMax.Value(),
	}
	return f, in.visible(ctx, r.DB.Read())
}

func municipalityOrder(by *model.MunicipalityOrder) territory.Order {
	if by != nil && *by == model.MunicipalityOrderPopulationDesc {
		return territory.ByPopulationDescending
	}
	return territory.ByName
}
