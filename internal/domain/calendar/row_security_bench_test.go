package calendar

import (
	"testing"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
)

// BenchmarkDelegates prints what the second line costs where it costs most: a
// block of 50 names, read by the organisers, by who registered it, and by a
// stranger, for whom every reason has to be tried; with row-level security and
// without.
func BenchmarkDelegates(b *testing.B) {
	for _, guarded := range []bool{true, false} {
		d := pgtest.URL(b)
		x := seatsIn(b, pgtest.Open(b, d), general(100))
		by := x.from("Entitat")
		r := x.registers(by, MaxBlock, WaitTogether)
		name := "guarded, "
		if !guarded {
			disableRowSecurity(b, d)
			name = "open, "
		}
		for who, v := range map[string]*access.Viewer{
			"organiser": x.organiser, "who registered": by, "stranger": x.from("Una altra"),
		} {
			b.Run(name+who, func(b *testing.B) {
				ctx, _ := audit.Collect(b.Context())
				for range b.N {
					if _, err := DelegatesOf(ctx, x.db.Read(), v, []id.ID{r.ID}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
