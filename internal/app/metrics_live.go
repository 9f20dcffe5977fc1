package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/teixit/teixit/internal/platform/live"
)

// sharing counts what is executed once for many.
type sharing struct{ shares *live.Shares }

type sharingDescs struct{ groups, subscribers, messages, executions, statements *prometheus.Desc }

func liveDescs() sharingDescs {
	return sharingDescs{
		groups:      prometheus.NewDesc("teixit_live_groups", "Groups of subscriptions that share an execution.", nil, nil),
		subscribers: prometheus.NewDesc("teixit_live_subscribers", "Subscriptions in them.", nil, nil),
		messages:    prometheus.NewDesc("teixit_live_messages_total", "Messages handed to them.", nil, nil),
		executions: prometheus.NewDesc("teixit_live_executions_total",
			"Messages made for groups: a change is one for each group that sees it.", []string{"of"}, nil),
		statements: prometheus.NewDesc("teixit_live_statements_total", "SQL statements of groups, looks at rights included.", nil, nil),
	}
}

// Describe implements prometheus.Collector.
func (sharing) Describe(to chan<- *prometheus.Desc) {
	d := liveDescs()
	for _, desc := range []*prometheus.Desc{d.groups, d.subscribers, d.messages, d.executions, d.statements} {
		to <- desc
	}
}

// Collect implements prometheus.Collector.
func (s sharing) Collect(to chan<- prometheus.Metric) {
	d, n := liveDescs(), s.shares.Stats()
	counter := func(desc *prometheus.Desc, v int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(v), labels...)
	}
	to <- prometheus.MustNewConstMetric(d.groups, prometheus.GaugeValue, float64(n.Groups))
	to <- prometheus.MustNewConstMetric(d.subscribers, prometheus.GaugeValue, float64(n.Members))
	counter(d.messages, n.Messages)
	counter(d.executions, n.Changes, "change")
	counter(d.executions, n.States, "state")
	counter(d.executions, n.Missed, "missed")
	counter(d.executions, n.Last, "last")
	counter(d.statements, n.Statements)
}
