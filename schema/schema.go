// Package schema embeds the public contract of the hub, one file per domain.
package schema

import "embed"

// FS holds the schema files.
//
//go:embed *.graphqls
var FS embed.FS
