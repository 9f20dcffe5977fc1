package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/teixit/teixit/graph/engine"
	"github.com/teixit/teixit/internal/platform/auth"
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

// keptRights counts how the rights of who asks were found.
type keptRights struct{ of *auth.Authenticator }

var keptRightsDesc = prometheus.NewDesc("teixit_rights_total",
	"Signed-in requests, by whether the rights of who asks were kept and still held, or were read.", []string{"how"}, nil)

// Describe implements prometheus.Collector.
func (keptRights) Describe(to chan<- *prometheus.Desc) { to <- keptRightsDesc }

// Collect implements prometheus.Collector.
func (k keptRights) Collect(to chan<- prometheus.Metric) {
	kept, read := k.of.Kept()
	to <- prometheus.MustNewConstMetric(keptRightsDesc, prometheus.CounterValue, float64(kept), "kept")
	to <- prometheus.MustNewConstMetric(keptRightsDesc, prometheus.CounterValue, float64(read), "read")
}
