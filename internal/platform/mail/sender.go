package mail

import "context"

// Sender hands a letter over to whoever delivers it.
type Sender interface {
	// Send returns nil when the letter has been taken. A *Failure says whether it
	// is worth trying again; any other error is.
	Send(ctx context.Context, l Letter) error
}

// Failure is why a letter was not taken. Its text holds no address and nothing
// the server said in words, because servers like to repeat the address: it may
// be logged and kept.
type Failure struct {
	Permanent bool
	Reason    string // such as "rcpt 550 5.1.1"
}

// Error gives the reason.
func (f *Failure) Error() string { return "mail not taken: " + f.Reason }
