package auth

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// AddAdmin gives the demonstration an administrator of the platform who reads
// this address. Done again it changes nothing.
func AddAdmin(ctx context.Context, tx *postgres.Tx, address, name string) error {
	if err := serial(ctx, tx, "account "+address); err != nil {
		return err
	}
	var there bool
	if err := tx.Native().QueryRow(ctx, `select exists (select from accounts where mail = $1)`, address).Scan(&there); err != nil {
		return wrap("look for the administrator", err)
	}
	if there {
		return nil
	}
	_, err := newAccount(ctx, tx, Account{Mail: &address, Language: lang.CA, Admin: true}, name)
	return err
}
