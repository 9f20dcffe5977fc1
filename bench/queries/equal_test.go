package main

import (
	"strings"
	"testing"
)

func TestCanonical(t *testing.T) {
	t.Parallel()
	want := `{"event":{"organisers":[{"lead":true,"organization":{"id":"a"}}],"startsAt":"2026-01-02T03:04:05Z","title":"2026-01-02 and so on"}}`
	for name, answer := range map[string]string{
		"the hub's":      `{"data":{"event":{"title":"2026-01-02 and so on","startsAt":"2026-01-02T03:04:05Z","organisers":[{"lead":true,"organization":{"id":"a"}}]}}}`,
		"PostGraphile's": `{"data":{"event":{"organiser":{"id":"a"},"startsAt":"2026-01-02T04:04:05.000000+01:00","title":"2026-01-02 and so on"}}}`,
	} {
		got, err := canonical([]byte(answer))
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	for _, bad := range []string{`{"data":null}`, `{"data":{},"errors":[{}]}`, `no`} {
		if got, err := canonical([]byte(bad)); err == nil {
			t.Errorf("%s is taken for %s", bad, got)
		}
	}
	if d := difference([]byte("abc"), []byte("abd")); !strings.Contains(d, "at byte 2") {
		t.Error(d)
	}
}

func TestTargets(t *testing.T) {
	t.Parallel()
	r := report{Tables: []*table{
		{Workload: network, Rows: []row{{Server: hub, CPU: 10, P99: 5}, {Server: postgraphile, CPU: 100, P99: 10}}},
		{Workload: hot, Rows: []row{{Server: hub, PerSecond: 90}, {Server: usual, PerSecond: 30}}},
	}}
	r.judge()
	var got []string
	for _, x := range r.Targets {
		word := "missed"
		if x.Met {
			word = "met"
		}
		got = append(got, x.Workload+" "+x.What+" "+word)
	}
	if want := "network CPU met, network p99 missed, hot registrations/s missed"; strings.Join(got, ", ") != want {
		t.Errorf("%s, want %s", got, want)
	}
}
