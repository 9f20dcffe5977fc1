package table

// Kinds of facts about a table. Their data is Fact.
const (
	FactCreated    = "TABLE_CREATED"
	FactProposed   = "TABLE_PROPOSED"
	FactApproved   = "TABLE_APPROVED"
	FactRejected   = "TABLE_REJECTED"
	FactUpdated    = "TABLE_UPDATED"
	FactEnded      = "TABLE_ENDED"
	FactMember     = "MEMBER_ADDED"
	FactMemberEnd  = "MEMBER_ENDED"
	FactSeat       = "SEAT_SET"
	FactSeatEnd    = "SEAT_CLEARED"
	FactOfficer    = "OFFICER_APPOINTED"
	FactOfficerEnd = "OFFICER_ENDED"

	FactJoinAsked     = "JOIN_ASKED"     // organisers only
	FactJoinAnswered  = "JOIN_ANSWERED"  // without saying whose request, or how
	FactJoinWithdrawn = "JOIN_WITHDRAWN" // organisers only

	FactSessionCreated   = "SESSION_CREATED" // organisers only, until it is called
	FactSessionUpdated   = "SESSION_UPDATED"
	FactSessionCalled    = "SESSION_CALLED"
	FactSessionOpened    = "SESSION_OPENED"
	FactSessionClosed    = "SESSION_CLOSED"
	FactSessionCancelled = "SESSION_CANCELLED"
	FactSessionRecorded  = "SESSION_RECORDED"
	FactCallAnswered     = "CALL_ANSWERED"
	FactArrived          = "ORGANIZATION_ARRIVED"
	FactLeft             = "ORGANIZATION_LEFT"
	FactQuorumReached    = "QUORUM_REACHED"
	FactQuorumLost       = "QUORUM_LOST"

	FactItemAdded   = "AGENDA_ITEM_ADDED"
	FactItemRemoved = "AGENDA_ITEM_REMOVED"
	FactItemOpened  = "AGENDA_ITEM_OPENED"
	FactItemClosed  = "AGENDA_ITEM_CLOSED"
	FactPaperAdded  = "PAPER_ADDED"

	FactAdopted    = "RESOLUTION_ADOPTED"
	FactNotAdopted = "RESOLUTION_NOT_ADOPTED"
	FactFollowed   = "RESOLUTION_FOLLOWED"

	FactMinutesDrafted    = "MINUTES_DRAFTED"    // organisers only
	FactMinutesWritten    = "MINUTES_WRITTEN"    // organisers only
	FactMinutesCirculated = "MINUTES_CIRCULATED" // members
	FactMinutesApproved   = "MINUTES_APPROVED"

	FactPollOpened   = "POLL_OPENED"
	FactPollAnswered = "POLL_ANSWERED"
	FactPollClosed   = "POLL_CLOSED"
)
