package app

import "github.com/prometheus/client_golang/prometheus"

// newTurns counts how many registrations, for whatever events, were made in one
// transaction: its count is transactions, its sum registrations.
func newTurns() prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "teixit_batch_size", Help: "Registrations that were made in one transaction.",
		Buckets: []float64{1, 2, 4, 8, 16, 32, 64},
	})
}
