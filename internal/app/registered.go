package app

import (
	"errors"

	"github.com/teixit/teixit/internal/edge/gqldoc"
	"github.com/teixit/teixit/web"
)

// WithOperations registers other operations than those of the web client, by the
// hash of their text. It is for tests.
func WithOperations(documents map[string]string) Option {
	return func(all *options) { all.operations = documents }
}

// register makes the operations of the web client known before anybody asks.
func (o options) register(prep *gqldoc.Preparer, only bool) error {
	documents := o.operations
	if documents == nil {
		documents = web.Operations()
	}
	if only && len(documents) == 0 {
		return errors.New("TEIXIT_REGISTERED_ONLY is set, and this binary was built without the web client: nothing is registered")
	}
	return prep.Register(documents)
}
