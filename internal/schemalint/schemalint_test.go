package schemalint_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/schemalint"
	"github.com/teixit/teixit/schema"
)

// The contract itself.
func TestSchemaKeepsItsHabits(t *testing.T) {
	t.Parallel()
	for _, finding := range check(t, schema.FS) {
		t.Errorf("schema/%s", finding)
	}
}

func TestGoodSchemaHasNoFindings(t *testing.T) {
	t.Parallel()
	if got := check(t, os.DirFS("testdata")); len(got) > 0 {
		t.Errorf("findings in a schema without faults: %q", got)
	}
}

// Each case breaks the good schema in one place; the lint must say so, there,
// and say nothing else.
func TestEachFaultIsFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, before, after, want string }{
		{
			"type without description", "\"A chair.\"\ntype Chair ", "type Chair ",
			"chairs.graphqls:1: described: OBJECT Chair has no description",
		},
		{
			"field without description", "  \"Its colours.\"\n", "",
			"chairs.graphqls:5: described: field Chair.colours has no description",
		},
		{
			"blank description", "\"Its colours.\"", "\"  \"",
			"chairs.graphqls:6: described: field Chair.colours has no description",
		},
		{
			"argument without description", "    \"Page size.\"\n", "",
			"chairs.graphqls:67: described: argument Query.chairs(first:) has no description",
		},
		{
			"ID argument without description", "    \"Identifier of the chair.\"\n", "",
			"chairs.graphqls:85: described: argument Subscription.chairChanges(id:) (an ID: say of what) has no description",
		},
		{
			"input field without description", "  \"Colours; none leaves it plain.\"\n", "",
			"chairs.graphqls:33: described: field ChairPaintInput.colours has no description",
		},
		{
			"value without description", "  \"Anyone signed in.\"\n", "",
			"common.graphqls:9: described: value Who.SIGNED_IN has no description",
		},
		{
			"directive argument without description", "  \"Who may.\"\n", "",
			"common.graphqls:3: described: argument @access(who:) has no description",
		},
		{
			"type name", "interface UserError {\n  \"Stable name.\"\n  code: String!\n}", "interface UserError {\n  \"Stable name.\"\n  code: String!\n}\n\"Odd.\"\nscalar odd_name",
			"common.graphqls:31: named: SCALAR odd_name should be in PascalCase",
		},
		{
			"field name", "hasNextPage:", "has_next_page:",
			"common.graphqls:22: named: field PageInfo.has_next_page should be in camelCase",
		},
		{
			"value name", "  SIGNED_IN", "  signedIn",
			"common.graphqls:10: named: value Who.signedIn should be in SCREAMING_SNAKE",
		},
		{
			"nullable items", "colours: [String!]!", "colours: [String]!",
			"chairs.graphqls:6: listed: Chair.colours is [String]!: items are not null, or the description says when one is null",
		},
		{
			"nullable list", "colours: [String!]!", "colours: [String!]",
			"chairs.graphqls:6: listed: Chair.colours is [String!]: a list is not null, or the description says when it is null",
		},
		{
			"null not explained", "Who sits on it; null for who may not know.", "Who sits on it.",
			"chairs.graphqls:8: listed: Chair.sitters is [String!]: a list is not null, or the description says when it is null",
		},
		{
			"nullable items in an input", "colours: [String!]\n}", "colours: [String]\n}",
			"chairs.graphqls:34: listed: ChairPaintInput.colours is [String]: items are not null, or the description says when one is null",
		},
		{
			"connection without nodes", "  \"Without.\"\n  nodes: [Chair!]!\n", "",
			"chairs.graphqls:12: paged: ChairConnection has no field nodes: [Chair!]!",
		},
		{
			"connection without edges", "  \"With cursors.\"\n  edges: [ChairEdge!]!\n", "",
			"chairs.graphqls:12: paged: ChairConnection has no field edges: [ChairEdge!]!",
		},
		{
			"connection without pageInfo", "  \"What lies beyond.\"\n  pageInfo: PageInfo!\n", "",
			"chairs.graphqls:12: paged: ChairConnection has no field pageInfo: PageInfo!",
		},
		{
			"edge without cursor", "  \"Where it stands.\"\n  cursor: String!\n", "",
			"chairs.graphqls:22: paged: ChairEdge has no field cursor: String!",
		},
		{
			"connection field without after", "    \"Cursor to go on from.\"\n    after: String\n", "",
			"chairs.graphqls:66: paged: Query.chairs gives a connection and has no argument after",
		},
		{
			"mutation with a second argument", "input: ChairPaintInput!\n", "input: ChairPaintInput!\n    \"More.\"\n    more: Int\n",
			"chairs.graphqls:76: action: chairPaint takes one argument, input: ChairPaintInput!",
		},
		{
			"mutation with a nullable input", "input: ChairPaintInput!\n", "input: ChairPaintInput\n",
			"chairs.graphqls:76: action: chairPaint takes one argument, input: ChairPaintInput!",
		},
		{
			"mutation with another payload", ": ChairPaintPayload! @access", ": ChairPaintPayload @access",
			"chairs.graphqls:76: action: chairPaint returns ChairPaintPayload!",
		},
		{
			"mutation without access", " @access(who: SIGNED_IN)", "",
			"chairs.graphqls:76: guarded: chairPaint does not show who may (@access)",
		},
		{
			"payload without errors", "  \"What was wrong.\"\n  errors: [UserError!]!\n", "",
			"chairs.graphqls:38: payload: ChairPaintPayload has no field errors: [UserError!]!",
		},
		{
			"payload without result", "  \"The chair as painted; null with errors.\"\n  chair: Chair\n", "",
			"chairs.graphqls:38: payload: ChairPaintPayload has no result",
		},
		{
			"payload with a result that is not null", "  chair: Chair\n", "  chair: Chair!\n",
			"chairs.graphqls:40: payload: ChairPaintPayload.chair is Chair!: there is no result when there are errors",
		},
		{
			"stream without cursor", "  \"To resume from.\"\n  cursor: String!\n}\n\n\"A change.\"", "}\n\n\"A change.\"",
			"chairs.graphqls:49: resumable: ChairState, sent by chairChanges, has no cursor",
		},
		{
			"stream without after", "    \"The last cursor seen.\"\n    after: String\n", "",
			"chairs.graphqls:84: resumable: chairChanges has no argument after to resume from",
		},
		{
			"stream of nothing known", "): ChairMessage!", "): StoolMessage!",
			"chairs.graphqls:84: resolvable: chairChanges gives StoolMessage, which is not defined",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := check(t, broken(t, c.before, c.after))
			if diff := cmp.Diff([]string{c.want}, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// A verb first breaks three names at once, so it stands apart.
func TestVerbFirstIsFound(t *testing.T) {
	t.Parallel()
	got := check(t, broken(t, "  chairPaint(", "  paintChair("))
	want := []string{
		"chairs.graphqls:76: action: paintChair does not begin with a type of the schema (noun first: registrationCreate)",
		"chairs.graphqls:76: action: paintChair returns PaintChairPayload!",
		"chairs.graphqls:76: action: paintChair takes one argument, input: PaintChairInput!",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestUnreadableSchemaIsAnError(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]fs.FS{
		"no files":     fstest.MapFS{},
		"syntax error": fstest.MapFS{"a.graphqls": {Data: []byte("type {")}},
	} {
		if _, err := schemalint.Check(files); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func check(t *testing.T, files fs.FS) []string {
	t.Helper()
	findings, err := schemalint.Check(files)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, finding := range findings {
		lines = append(lines, finding.String())
	}
	return lines
}

// broken is the good schema with the first occurrence of a text replaced.
func broken(t *testing.T, before, after string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	replaced := false
	for _, name := range []string{"chairs.graphqls", "common.graphqls"} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		s := string(text)
		if !replaced && strings.Contains(s, before) {
			s, replaced = strings.Replace(s, before, after, 1), true
		}
		files[name] = &fstest.MapFile{Data: []byte(s)}
	}
	if !replaced {
		t.Fatalf("the good schema does not contain %q", before)
	}
	return files
}
