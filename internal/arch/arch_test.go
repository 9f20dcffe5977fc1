package arch_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/arch"
)

// The house as it stands.
func TestImportsKeepToTheWalls(t *testing.T) {
	t.Parallel()
	packages := list(t)
	if len(packages) < 10 {
		t.Fatalf("go list gave %d packages: the check would prove nothing", len(packages))
	}
	for _, offence := range arch.Check(packages) {
		t.Error(offence)
	}
}

// Negative control: edges that must be refused, and near ones that must not.
func TestCheckTellsOffences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		from, to string
		test     bool
		want     string // part of the reason; empty when allowed
	}{
		{"kernel to kernel", "internal/kernel/fault", "internal/kernel/lang", false, ""},
		{"kernel upwards", "internal/kernel/id", "internal/platform/node", false, "kernel may import kernel only"},
		{"platform to migrations", "internal/platform/postgres", "migrations", false, ""},
		{"platform to domain", "internal/platform/journal", "internal/domain/calendar", false, "platform may import"},
		{"ground to platform", "internal/ground/network", "internal/platform/node", false, ""},
		{"domain to platform", "internal/domain/calendar", "internal/platform/journal", false, ""},
		{"domain to another domain", "internal/domain/calendar", "internal/domain/directory", false, "domain packages do not import each other"},
		{"domain below domain", "internal/domain/calendar", "internal/domain/calendar/seats", false, "domain packages do not import each other"},
		{"domain to graph", "internal/domain/calendar", "graph/model", false, "domain may import"},
		{"domain test to itself", "internal/domain/calendar", "internal/domain/calendar", true, ""},
		{"domain test to another domain", "internal/domain/calendar", "internal/domain/directory", true, "domain packages do not import each other"},
		{"domain test to pgtest", "internal/domain/calendar", "internal/pgtest", true, ""},
		{"domain to pgtest", "internal/domain/calendar", "internal/pgtest", false, "domain may import"},
		{"domain test to hubtest", "internal/domain/calendar", "internal/hubtest", true, "tests of domain may import"},
		{"graph to domain", "graph", "internal/domain/calendar", false, ""},
		{"graph to generated", "graph", "graph/generated", false, ""},
		{"graph to edge", "graph", "internal/edge/gqlhttp", false, "graph may import"},
		{"edge to graph", "internal/edge/gqlws", "graph", false, "edge may import"},
		{"edge test to graph", "internal/edge/gqlws", "graph/generated", true, "tests of edge may import"},
		{"edge to web", "internal/edge/httpd", "web", false, ""},
		{"edge to domain", "internal/edge/gqlhttp", "internal/domain/calendar", false, "edge may import"},
		{"app to all", "internal/app", "graph", false, ""},
		{"app to hubtest", "internal/app", "internal/hubtest", false, "app may import"},
		{"app test to hubtest", "internal/app", "internal/hubtest", true, ""},
		{"app to cmd", "internal/app", "cmd/teixit", false, "app may import"},
		{"demo to app", "internal/demo", "internal/app", false, "demo may import"},
		{"cmd to app", "cmd/teixit", "internal/app", false, ""},
		{"cmd to domain", "cmd/teixit", "internal/domain/calendar", false, "cmd may import app only"},
		{"web is a leaf", "web", "internal/kernel/lang", false, "web may import nothing"},
		{"bench over the wire only", "bench/load", "internal/app", false, "bench may import"},
		{"bench to its network", "bench/queries", "bench/dataset", false, ""},
		{"a network is made by the domains", "bench/dataset", "internal/domain/calendar", false, ""},
		{"a network is not made by the hub", "bench/dataset", "internal/app", false, "dataset may import"},
		{"hubtest's tests to bench", "internal/hubtest/faults", "bench/seatload", true, ""},
		{"hubtest to bench", "internal/hubtest", "bench/seatload", false, "hubtest may import"},
		{"pgtest to app", "internal/pgtest", "internal/app", false, "pgtest may import"},
		{"no room", "internal/util", "internal/kernel/id", false, "stands in no room"},
		{"to no room", "internal/app", "internal/util", false, "stands in no room"},
		{"alike is not inside", "graphics", "schema", false, "stands in no room"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			expect(t, edge(c.from, arch.Module+"/"+c.to, c.test), c.want)
		})
	}
}

func TestCheckTellsBorders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, want string }{
		{"internal/kernel/id", "encoding/base64", ""},
		{"internal/kernel/id", "golang.org/x/text/language", "standard library only"},
		{"internal/domain/calendar", "github.com/uptrace/bun", ""},
		{"internal/domain/calendar", "github.com/99designs/gqlgen/graphql", "GraphQL ends at the edge"},
		{"internal/platform/live", "github.com/vektah/gqlparser/v2/ast", "GraphQL ends at the edge"},
		{"graph/generated", "github.com/99designs/gqlgen/graphql", ""},
		{"internal/edge/gqlws", "github.com/gorilla/websocket", ""},
		{"internal/edge/gqlhttp", "github.com/gorilla/websocket", "behind one package"},
		{"internal/app", "github.com/gorilla/websocket", "behind one package"},
		{"internal/hubtest", "github.com/gorilla/websocket", ""},
	} {
		t.Run(c.from+" "+c.to, func(t *testing.T) {
			t.Parallel()
			expect(t, edge(c.from, c.to, false), c.want)
		})
	}
}

// edge is a package with one import.
func edge(from, to string, test bool) arch.Package {
	p := arch.Package{ImportPath: arch.Module + "/" + from}
	if test {
		p.XTestImports = []string{to}
	} else {
		p.Imports = []string{to}
	}
	return p
}

func expect(t *testing.T, p arch.Package, want string) {
	t.Helper()
	offences := arch.Check([]arch.Package{p})
	switch {
	case want == "" && len(offences) > 0:
		t.Errorf("refused: %s", offences[0])
	case want != "" && len(offences) != 1:
		t.Errorf("got %d offences, want one with %q", len(offences), want)
	case want != "" && !strings.Contains(offences[0].String(), want):
		t.Errorf("got %q, want %q in it", offences[0], want)
	}
}

// list asks go list for every package of the module.
func list(t *testing.T) []arch.Package {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", arch.Module+"/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var packages []arch.Package
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p arch.Package
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}
