package territory

import (
	"strings"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// ErrBadINECode is raised for text that is no municipal code: neither five
// digits nor six with the right control digit.
var ErrBadINECode = fault.Define(fault.Invalid, "BAD_INE_CODE",
	"«{code}» no és un codi de municipi: cinc xifres, o sis amb la xifra de control.",
	"«{code}» no es un código de municipio: cinco cifras, o seis con la cifra de control.",
	"“{code}” is no municipal code: five digits, or six with the control digit.")

// controlWeights are the three permutations of the INE's control digit. Each
// digit of a code goes through one of them; with the control digit, which goes
// through the last, the five results and it add up to a multiple of ten.
var controlWeights = [3]string{"0382741596", "0246813579", "0123456789"}

// controlOrder says which permutation each of the five digits goes through.
var controlOrder = [5]int{1, 0, 2, 1, 0}

// ControlDigit returns the sixth digit that statistics offices add to a
// municipal code ("08279" gives '8'). It returns 0 when code is not five digits.
func ControlDigit(code string) byte {
	if len(code) != len(controlOrder) || !digits(code) {
		return 0
	}
	sum := 0
	for i, row := range controlOrder {
		sum += int(controlWeights[row][code[i]-'0'] - '0')
	}
	return byte('0' + (10-sum%10)%10)
}

// ParseINECode reads a municipal code with or without its control digit and
// returns the five digits. A wrong control digit is refused, not ignored: it is
// there to catch typing errors.
func ParseINECode(text string) (string, error) {
	code := strings.TrimSpace(text)
	bad := func() (string, error) {
		return "", ErrBadINECode.New().With("code", clip(code, 20))
	}
	switch {
	case !digits(code):
		return bad()
	case len(code) == 5:
		return code, nil
	case len(code) == 6 && code[5] == ControlDigit(code[:5]):
		return code[:5], nil
	}
	return bad()
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// clip shortens what a stranger sent before it is repeated in a message.
func clip(s string, max int) string {
	runes := []rune(strings.ToValidUTF8(s, "?"))
	if len(runes) <= max {
		return string(runes)
	}
	return string(runes[:max]) + "…"
}
