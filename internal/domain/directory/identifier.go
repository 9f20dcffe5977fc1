package directory

import (
	"strings"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
)

// Scheme is a register outside the network that gives codes to bodies.
type Scheme string

// The registers. A municipal register's number means nothing without its town,
// so its value begins with the town's INE code: "08279/123".
const (
	CatalanRegister   Scheme = "CATALAN_REGISTER"
	MunicipalRegister Scheme = "MUNICIPAL_REGISTER"
	TaxID             Scheme = "TAX_ID"
	INE               Scheme = "INE" // read only: a municipality's code
)

// ExternalIdentifier is a code under which a register knows a body.
type ExternalIdentifier struct {
	Organization id.ID
	Scheme       Scheme
	Value        string
}

// MaxIdentifier is the longest code, in characters.
const MaxIdentifier = 60

// The faults about identifiers.
var (
	ErrIdentifierTaken = fault.Define(fault.Conflict, "IDENTIFIER_TAKEN",
		"Una altra organització ja té aquest número de registre: potser ja és a la xarxa.",
		"Otra organización ya tiene este número de registro: quizá ya está en la red.",
		"Another organisation has this register number already: perhaps it is in the network.")
	ErrBadTaxID = fault.Define(fault.Invalid, "BAD_TAX_ID",
		"No és un NIF d'entitat: una lletra, set xifres i el caràcter de control.",
		"No es un NIF de entidad: una letra, siete cifras y el carácter de control.",
		"This is no tax number of a body: a letter, seven digits and the control character.")
	ErrBadRegisterNumber = fault.Define(fault.Invalid, "BAD_REGISTER_NUMBER",
		"Escriviu el codi INE del municipi, una barra i el número: 08279/123.",
		"Escriba el código INE del municipio, una barra y el número: 08279/123.",
		"Write the town's INE code, a slash and the number: 08279/123.")
	ErrBadScheme = fault.Define(fault.Invalid, "BAD_SCHEME",
		"No es pot donar un identificador d'aquest registre.",
		"No se puede dar un identificador de este registro.",
		"An identifier of this register cannot be given.")
)

// tidy brings a code into the one form in which it is stored and looked for.
func (i ExternalIdentifier) tidy() ExternalIdentifier {
	i.Value = strings.ToUpper(strings.Join(strings.Fields(i.Value), " "))
	if i.Scheme == TaxID {
		i.Value = strings.NewReplacer(" ", "", "-", "", ".", "").Replace(i.Value)
		i.Value = strings.TrimPrefix(i.Value, "ES")
	}
	if i.Scheme == MunicipalRegister {
		i.Value = strings.ReplaceAll(i.Value, " ", "")
	}
	return i
}

// check says what is wrong with a tidy identifier, nil when nothing.
func (i ExternalIdentifier) check() *fault.Fault {
	switch n := utf8.RuneCountInString(i.Value); {
	case n == 0:
		return fault.ErrRequired.At("value")
	case n > MaxIdentifier:
		return fault.ErrTooLong.At("value").With("max", MaxIdentifier)
	}
	switch i.Scheme {
	case CatalanRegister:
		return nil
	case TaxID:
		if !validTaxID(i.Value) {
			return ErrBadTaxID.At("value")
		}
		return nil
	case MunicipalRegister:
		town, number, ok := strings.Cut(i.Value, "/")
		if !ok || len(town) != 5 || !digits(town) || number == "" {
			return ErrBadRegisterNumber.At("value")
		}
		return nil
	}
	return ErrBadScheme.At("scheme")
}

// taxLetters are the first letters of bodies. Those of people are left out on
// purpose: a person's tax number is no identifier of a body.
const taxLetters = "ABCDEFGHJNPQRSUVW"

// validTaxID checks a body's tax number with its control character: digits in
// odd places count doubled, digit by digit; the control is what is missing to
// the next ten, as a digit or as the letter at that place of JABCDEFGHI.
func validTaxID(s string) bool {
	if len(s) != 9 || !strings.Contains(taxLetters, s[:1]) || !digits(s[1:8]) {
		return false
	}
	sum := 0
	for i, c := range []byte(s[1:8]) {
		d := int(c - '0')
		if i%2 == 0 {
			d *= 2
			d = d/10 + d%10
		}
		sum += d
	}
	control := (10 - sum%10) % 10
	return s[8] == byte('0'+control) || s[8] == "JABCDEFGHI"[control]
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
