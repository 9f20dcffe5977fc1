package stream

import "context"

// Sink takes the messages of one reader from somebody who executes for many. Its
// methods never block and are safe for concurrent use.
type Sink interface {
	// Next hands over a message and the cursor behind it. The payload belongs to
	// all who get it and is never changed. It reports false when nobody receives
	// any more.
	Next(payload []byte, cursor string) bool
	// End finishes the stream; only the first call counts. nil is its ordinary
	// end.
	End(err error)
}

// Again runs an operation once more, under another context. What it returns
// gives the encoded answers one by one, and an error, io.EOF behind the last,
// when there is no other.
type Again func(ctx context.Context) func() ([]byte, error)

// Offer is what a transport that can run an operation for many readers at once
// puts into the context of each of them. A producer that finds one may take it
// (Take): then it feeds the sink itself and closes its channel without having
// sent anything.
type Offer struct {
	// Operation names all that the reader asked for but the position from which
	// to go on: equal names ask for the same.
	Operation string
	// Again runs the same operation; its argument for the position is left out.
	Again Again
	Sink  Sink
	// Context is the reader's; when it ends nobody receives any more, and the
	// sink is to be ended.
	Context context.Context

	taken bool
}

type offerKey struct{}

// WithOffer returns a context that carries the offer.
func WithOffer(ctx context.Context, o *Offer) context.Context {
	return context.WithValue(ctx, offerKey{}, o)
}

// OfferOf is the context's offer; nil when the transport makes none.
func OfferOf(ctx context.Context) *Offer {
	o, _ := ctx.Value(offerKey{}).(*Offer)
	return o
}

// Take accepts the offer.
func (o *Offer) Take() { o.taken = true }

// Taken tells the transport that somebody else feeds the sink.
func (o *Offer) Taken() bool { return o.taken }
