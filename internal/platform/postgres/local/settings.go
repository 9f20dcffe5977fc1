package local

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// settings are given on the command line at every start: they win over
// whatever stands in the data folder, and a new release of the hub changes them
// without touching files.
func settings(cfg Config, socketDir string, port int) map[string]string {
	s := map[string]string{
		"unix_socket_directories": quoteListItem(socketDir),
		"unix_socket_permissions": "0700",
		"listen_addresses":        "",
		"port":                    strconv.Itoa(port),
		"password_encryption":     "scram-sha-256",

		// A small machine that is not PostgreSQL's alone.
		"max_connections":      "200",
		"shared_buffers":       "256MB",
		"effective_cache_size": "1GB",
		"work_mem":             "8MB",
		"maintenance_work_mem": "128MB",
		"max_wal_size":         "1GB",
		"checkpoint_timeout":   "15min",
		"wal_compression":      "on",
		"random_page_cost":     "1.1", // solid-state disks
		"jit":                  "off", // costs more than it saves on short queries

		"fsync":              "on",
		"full_page_writes":   "on",
		"synchronous_commit": "on",

		"timezone":        "UTC",
		"log_timezone":    "UTC",
		"lc_messages":     "C", // the launcher reads them
		"datestyle":       "ISO, YMD",
		"log_checkpoints": "off",

		// Log lines go to the hub's log. Statements and the DETAIL of errors
		// hold people's names and mails, so neither is written.
		"log_destination":         "stderr",
		"logging_collector":       "off",
		"log_line_prefix":         "",
		"log_min_error_statement": "panic",
		"log_error_verbosity":     "terse",
	}
	if cfg.Port != 0 {
		s["listen_addresses"] = "127.0.0.1"
	}
	if cfg.Volatile {
		maps.Copy(s, map[string]string{
			"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off",
			"wal_compression": "off", "wal_level": "minimal", "max_wal_senders": "0",
			"shared_buffers": "128MB", "max_wal_size": "4GB",
		})
	}
	maps.Copy(s, cfg.Settings)
	return s
}

// arguments renders settings for the command line, in a stable order.
func arguments(settings map[string]string) []string {
	var args []string
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		args = append(args, "-c", name+"="+settings[name])
	}
	return args
}

// quoteListItem protects a path with a comma or blank in a list setting.
func quoteListItem(path string) string {
	return `"` + strings.ReplaceAll(path, `"`, `""`) + `"`
}
