package gqldoc

import "testing"

// realQuestion is of the size the web client asks.
const realQuestion = `query Page($n:Int!,$id:ID!){
  event(id:$id){...Card place{...Spot} related(first:$n){totalCount nodes{...Card} pageInfo{hasNextPage endCursor}}}
  events(first:$n){edges{cursor node{...Card place{...Spot events(first:3){nodes{id title}}}}}}
}
fragment Card on Event{__typename id title seats tags hosts{id title}}
fragment Spot on Place{__typename id title seats}`

func BenchmarkPrepare(b *testing.B) {
	variables := func() map[string]any { return map[string]any{"n": 20, "id": "ev_1"} }
	for name, memory := range map[string]int{"known": 32 << 20, "new": 0} {
		b.Run(name, func(b *testing.B) {
			p := newPreparer(b, func(l *Limits) { l.CacheBytes = memory })
			b.ReportAllocs()
			for b.Loop() {
				if _, errs := prepare(b, p, realQuestion, variables()); errs != nil {
					b.Fatal(errs)
				}
			}
		})
	}
}
