package app

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/teixit/teixit/schema"
)

// publicSchema is the contract as one document.
func publicSchema() (string, error) {
	files, err := fs.Glob(schema.FS, "*.graphqls")
	if err != nil {
		return "", err
	}
	var all strings.Builder
	for _, name := range files {
		text, err := schema.FS.ReadFile(name)
		if err != nil {
			return "", fmt.Errorf("read the schema: %w", err)
		}
		all.Write(text)
		all.WriteByte('\n')
	}
	return all.String(), nil
}
