package app

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/teixit/teixit/internal/platform/jobs"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// workMeters counts jobs and mails in the database. All instances give the same
// figures: take the maximum of them, not the sum.
type workMeters struct {
	db *postgres.DB

	mu    sync.Mutex
	until time.Time // so many scrapers may ask, the database is asked now and then
	last  []prometheus.Metric
}

// countEvery is how old the figures may be.
const countEvery = 5 * time.Second

type workDescs struct{ jobs, mails *prometheus.Desc }

func descs() workDescs {
	return workDescs{
		jobs: prometheus.NewDesc("teixit_jobs",
			"Jobs of the whole hub by state and kind: cancelled failed for good, discarded were given up.", []string{"state", "kind"}, nil),
		mails: prometheus.NewDesc("teixit_mails",
			"Mails of the last 30 days by how far they got.", []string{"state", "template"}, nil),
	}
}

// Describe implements prometheus.Collector.
func (w *workMeters) Describe(to chan<- *prometheus.Desc) {
	d := descs()
	to <- d.jobs
	to <- d.mails
}

// Collect implements prometheus.Collector. While the database cannot be reached
// the figures are absent, not zero.
func (w *workMeters) Collect(to chan<- prometheus.Metric) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if time.Now().After(w.until) {
		w.last, w.until = w.count(), time.Now().Add(countEvery)
	}
	for _, m := range w.last {
		to <- m
	}
}

func (w *workMeters) count() (metrics []prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	d := descs()
	queue, err := jobs.Counts(ctx, w.db.Read())
	if err != nil {
		return nil
	}
	for _, c := range queue {
		metrics = append(metrics, prometheus.MustNewConstMetric(d.jobs, prometheus.GaugeValue, float64(c.N), c.State, c.Kind))
	}
	mails, err := mail.Counts(ctx, w.db.Read())
	if err != nil {
		return metrics
	}
	for _, c := range mails {
		metrics = append(metrics, prometheus.MustNewConstMetric(d.mails, prometheus.GaugeValue, float64(c.N), string(c.State), c.Template))
	}
	return metrics
}
