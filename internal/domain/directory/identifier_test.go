package directory

import (
	"errors"
	"testing"

	"github.com/teixit/teixit/internal/kernel/fault"
)

func TestIdentifierCheck(t *testing.T) {
	cases := []struct {
		scheme Scheme
		value  string
		want   string // stored form
		fault  error
	}{
		{TaxID, "P-0827900-B", "P0827900B", nil}, // Ajuntament de Terrassa
		{TaxID, "ESP0801900B", "P0801900B", nil}, // Ajuntament de Barcelona
		{TaxID, "Q0818003F", "Q0818003F", nil},
		{TaxID, "P0827900C", "", ErrBadTaxID},
		{TaxID, "12345678Z", "", ErrBadTaxID}, // a person's
		{TaxID, "X1234567L", "", ErrBadTaxID}, // a foreign person's
		{TaxID, "", "", fault.ErrRequired},
		{MunicipalRegister, " 08279 / 123 ", "08279/123", nil},
		{MunicipalRegister, "123", "", ErrBadRegisterNumber},
		{MunicipalRegister, "8279/123", "", ErrBadRegisterNumber},
		{MunicipalRegister, "08279/", "", ErrBadRegisterNumber},
		{CatalanRegister, "  12345  ", "12345", nil},
		{INE, "08279", "", ErrBadScheme},
		{"LIBRARY_CARD", "1", "", ErrBadScheme},
	}
	for _, c := range cases {
		tidy := ExternalIdentifier{Scheme: c.scheme, Value: c.value}.tidy()
		got := tidy.check()
		switch {
		case c.fault == nil && got != nil:
			t.Errorf("%s %q: %v", c.scheme, c.value, got)
		case c.fault != nil && (got == nil || !errors.Is(got, c.fault)):
			t.Errorf("%s %q: %v, want %v", c.scheme, c.value, got, c.fault)
		case c.fault == nil && tidy.Value != c.want:
			t.Errorf("%s %q is stored as %q, want %q", c.scheme, c.value, tidy.Value, c.want)
		}
	}
}
