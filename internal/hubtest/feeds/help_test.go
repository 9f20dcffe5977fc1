package feeds_test

import (
	"context"
	"testing"

	"github.com/teixit/teixit/internal/domain/discussion"
	"github.com/teixit/teixit/internal/domain/inbox"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// digest does one round of digests.
func (w *world) digest() {
	w.Helper()
	key, err := auth.Secret(context.Background(), w.hub.DB.Read(), "mails turned off")
	w.ok(err)
	told := inbox.Told{Words: discussion.Words(), Comments: discussion.Kinds(), Off: mail.NewOff("https://teixit.example", key)}
	_, err = inbox.New(w.hub.DB, w.letters, "https://teixit.example", told).Send(context.Background())
	w.ok(err)
}

func render(t *testing.T, m mail.Message) string {
	t.Helper()
	letter, err := mail.Render(m)
	if err != nil {
		t.Fatal(err)
	}
	return letter.Subject + "\n" + letter.Text
}

// ask writes a fact that asks a body for something.
func (w *world) ask(topic, body id.ID) {
	w.Helper()
	w.ok(w.hub.DB.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, topic); err != nil {
			return err
		}
		return journal.Append(ctx, tx, topic, nil, journal.Fact{Kind: "TEST_ASKED", Level: access.Network, Asks: []id.ID{body}})
	}))
}
