package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/teixit/teixit/graph/engine"
)

// newPlanned counts what the read engine answers from a plan (an empty label)
// and why it left the rest to the executor.
func newPlanned() *prometheus.CounterVec {
	counts := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "teixit_plans_total", Help: "Operations by why the read engine left them to the executor; empty: it did not.",
	}, []string{"fallback"})
	for _, why := range engine.Fallbacks() {
		counts.WithLabelValues(why)
	}
	return counts
}

func (h *Hub) planned(fallback string) { h.plans.WithLabelValues(fallback).Inc() }

// keptAnswers is how many bytes of answers are kept for who asks the same next.
const keptAnswers = 64 << 20
