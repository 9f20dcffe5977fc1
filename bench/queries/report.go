package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// row is one server's figures of one workload: medians of its turns. Times are µs.
type row struct {
	Server     string  `json:"server"`
	CPU        float64 `json:"cpu"`      // of the server and PostgreSQL, for each request
	Process    float64 `json:"process"`  // of the server alone
	Postgres   float64 `json:"postgres"` // of PostgreSQL alone
	Client     float64 `json:"client"`   // of the client, which is in neither
	P50        float64 `json:"p50"`
	P99        float64 `json:"p99"`
	PerSecond  float64 `json:"perSecond"`
	Statements float64 `json:"statements"` // for each request, without BEGIN and COMMIT
	Requests   int     `json:"requests"`   // in all turns
}

// table is one workload.
type table struct {
	Workload string `json:"workload"`
	Note     string `json:"note"`
	Rows     []row  `json:"rows"`

	exact int
}

// target is one of SPEED's, as a ratio of this run.
type target struct {
	Workload string  `json:"workload"`
	What     string  `json:"what"`
	Want     string  `json:"want"`
	Got      float64 `json:"got"`
	Met      bool    `json:"met"`
}

// report is the whole run.
type report struct {
	Tables  []*table `json:"tables"`
	Targets []target `json:"targets"`
}

func rowOf(name string, turns []turn) row {
	r := row{Server: name}
	middle := func(of func(turn) float64) float64 {
		values := make([]float64, len(turns))
		for i, t := range turns {
			values[i] = of(t)
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	each := func(of func(turn) time.Duration) float64 {
		return middle(func(t turn) float64 { return µs(of(t)) / float64(max(1, t.answered)) })
	}
	r.CPU = each(func(t turn) time.Duration { return t.server + t.postgres })
	r.Process = each(func(t turn) time.Duration { return t.server })
	r.Postgres = each(func(t turn) time.Duration { return t.postgres })
	r.Client = each(func(t turn) time.Duration { return t.client })
	r.P50 = middle(func(t turn) float64 { return µs(at(t.times, 0.5)) })
	r.P99 = middle(func(t turn) float64 { return µs(at(t.times, 0.99)) })
	r.PerSecond = middle(func(t turn) float64 { return float64(t.answered) / t.took.Seconds() })
	r.Statements = middle(func(t turn) float64 { return float64(t.statements) / float64(max(1, t.answered)) })
	for _, t := range turns {
		r.Requests += t.answered
	}
	return r
}

func µs(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

// at is a quantile of sorted times.
func at(times []time.Duration, q float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	return times[min(len(times)-1, int(q*float64(len(times))))]
}

func (t *table) of(server string) *row {
	for i := range t.Rows {
		if t.Rows[i].Server == server {
			return &t.Rows[i]
		}
	}
	return nil
}

func (t *table) print(w io.Writer) {
	fmt.Fprintf(w, "\n%s: %s\n", t.Workload, t.Note)
	fmt.Fprintf(w, "  %-13s %10s %10s %10s %10s %10s %10s %10s %8s\n", "", "CPU µs", "server", "PostgreSQL", "p50 ms", "p99 ms", "/s", "statements", "of hub")
	for _, r := range t.Rows {
		fmt.Fprintf(w, "  %-13s %10.0f %10.0f %10.0f %10.2f %10.2f %10.0f %10.2f %8s\n",
			r.Server, r.CPU, r.Process, r.Postgres, r.P50/1000, r.P99/1000, r.PerSecond, r.Statements, ratio(r.CPU, t.of(hub)))
	}
}

func ratio(value float64, h *row) string {
	if h == nil || h.CPU == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f×", value/h.CPU)
}

// goals are SPEED's targets: the hub's figure by another's, or the figure itself
// where there is no other.
func goals() []goal {
	cpu := func(r *row) float64 { return r.CPU }
	p99 := func(r *row) float64 { return r.P99 }
	rate := func(r *row) float64 { return r.PerSecond }
	return []goal{
		{network, "CPU", cpu, postgraphile, 0.18, false},
		{network, "CPU", cpu, usual, 0.15, false},
		{network, "CPU", cpu, plain, 1.3, false},
		{network, "p99", p99, postgraphile, 0.25, false},
		{small, "CPU", cpu, postgraphile, 0.35, false},
		{listed, "CPU", cpu, postgraphile, 0.45, false},
		{unchanged, "CPU", cpu, static, 3, false},
		{unchanged, "statements", func(r *row) float64 { return r.Statements }, "", 0.01, false},
		{hot, "registrations/s", rate, usual, 4, true},
		{hot, "registrations/s (stretch)", rate, pgbench, 2, true},
		{spread, "CPU", cpu, usual, 0.7, false},
	}
}

type goal struct {
	workload string
	what     string
	of       func(*row) float64
	by       string // the other; empty: the figure itself
	want     float64
	least    bool // at least as much, not at most
}

// judge compares what was measured with the targets.
func (r *report) judge() {
	for _, g := range goals() {
		for _, t := range r.Tables {
			if t.Workload != g.workload {
				continue
			}
			if got, ok := g.in(t); ok {
				r.Targets = append(r.Targets, got)
			}
		}
	}
}

func (g goal) in(t *table) (target, bool) {
	h, other := t.of(hub), t.of(g.by)
	if h == nil || g.by != "" && (other == nil || g.of(other) == 0) {
		return target{}, false
	}
	sign := "≤"
	if g.least {
		sign = "≥"
	}
	got := target{Workload: t.Workload, What: g.what, Got: g.of(h), Want: fmt.Sprintf("%s %g", sign, g.want)}
	if g.by != "" {
		got.Got /= g.of(other)
		got.Want += "× " + g.by
	}
	got.Met = got.Got <= g.want
	if g.least {
		got.Met = got.Got >= g.want
	}
	return got, true
}

func (r *report) print(w io.Writer) {
	fmt.Fprintln(w, "\ntargets")
	for _, t := range r.Targets {
		word := "missed"
		if t.Met {
			word = "met"
		}
		fmt.Fprintf(w, "  %-10s %-26s %-22s %8.3f  %s\n", t.Workload, t.What, t.Want, t.Got, word)
	}
}

func (r *report) write(file string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
		return err
	}
	fmt.Println("\nall figures:", file)
	return nil
}
