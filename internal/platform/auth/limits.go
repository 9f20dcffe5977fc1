package auth

import (
	"context"
	"time"

	"github.com/teixit/teixit/internal/platform/rate"
)

var (
	codesPerMail    = rate.Limit{Name: "codes of a mail", Most: 5, Window: 15 * time.Minute}
	codesPerAddress = rate.Limit{Name: "codes for an address", Most: 200, Window: 15 * time.Minute}
	triesPerMail    = rate.Limit{Name: "tries of a mail", Most: 10, Window: 15 * time.Minute}
	triesADay       = rate.Limit{Name: "tries of a mail in a day", Most: 50, Window: 24 * time.Hour}
	triesPerAddress = rate.Limit{Name: "tries from an address", Most: 1000, Window: 15 * time.Minute}
	flowsPerAddress = rate.Limit{Name: "provider sign-ins from an address", Most: 500, Window: 15 * time.Minute}
	invitesPerHour  = rate.Limit{Name: "invitations by a person", Most: 60, Window: time.Hour}
	invitesPerMail  = rate.Limit{Name: "invitations to a mail", Most: 10, Window: 24 * time.Hour}
	acceptsPerHour  = rate.Limit{Name: "invitations tried by a person", Most: 30, Window: time.Hour}
	tokensPerHour   = rate.Limit{Name: "tokens made by a person", Most: 30, Window: time.Hour}
)

// CountFlow counts one sign-in that begins at a provider. The fault is TOO_OFTEN.
func (s *Accounts) CountFlow(ctx context.Context, from string) error {
	return flowsPerAddress.Take(ctx, s.db, from)
}
