package calendar

import (
	"errors"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/platform/access"
)

// Where taking part is delicate by itself, a refusal must not tell the count
// that the event does not show. The names are those of the refusals that count.
var (
	errTooFewUncounted = fault.Define(ErrNotEnoughSeats.Kind, ErrNotEnoughSeats.Name,
		"No queden prou places. No us hem inscrit, com heu demanat.",
		"No quedan suficientes plazas. No le hemos inscrito, como ha pedido.",
		"There are not enough seats. You were not registered, as you chose.")
	errTooLargeUncounted = fault.Define(ErrBlockTooLarge.Kind, ErrBlockTooLarge.Name,
		"Inscriviu més persones que places té el grup de places.",
		"Inscribe a más personas que plazas tiene el grupo de plazas.",
		"You are registering more people than the pool has seats.")
)

// discreet takes the counts out of a refusal for who does not organise a
// sensitive event.
func (d *desk) discreet(err error) error {
	if !d.at.Sensitive || d.level() == access.Organisers {
		return err
	}
	for counted, uncounted := range map[error]fault.Code{
		ErrNotEnoughSeats: errTooFewUncounted, ErrBlockTooLarge: errTooLargeUncounted,
	} {
		if errors.Is(err, counted) {
			f := fault.From(err)
			return uncounted.At(f.Path...).With("wanted", f.Args["wanted"])
		}
	}
	return err
}
