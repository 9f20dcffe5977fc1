package app

// WithoutPlans leaves every operation to gqlgen's executor. It is for tests: what
// the read engine answers must be the same to the byte.
func WithoutPlans() Option { return func(all *options) { all.noPlans = true } }
