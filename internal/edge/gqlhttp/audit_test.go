package gqlhttp

import (
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAudit runs bench/audit against this handler where Node and the package
// graphql-http are installed; TestProtocol holds the same rules without them.
func TestAudit(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	from := os.Getenv("AUDIT_FROM")
	if from == "" {
		from = filepath.Join(root, "web", "package.json")
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(from), "node_modules", "graphql-http")); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the npm package graphql-http is not installed: npm ci --prefix web")
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", newHandler(t, standard(), Options{}))
	server := httptest.NewServer(mux)
	defer server.Close()

	command := exec.CommandContext(t.Context(), node, filepath.Join(root, "bench", "audit", "audit.mjs"), server.URL+"/graphql")
	command.Env = append(os.Environ(), "AUDIT_FROM="+from)
	out, err := command.CombinedOutput()
	t.Logf("%s", out)
	if err != nil || !strings.HasPrefix(string(out), "61 of 61 ok") {
		t.Errorf("audit: %v", err)
	}
}
