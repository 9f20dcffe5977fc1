package auth

import (
	"net/mail"
	"strings"
)

// maxMail is the longest address that mail can carry.
const maxMail = 254

// Address brings a mail address into the form in which accounts keep it: bare,
// lower case. The fault is BAD_MAIL. Letters beyond ASCII are refused: those
// that look alike would make two accounts of one person, or one of two.
func Address(text string) (string, error) {
	address := strings.ToLower(strings.TrimSpace(text))
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || len(address) > maxMail || !plain(address) {
		return "", ErrBadMail.At("mail")
	}
	return address, nil
}

func plain(address string) bool {
	for i := range len(address) {
		if c := address[i]; c <= ' ' || c >= 0x7f || c == '"' {
			return false
		}
	}
	return true
}
