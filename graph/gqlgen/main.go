// Command gqlgen is gqlgen with one plugin more: besides the executor it
// generates the encoders of package engine, from the same schema and the same
// Go types bound to it. `go tool gqlgen generate` runs it.
package main

import (
	"fmt"
	"io"
	"log"
	"os"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
)

func main() {
	if len(os.Args) != 2 || os.Args[1] != "generate" {
		fail("usage: go tool gqlgen generate")
	}
	log.SetOutput(io.Discard) // gqlgen says of each field how it found it
	cfg, err := config.LoadConfigFromDefaultLocations()
	if err != nil {
		fail(err)
	}
	if err := api.Generate(cfg, api.AddPlugin(encoders{})); err != nil {
		fail(err)
	}
}

func fail(why any) {
	fmt.Fprintln(os.Stderr, "gqlgen:", why)
	os.Exit(1)
}
