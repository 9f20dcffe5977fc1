package gqldoc

import (
	"context"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
)

func TestExecutorTakesOnlyPreparedDocuments(t *testing.T) {
	p := newPreparer(t, func(l *Limits) { l.CacheBytes = 0 }) // what is dropped from the cache is still carried
	exec := executor.New(&graphql.ExecutableSchemaMock{SchemaFunc: testSchema})
	Attach(exec)
	ctx := context.Background()

	prepared, errs := prepare(t, p, "query($n:Int=3){events(first:$n){totalCount}}", nil)
	if errs != nil {
		t.Fatal(errs)
	}
	opCtx, errs := prepared.OperationContext(ctx, exec, nil)
	if errs != nil {
		t.Fatal(errs)
	}
	if opCtx.Doc != prepared.Document || opCtx.Operation != prepared.Operation {
		t.Error("the executor parsed again")
	}
	if got := opCtx.Variables["n"]; got != int64(3) {
		t.Errorf("n is %v", got)
	}
	if _, errs := exec.CreateOperationContext(graphql.StartOperationTrace(ctx), &graphql.RawParams{Query: "{me}"}); errs == nil {
		t.Error("a document that was not prepared may be executed")
	}
}
