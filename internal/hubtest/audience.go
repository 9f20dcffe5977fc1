package hubtest

import "testing"

// Audience is who follows the same, in groups: those of one group are to get the
// same bytes, from one execution.
type Audience struct {
	t         testing.TB
	hub       *Hub
	query     string
	variables map[string]any
	groups    map[string][]*Stream
	executed  int
}

// Audience is nobody yet who follows a subscription.
func (h *Hub) Audience(t testing.TB, subscription string, variables map[string]any) *Audience {
	t.Helper()
	a := &Audience{t: t, hub: h, query: subscription, variables: variables, groups: map[string][]*Stream{}}
	a.Executed()
	return a
}

// Join lets the bearers of tokens follow on sockets of their own, in a language.
func (a *Audience) Join(group, language string, tokens ...string) {
	a.t.Helper()
	for _, token := range tokens {
		a.groups[group] = append(a.groups[group], a.hub.SocketIn(a.t, language, token).Subscribe(a.query, a.variables))
	}
}

// Next waits for the next message of everybody in groups, all of them when none is
// named, and fails where those of one group do not get the same.
func (a *Audience) Next(groups ...string) map[string]string {
	a.t.Helper()
	if len(groups) == 0 {
		for group := range a.groups {
			groups = append(groups, group)
		}
	}
	got := map[string]string{}
	for _, group := range groups {
		for i, s := range a.groups[group] {
			payload := string(s.Next())
			if i == 0 {
				got[group] = payload
			} else if payload != got[group] {
				a.t.Errorf("of %s the first got\n%s\nand another\n%s", group, got[group], payload)
			}
		}
	}
	return got
}

// Executed is how often a change was executed for groups since it was asked last.
func (a *Audience) Executed() int {
	a.t.Helper()
	before := a.executed
	a.executed = a.hub.Meter(a.t, `teixit_live_executions_total{of="change"}`)
	return a.executed - before
}

// Members is how many subscriptions share an execution, and in how many groups.
func (a *Audience) Members() (subscriptions, groups int) {
	a.t.Helper()
	return a.hub.Meter(a.t, "teixit_live_subscribers"), a.hub.Meter(a.t, "teixit_live_groups")
}
