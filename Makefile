# Teixit: what one can do here. `make` alone lists it.

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset build test generate fmt lint clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## run the hub with the demonstration network (TEIXIT_ADDR, TEIXIT_DATA, DATABASE_URL)
	@scripts/demo.sh run

demo-reset: ## remove the demonstration's data; the next `make demo` starts afresh
	@scripts/demo.sh reset

build: ## build bin/teixit with the web client inside
	@scripts/build.sh

test: ## everything that must hold; about nine minutes on two cores
	@scripts/test.sh

generate: ## regenerate the GraphQL code from schema/
	@go tool gqlgen generate

fmt: ## format the Go code
	@scripts/format.sh -w

lint: ## format, vet, staticcheck, walls, schema and types, without running the tests
	@scripts/lint.sh

clean: ## remove what was built
	@rm -rf bin var web/node_modules
	@find web/dist -mindepth 1 ! -name .gitkeep -delete
