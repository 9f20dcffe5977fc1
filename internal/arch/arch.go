// Package arch holds the walls of the house: which room may import which.
//
// The direction is kernel ← platform ← ground ← domain ← graph ← edge ← app ←
// cmd. Nothing points back, domain packages do not see each other, and only app
// sees everything. Tests may use a little more than the code they test: a
// database (pgtest), a network that can be cut (nettest), and, from graph
// upwards, a whole hub (hubtest).
//
// The rules are two tables, rooms and borders; the test of this package applies
// them to what `go list` says about the module.
package arch

import (
	"fmt"
	"slices"
	"strings"
)

// Module is the import path of this module.
const Module = "github.com/teixit/teixit"

// Package is what `go list -json` tells of one package, as far as needed.
type Package struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// Offence is an import that goes through a wall.
type Offence struct {
	From, To string
	Reason   string
}

// String gives the edge and why it is not allowed.
func (o Offence) String() string {
	return fmt.Sprintf("%s -> %s: %s", short(o.From), short(o.To), o.Reason)
}

// room is one line of the table of allowed edges. Every package stands in one
// room, found by the longest prefix of its path.
type room struct {
	name   string
	prefix string // of the path below the module
	may    string // rooms its code may import
	tests  string // rooms its tests may import besides
}

// rooms is the table. A room may not import itself unless it says so.
func rooms() []room {
	const testing = "pgtest nettest"
	return []room{
		{"kernel", "internal/kernel", "kernel", ""},
		{"migrations", "migrations", "", ""},
		{"schema", "schema", "", ""},
		{"web", "web", "", ""},
		{"platform", "internal/platform", "kernel platform migrations", testing},
		{"ground", "internal/ground", "kernel platform ground", testing},
		{"domain", "internal/domain", "kernel platform ground", testing},
		{"graph", "graph", "kernel platform ground domain graph schema", testing + " hubtest edge"},
		{"edge", "internal/edge", "kernel platform edge schema web", testing + " hubtest"},
		{"config", "internal/config", "kernel platform", testing},
		{"demo", "internal/demo", "kernel platform ground domain demo", testing},
		{"app", "internal/app", "kernel platform ground domain graph edge config demo migrations schema web app", testing + " hubtest"},
		{"cmd", "cmd", "app", testing + " hubtest"},
		{"bench", "bench", "bench dataset", ""},
		// Fills a database, which is not over the wire; what measures is.
		{"dataset", "bench/dataset", "kernel platform ground domain", ""},
		// What only tests and checks use.
		{"nettest", "internal/nettest", "kernel", ""},
		{"pgtest", "internal/pgtest", "kernel platform migrations", ""},
		{"hubtest", "internal/hubtest", "kernel platform ground domain graph edge config demo app migrations schema web nettest pgtest hubtest", "bench"},
		{"arch", "internal/arch", "", ""},
		{"schemalint", "internal/schemalint", "", "schema"},
	}
}

// border keeps a part from outside the module behind the rooms that own it.
type border struct {
	part  string // prefix of the import path
	rooms string // path prefixes that may import it
	why   string
}

func borders() []border {
	return []border{
		{"github.com/99designs/gqlgen", "graph internal/edge internal/app internal/hubtest", "GraphQL ends at the edge"},
		{"github.com/vektah/gqlparser", "graph internal/edge internal/app internal/hubtest internal/schemalint", "GraphQL ends at the edge"},
		{"github.com/gorilla/websocket", "internal/edge/gqlws internal/hubtest bench", "the WebSocket library stands behind one package"},
		{"github.com/riverqueue/river", "internal/platform/jobs", "the queue stands behind one package"},
		{"github.com/wneessen/go-mail", "internal/platform/mail", "the mail library stands behind one package"},
		{"github.com/arran4/golang-ical", "internal/platform/ics", "calendar files are written in one package"},
		{"github.com/xuri/excelize", "internal/platform/sheet", "the workbook library stands behind one package"},
		{"github.com/minio/minio-go", "internal/platform/blob", "object storage stands behind one package"},
		{"github.com/caarlos0/env", "internal/config", "config alone reads the environment"},
	}
}

// Check applies the tables to the packages of the module and returns every
// offending edge.
func Check(packages []Package) []Offence {
	var found []Offence
	for _, p := range packages {
		home, ok := roomOf(p.ImportPath)
		if !ok {
			found = append(found, Offence{p.ImportPath, p.ImportPath, "stands in no room: give it a line in the table of rooms"})
			continue
		}
		for _, to := range p.Imports {
			found = appendOffence(found, home, p.ImportPath, to, false)
		}
		for _, to := range slices.Concat(p.TestImports, p.XTestImports) {
			found = appendOffence(found, home, p.ImportPath, to, true)
		}
	}
	return found
}

func appendOffence(found []Offence, home room, from, to string, test bool) []Offence {
	reason := ""
	if inside(to, Module) {
		reason = wall(home, from, to, test)
	} else if !test {
		reason = abroad(home, from, to)
	}
	if reason == "" {
		return found
	}
	return append(found, Offence{from, to, reason})
}

// wall says why one package of the module may not import another, or "".
func wall(home room, from, to string, test bool) string {
	target, ok := roomOf(to)
	allowed := strings.Fields(home.may)
	if test {
		allowed = append(allowed, strings.Fields(home.tests)...)
	}
	switch {
	case !ok:
		return "the imported package stands in no room"
	case test && from == to, slices.Contains(allowed, target.name):
		return ""
	case home.name == target.name:
		return home.name + " packages do not import each other"
	case test:
		return fmt.Sprintf("tests of %s may import %s", home.name, list(allowed))
	default:
		return fmt.Sprintf("%s may import %s", home.name, list(allowed))
	}
}

// abroad says why a part from outside may not be imported here, or "".
func abroad(home room, from, to string) string {
	standard := !strings.Contains(strings.SplitN(to, "/", 2)[0], ".")
	if home.name == "kernel" && !standard {
		return "kernel uses the standard library only"
	}
	for _, b := range borders() {
		if !inside(to, b.part) {
			continue
		}
		allowed := func(prefix string) bool { return inside(short(from), prefix) }
		if !slices.ContainsFunc(strings.Fields(b.rooms), allowed) {
			return b.why
		}
	}
	return ""
}

// roomOf finds the room whose prefix is the longest that fits.
func roomOf(importPath string) (room, bool) {
	var best room
	for _, r := range rooms() {
		if inside(short(importPath), r.prefix) && len(r.prefix) > len(best.prefix) {
			best = r
		}
	}
	return best, best.name != ""
}

// inside tells whether a path is the prefix or lies below it.
func inside(path, prefix string) bool {
	return path == prefix || strings.HasPrefix(path, prefix+"/")
}

func short(importPath string) string {
	return strings.TrimPrefix(importPath, Module+"/")
}

func list(names []string) string {
	if len(names) == 0 {
		return "nothing of this module"
	}
	return strings.Join(names, ", ") + " only"
}
