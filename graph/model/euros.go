package model

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
)

// MarshalEuros writes cents as decimal text.
func MarshalEuros(cents int64) graphql.Marshaler {
	return graphql.MarshalString(fmt.Sprintf("%d.%02d", cents/100, cents%100))
}

var amount = regexp.MustCompile(`^[0-9]{1,13}(\.[0-9]{1,2})?$`)

// UnmarshalEuros reads decimal text, such as 1280945 or 0.50, as cents.
func UnmarshalEuros(v any) (int64, error) {
	s, ok := v.(string)
	if !ok || !amount.MatchString(s) {
		return 0, form.ErrBadAmount.New()
	}
	whole, part, _ := strings.Cut(s, ".")
	cents, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	if err != nil {
		return 0, fault.ErrInternal.New().Because(err) // the pattern lets only numbers through
	}
	return cents, nil
}
