// Package matrix_test is the generated matrix: who sees what, over every root
// field of the contract, by everybody, over every transport.
//
// # What is generated
//
// The documents are written from the schema: for every root field the ways to
// what is about a person (paths_test.go says how far they are walked), and all
// other fields once. Nobody types a selection. They are sent by everybody
// (roles, world_test.go) over POST, GET, WebSocket and server-sent events, about
// things of their own and of others. Everything that may not be seen by all
// carries a text that occurs nowhere else, or is betrayed by its identifier
// (judge_test.go). The whole answer is searched for these, byte by byte, also
// cursors and errors, and the place in the contract where one stands has to be
// one at which a row lets this reader see it. So a way that leads to somebody
// else's name is found whatever field it ends in.
//
// Besides, whoever gets something from a root field is compared with who should;
// what one may not see must be answered, to the letter, as what does not exist;
// every total must agree with the rows shown; and whoever should see a planted
// thing must have seen it, or the matrix proves nothing.
//
// # How it runs
//
// `make test` runs it in a step of its own, without the race detector (see
// race_test.go). Nothing depends on the order in which the roles come to ask, and
// no deadline on how fast the machine is.
//
// # How to add a domain
//
// Write rows_<domain>_test.go with a part (see rows_calendar_test.go) and name it
// in parts. A part has
//
//   - plant: makes the domain's things through its services, of the own and of
//     another body, open and hidden, and plants what only some may see:
//     w.plant("what it is", places{"Type.field": who}) gives a planted thing,
//     w.mark makes the text that betrays it, w.book.object lets identifiers do;
//   - queries: for each root field the arguments to ask with, and who gets
//     something. deep asks go all generated ways, others the short ones. Every
//     field of a filter has to be used by one of them;
//   - changes: for each mutation the inputs, who may, and with what others are
//     refused. made gives the input that is really carried out;
//   - streams: for each subscription what to follow and who may;
//   - columns: columns about people in which nothing is planted, and why.
//
// A root field without a row, a personal value at a place that no row knows, an
// argument that nobody asks with and a column about people in which nothing is
// planted each fail and say what to add.
package matrix_test

import (
	"runtime/debug"
	"testing"

	"github.com/teixit/teixit/internal/pgtest"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // answers come and go, and memory there is
	pgtest.Main(m)
}
