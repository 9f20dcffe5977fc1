package seatload

import (
	"fmt"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// served makes the answers and the line of people served one after the other,
// each asking while the one before is still being answered.
func served(capacity, people int) (answers []Answer, line []Entry) {
	for i := range people {
		at := time.Duration(i) * time.Millisecond
		a := Answer{
			Person: i, Asked: at, Answered: at + 4*time.Millisecond, Tries: 1,
			Registration: fmt.Sprint("reg", i), State: Confirmed,
		}
		if i >= capacity {
			a.State, a.Place = Waitlisted, i-capacity+1
		}
		answers = append(answers, a)
		line = append(line, Entry{Registration: a.Registration, State: a.State, Place: a.Place, Name: Name(i)})
	}
	return answers, line
}

func TestJudgeFindsNothingWrong(t *testing.T) {
	answers, line := served(10, 200)
	if v := Judge(10, answers, line, 10*time.Second); !v.Right(10, 200) {
		t.Error(v)
	}
}

func TestJudgeFindsWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(answers []Answer, line []Entry) ([]Answer, []Entry)
		found func(Verdict) bool
	}{
		"a seat too many": {
			func(a []Answer, l []Entry) ([]Answer, []Entry) {
				a[10].State, a[10].Place, l[10].State, l[10].Place = Confirmed, 0, Confirmed, 0
				return a, l
			},
			func(v Verdict) bool { return v.Oversold == 1 && v.Linear == porcupine.Illegal && v.Misplaced > 0 },
		},
		"the same place twice": {
			func(a []Answer, l []Entry) ([]Answer, []Entry) {
				a[50].Place, l[50].Place = a[49].Place, l[49].Place
				return a, l
			},
			func(v Verdict) bool { return v.Linear == porcupine.Illegal && v.Misplaced == 1 },
		},
		"a registration gone": {
			func(a []Answer, l []Entry) ([]Answer, []Entry) { return a, append(l[:20:20], l[21:]...) },
			func(v Verdict) bool { return v.Lost == 1 },
		},
		"a place other than the one told": {
			func(a []Answer, l []Entry) ([]Answer, []Entry) { a[30].Place++; return a, l },
			func(v Verdict) bool { return v.Lost == 1 && v.Linear == porcupine.Illegal },
		},
		"somebody twice": {
			func(a []Answer, l []Entry) ([]Answer, []Entry) {
				return a, append(l, Entry{"reg again", Waitlisted, 191, Name(7)})
			},
			func(v Verdict) bool { return v.Doubled == 1 },
		},
		"late and yet ahead": {
			func(a []Answer, l []Entry) ([]Answer, []Entry) {
				a[100].Place, a[150].Place = a[150].Place, a[100].Place
				l[100], l[150] = l[150], l[100]
				l[100].Place, l[150].Place = l[150].Place, l[100].Place
				return a, l
			},
			func(v Verdict) bool { return v.Disorder > 0 && v.Linear == porcupine.Illegal },
		},
		"refused": {
			func(a []Answer, l []Entry) ([]Answer, []Entry) { a[199].Registration = ""; return a, l[:199] },
			func(v Verdict) bool { return v.Refused == 1 },
		},
	} {
		t.Run(name, func(t *testing.T) {
			answers, line := served(10, 200)
			v := Judge(10, append([]Answer{}, answers...), append([]Entry{}, line...), 10*time.Second)
			if !v.Right(10, 200) {
				t.Fatal("wrong from the start:", v)
			}
			answers, line = c.spoil(answers, line)
			if v = Judge(10, answers, line, 10*time.Second); !c.found(v) || v.Right(10, 200) {
				t.Error(v)
			}
		})
	}
}
