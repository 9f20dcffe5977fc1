package app

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/teixit/teixit/internal/edge/gqlhttp"
	"github.com/teixit/teixit/internal/edge/gqlws"
	"github.com/teixit/teixit/internal/platform/auth"
)

// meters are what operators watch. No label comes from a client's text.
type meters struct {
	operations *prometheus.CounterVec
	seconds    *prometheus.HistogramVec
	bytes      prometheus.Counter
}

// metrics registers the instance's meters and serves them.
func (h *Hub) metrics(guard *auth.Authenticator) http.Handler {
	registry := prometheus.NewRegistry()
	h.meters = meters{
		operations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "teixit_operations_total", Help: "GraphQL operations over HTTP, by kind and error code.",
		}, []string{"operation", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "teixit_operation_seconds", Help: "Time to answer an operation over HTTP.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"operation"}),
		bytes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "teixit_answer_bytes_total", Help: "Bytes of answers over HTTP.",
		}),
	}
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		h.meters.operations, h.meters.seconds, h.meters.bytes, h.plans, h.turns,
		h.gauge("teixit_connections", "Open sockets and event streams.", func() float64 { return float64(h.sockets.Stats().Connections) }),
		h.gauge("teixit_stream_operations", "Operations running on them.", func() float64 { return float64(h.sockets.Stats().Operations) }),
		closes{h.sockets}, refusals{h.sockets}, &workMeters{db: h.db}, sharing{h.shares}, keptRights{guard},
		h.gauge("teixit_kept_answer_bytes", "Memory of answers that are given again.", func() float64 { return float64(h.memory.Bytes()) }),
		h.gauge("teixit_queued_bytes", "Bytes waiting to be written to them.", func() float64 { return float64(h.sockets.Stats().QueuedBytes) }))
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

func (h *Hub) gauge(name, help string, value func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
}

func (h *Hub) observe(_ *http.Request, o gqlhttp.Outcome) {
	operation := o.Operation
	if operation == "" {
		operation = "none"
	}
	h.meters.operations.WithLabelValues(operation, o.Code).Inc()
	h.meters.seconds.WithLabelValues(operation).Observe(o.Duration.Seconds())
	h.meters.bytes.Add(float64(o.Bytes))
}

// closes counts ended sockets by close code; code 0 is a reset.
type closes struct{ sockets *gqlws.Handler }

var closesDesc = prometheus.NewDesc("teixit_sockets_closed_total", "Ended sockets, by close code.", []string{"code"}, nil)

// Describe implements prometheus.Collector.
func (closes) Describe(to chan<- *prometheus.Desc) { to <- closesDesc }

// Collect implements prometheus.Collector.
func (c closes) Collect(to chan<- prometheus.Metric) {
	for code, n := range c.sockets.Stats().Closed {
		to <- prometheus.MustNewConstMetric(closesDesc, prometheus.CounterValue, float64(n), strconv.Itoa(code))
	}
}

// refusals counts connections that found no place, by limit.
type refusals struct{ sockets *gqlws.Handler }

var refusalsDesc = prometheus.NewDesc("teixit_sockets_refused_total",
	"Connections that found no place: too many in total, of a person, of an address, or while draining.", []string{"limit"}, nil)

// Describe implements prometheus.Collector.
func (refusals) Describe(to chan<- *prometheus.Desc) { to <- refusalsDesc }

// Collect implements prometheus.Collector.
func (c refusals) Collect(to chan<- prometheus.Metric) {
	for limit, n := range c.sockets.Stats().Refused {
		to <- prometheus.MustNewConstMetric(refusalsDesc, prometheus.CounterValue, float64(n), limit)
	}
}
