package app

import "github.com/teixit/teixit/graph/engine"

// WithoutPlans leaves every operation to gqlgen's executor. It is for tests: what
// the read engine answers must be the same to the byte.
func WithoutPlans() Option { return func(all *options) { all.noPlans = true } }

// WithEncoders changes the encoders of the read engine. It is for tests, which
// break one and must notice.
func WithEncoders(change func(engine.Encoders) engine.Encoders) Option {
	return func(all *options) { all.encoders = change }
}

// WithoutMemory keeps no answers. It is for tests, which count what a question
// costs.
func WithoutMemory() Option { return func(all *options) { all.noMemory = true } }

func (o options) memoryOf(m *engine.Memory) *engine.Memory {
	if o.noMemory {
		return nil
	}
	return m
}
