package model

import (
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/document"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/page"
)

// Node is anything with an identity in the network.
type Node interface{ IsNode() }

// Organization is any body of the network. A town council is its municipality.
type Organization interface {
	IsNode()
	IsOrganization()
}

// Pages of lists, as the schema names them.
type (
	MunicipalityConnection  = page.Connection[*territory.Municipality]
	MunicipalityEdge        = page.Edge[*territory.Municipality]
	DistrictConnection      = page.Connection[*territory.District]
	DistrictEdge            = page.Edge[*territory.District]
	NeighbourhoodConnection = page.Connection[*territory.Neighbourhood]
	NeighbourhoodEdge       = page.Edge[*territory.Neighbourhood]
	OrganizationConnection  = page.Connection[Organization]
	OrganizationEdge        = page.Edge[Organization]
	EventConnection         = page.Connection[*calendar.Event]
	EventEdge               = page.Edge[*calendar.Event]
	RegistrationConnection  = page.Connection[*calendar.Registration]
	RegistrationEdge        = page.Edge[*calendar.Registration]
	RosterEntryEdge         = page.Edge[*calendar.Expected]

	ParticipantImportConnection        = page.Connection[*calendar.Import]
	ParticipantImportEdge              = page.Edge[*calendar.Import]
	ParticipantImportProblemConnection = page.Connection[calendar.Problem]
	ParticipantImportProblemEdge       = page.Edge[calendar.Problem]

	WorkingTableConnection    = page.Connection[*table.Table]
	WorkingTableEdge          = page.Edge[*table.Table]
	TableSessionConnection    = page.Connection[*table.Session]
	TableSessionEdge          = page.Edge[*table.Session]
	TableResolutionConnection = page.Connection[*table.Resolution]
	TableResolutionEdge       = page.Edge[*table.Resolution]
	SharedProjectConnection   = page.Connection[*project.Project]
	SharedProjectEdge         = page.Edge[*project.Project]
	ProgrammeConnection       = page.Connection[*project.Programme]
	ProgrammeEdge             = page.Edge[*project.Programme]
	StrategyConnection        = page.Connection[*project.Strategy]
	StrategyEdge              = page.Edge[*project.Strategy]
	WorkshopConnection        = page.Connection[*workshop.Workshop]
	WorkshopEdge              = page.Edge[*workshop.Workshop]

	DocumentCollectionConnection = page.Connection[*document.Collection]
	DocumentCollectionEdge       = page.Edge[*document.Collection]
)
