package calendar

import (
	"context"
	"slices"
)

// lapseOne takes back one registration, or its offered seats. Who did not show
// that they read their mail is forgotten, with the names they gave.
func (d *desk) lapseOne(ctx context.Context, l lapsed) error {
	f, err := readFile(ctx, d.tx.Native(), d.event, l.registration)
	if err != nil {
		return err
	}
	gone := slices.DeleteFunc(f.live(), func(x fileDelegate) bool { return !slices.Contains(l.delegates, x.ID) })
	if len(gone) > 0 {
		if err := d.release(ctx, f, gone); err != nil {
			return err
		}
	}
	if !l.unconfirmed {
		return nil
	}
	if err := forget(ctx, d.tx.Native(), l.delegates); err != nil {
		return err
	}
	_, err = d.tx.Native().Exec(ctx, `
		with contact as (delete from registration_contacts where registration = $1),
		links as (delete from registration_links where registration = $1)
		update registrations set confirm_by = null where id = $1`, l.registration)
	return registrationError("forget who asked for seats", err)
}
