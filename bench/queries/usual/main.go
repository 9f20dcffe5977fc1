// Usual is what a competent team builds: gqlgen's executor, bun, a dataloader for
// each relation that waits a millisecond for more keys.
package main

import (
	"database/sql"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/bench/queries/usual/generated"
)

func main() {
	db := bun.NewDB(sql.OpenDB(connector()), pgdialect.New())
	conns, err := strconv.Atoi(os.Getenv("QUERIES_CONNS"))
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	server := handler.New(generated.NewExecutableSchema(generated.Config{Resolvers: &resolvers{db}}))
	server.AddTransport(transport.POST{})
	server.SetQueryCache(lru.New[*ast.QueryDocument](1000))
	mux := http.NewServeMux()
	mux.Handle("/graphql", withLoaders(db, server))
	l, err := net.Listen("tcp", os.Getenv("QUERIES_ADDR"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ready")
	log.Fatal((&http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}).Serve(l))
}

// connector takes the server from the environment, as libpq does.
func connector() *pgdriver.Connector {
	return pgdriver.NewConnector(
		pgdriver.WithNetwork("unix"), pgdriver.WithAddr(os.Getenv("PGHOST")+"/.s.PGSQL."+os.Getenv("PGPORT")), pgdriver.WithInsecure(true),
		pgdriver.WithUser(os.Getenv("PGUSER")), pgdriver.WithPassword(os.Getenv("PGPASSWORD")), pgdriver.WithDatabase(os.Getenv("PGDATABASE")),
		pgdriver.WithApplicationName(os.Getenv("PGAPPNAME")), pgdriver.WithReadTimeout(30*time.Second),
	)
}
