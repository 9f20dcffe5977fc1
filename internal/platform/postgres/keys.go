package postgres

// Keys is parameter 1 of a level read, an array of identifiers, as PostgreSQL
// takes it without looking inside. Where it sees the array it finds, for each new
// one, a plan that is a little cheaper than the plan for any array, and so plans
// every time: a few tenths of a millisecond, several times what the reading takes.
// Lists with filters want to be planned for what is asked and do not use it, but for
// those that gather what belongs to something first (calendar.EventFilter).
const Keys = `(select $1::uuid[])::uuid[]`
