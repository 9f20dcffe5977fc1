package territory

import (
	"errors"
	"fmt"
	"testing"
)

func TestControlDigit(t *testing.T) {
	known := []string{
		"080193", "082798", "081878", "080155", "081017", "080961", "082981", "081136", "081213", "080018",
		"280796", "170792", "251207", "431482", "010014", "010029", // other provinces
	}
	for _, full := range known {
		if got := ControlDigit(full[:5]); got != full[5] {
			t.Errorf("ControlDigit(%s) = %c, want %c", full[:5], got, full[5])
		}
	}
	for _, bad := range []string{"", "8019", "080193", "0801x", "０８０１９"} {
		if got := ControlDigit(bad); got != 0 {
			t.Errorf("ControlDigit(%q) = %c, want none", bad, got)
		}
	}
}

func TestParseINECode(t *testing.T) {
	for text, want := range map[string]string{"08001": "08001", "080018": "08001", " 082798 ": "08279"} {
		got, err := ParseINECode(text)
		if err != nil || got != want {
			t.Errorf("ParseINECode(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"", "8001", "080019", "0800188", "abcde", "08 01", "-8001"} {
		if got, err := ParseINECode(text); !errors.Is(err, ErrBadINECode) {
			t.Errorf("ParseINECode(%q) = %q, %v; want BAD_INE_CODE", text, got, err)
		}
	}
}

// One mistyped digit must never lead to another town.
func TestControlDigitCatchesOneWrongDigit(t *testing.T) {
	for n := range 100000 {
		code := []byte(fmt.Sprintf("%05d", n))
		right := ControlDigit(string(code))
		for i := range code {
			was := code[i]
			code[i] = '0' + (was-'0'+1)%10
			if ControlDigit(string(code)) == right {
				t.Fatalf("%05d and %s share the digit %c", n, code, right)
			}
			code[i] = was
		}
	}
}
