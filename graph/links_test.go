package graph

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// The read engine takes a link's value from its slot and does not ask the
// resolver: that is right only as long as every link's resolver does nothing else.
func TestLinkResolversOnlyTakeOut(t *testing.T) {
	bodies := resolverBodies(t)
	for name := range (&Resolver{}).links() {
		object, field, _ := strings.Cut(name, ".")
		body := bodies[strings.ToLower(object+"resolver."+field)]
		if body == nil {
			t.Errorf("no resolver for the link %s", name)
			continue
		}
		if !takesOut(body) && !judges()[name] {
			t.Errorf("the resolver of the link %s does more than take its slot out", name)
		}
	}
}

// judges are links whose slot holds what the resolver judges by, of another type
// than it answers: the engine finds no answer in the slot and asks the resolver.
func judges() map[string]bool {
	return map[string]bool{"Registration.viewerCanCancel": true, "Registration.viewerCanReplace": true}
}

// resolverBodies are those of all resolver methods, by receiver and name.
func resolverBodies(t *testing.T) map[string]*ast.BlockStmt {
	t.Helper()
	files, err := filepath.Glob("*.resolvers.go")
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]*ast.BlockStmt{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil {
				continue
			}
			if star, ok := f.Recv.List[0].Type.(*ast.StarExpr); ok {
				bodies[strings.ToLower(star.X.(*ast.Ident).Name+"."+f.Name.Name)] = f.Body
			}
		}
	}
	return bodies
}

// takesOut tells whether a body is `return loaded[…](ctx, obj)`.
func takesOut(body *ast.BlockStmt) bool {
	if len(body.List) != 1 {
		return false
	}
	answer, ok := body.List[0].(*ast.ReturnStmt)
	if !ok || len(answer.Results) != 1 {
		return false
	}
	call, ok := answer.Results[0].(*ast.CallExpr)
	if !ok {
		return false
	}
	generic, ok := call.Fun.(*ast.IndexExpr)
	if !ok {
		return false
	}
	name, ok := generic.X.(*ast.Ident)
	return ok && name.Name == "loaded"
}
