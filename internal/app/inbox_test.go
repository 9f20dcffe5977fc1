package app

import (
	goast "go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Every kind of fact that a domain with words declares can be said, in three
// languages. A domain without the function Words says that there is news.
func TestFactsHaveWords(t *testing.T) {
	all := words()
	for kind, text := range all {
		if !text.Complete() {
			t.Errorf("%s is not said in every language", kind)
		}
	}
	checked := 0
	for room, kinds := range kindsByRoom(t) {
		for _, kind := range kinds {
			if _, ok := all[kind]; !ok {
				t.Errorf("%s: the fact %s has no words", room, kind)
			}
			checked++
		}
	}
	if checked < 40 {
		t.Errorf("only %d kinds of facts were found", checked)
	}
}

// kindsByRoom reads the constants Fact… of the domains that have words.
func kindsByRoom(t *testing.T) map[string][]string {
	t.Helper()
	says, kinds := map[string]bool{}, map[string][]string{}
	fact := regexp.MustCompile(`^Fact[A-Z]`)
	err := filepath.WalkDir(filepath.Join("..", "domain"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		room := filepath.Dir(path)
		goast.Inspect(file, func(n goast.Node) bool {
			switch n := n.(type) {
			case *goast.FuncDecl:
				says[room] = says[room] || n.Recv == nil && n.Name.Name == "Words"
			case *goast.ValueSpec:
				for i, name := range n.Names {
					if !fact.MatchString(name.Name) || i >= len(n.Values) {
						continue
					}
					if text, ok := n.Values[i].(*goast.BasicLit); ok {
						if kind, err := strconv.Unquote(text.Value); err == nil {
							kinds[room] = append(kinds[room], kind)
						}
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for room := range kinds {
		if !says[room] {
			delete(kinds, room)
		}
	}
	return kinds
}
