package turn_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/teixit/teixit/internal/platform/turn"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk writes down what was done, and stops at its gate while that is shut.
type desk struct {
	*testing.T
	line *turn.Line[string, *job]
	gate chan struct{} // one pass for each turn; nil: always open

	mu    sync.Mutex
	turns [][]string
	spoil func(names []string) bool // a turn of these serves nobody
}

type job struct {
	*desk
	name   string
	weight int
	fails  error
}

func (j *job) Weight() int { return j.weight }

func (j *job) Alone(context.Context) error {
	j.took([]string{j.name})
	return j.fails
}

func (d *desk) took(names []string) {
	if d.gate != nil {
		<-d.gate
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.turns = append(d.turns, names)
}

func newDesk(t *testing.T, o turn.Options) *desk {
	d := &desk{T: t, spoil: func([]string) bool { return false }}
	d.line = turn.NewLine[string](o, func(ctx context.Context, jobs []*job) ([]error, bool) {
		if ctx.Done() != nil {
			t.Error("a turn ends with who leads it")
		}
		var names []string
		var errs []error
		for _, j := range jobs {
			names, errs = append(names, j.name), append(errs, j.fails)
		}
		if d.spoil(names) {
			return nil, false
		}
		d.took(names)
		return errs, true
	})
	return d
}

// comes brings jobs one after the other while somebody has the turn, so that the
// order of their arrival is known.
func (d *desk) comes(ctx context.Context, wg *sync.WaitGroup, jobs ...*job) []error {
	errs := make([]error, len(jobs))
	for i, j := range jobs {
		j.desk = d
		before := d.line.Waiting("key")
		wg.Go(func() { errs[i] = d.line.Do(ctx, "key", j) })
		d.until(func() bool { return d.line.Waiting("key") > before })
	}
	return errs
}

// until returns when it has come.
func (d *desk) until(come func() bool) {
	for !come() {
		runtime.Gosched()
	}
}

func (d *desk) names(from, to int) (jobs []*job) {
	for i := from; i < to; i++ {
		jobs = append(jobs, &job{name: fmt.Sprint(i), weight: 1})
	}
	return jobs
}

func (d *desk) want(turns ...[]string) {
	d.Helper()
	if fmt.Sprint(d.turns) != fmt.Sprint(turns) {
		d.Errorf("turns %v, want %v", d.turns, turns)
	}
}

func TestWhoIsAloneGoesStraightThrough(t *testing.T) {
	d := newDesk(t, turn.Options{Jobs: 8})
	for i := range 3 {
		if err := d.line.Do(t.Context(), "key", &job{desk: d, name: fmt.Sprint(i)}); err != nil {
			t.Error(err)
		}
	}
	d.want([]string{"0"}, []string{"1"}, []string{"2"})
	if d.line.Waiting("key") != -1 {
		t.Error("a key is left behind")
	}
}

func TestWhoWaitsIsTakenTogetherInTheOrderOfArrival(t *testing.T) {
	var sizes []int
	d := newDesk(t, turn.Options{Jobs: 3, Took: func(n int) { sizes = append(sizes, n) }})
	d.gate = make(chan struct{})
	jobs := d.names(0, 6)
	jobs[2].fails = errors.New("its own")
	var wg sync.WaitGroup
	errs := d.comes(t.Context(), &wg, jobs...)
	close(d.gate)
	wg.Wait()
	d.want([]string{"0"}, []string{"1", "2", "3"}, []string{"4", "5"})
	for i, err := range errs {
		if !errors.Is(err, jobs[i].fails) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if !slices.Equal(sizes, []int{1, 3, 2}) {
		t.Errorf("told the sizes %v", sizes)
	}
}

func TestHeavyJobsAreFewer(t *testing.T) {
	d := newDesk(t, turn.Options{Jobs: 9, Weight: 10})
	d.gate = make(chan struct{})
	jobs := d.names(0, 6)
	jobs[1].weight, jobs[4].weight = 9, 50
	var wg sync.WaitGroup
	d.comes(t.Context(), &wg, jobs...)
	close(d.gate)
	wg.Wait()
	d.want([]string{"0"}, []string{"1", "2"}, []string{"3"}, []string{"4"}, []string{"5"})
}

func TestATurnThatServedNobodyIsDoneOneByOne(t *testing.T) {
	for name, spoil := range map[string]func([]string) bool{
		"error": func(names []string) bool { return slices.Contains(names, "2") },
		"panic": func(names []string) bool {
			if slices.Contains(names, "2") {
				panic("a bad apple")
			}
			return false
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, turn.Options{Jobs: 4})
			d.gate, d.spoil = make(chan struct{}), spoil
			var wg sync.WaitGroup
			errs := d.comes(t.Context(), &wg, d.names(0, 7)...)
			close(d.gate)
			wg.Wait()
			d.want([]string{"0"}, []string{"1"}, []string{"2"}, []string{"3"}, []string{"4"}, []string{"5", "6"})
			if err := errors.Join(errs...); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWhoGivesUpInTimeHasDoneNothing(t *testing.T) {
	d := newDesk(t, turn.Options{Jobs: 8})
	d.gate = make(chan struct{})
	var stay, gone sync.WaitGroup
	d.comes(t.Context(), &stay, d.names(0, 2)...)
	ctx, cancel := context.WithCancel(t.Context())
	errs := d.comes(ctx, &gone, d.names(2, 4)...)
	d.comes(t.Context(), &stay, d.names(4, 5)...)
	cancel()
	gone.Wait()
	for _, err := range errs {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up got %v", err)
		}
	}
	close(d.gate)
	stay.Wait()
	d.want([]string{"0"}, []string{"1", "4"})
}

// Who was taken counts, and hears how it went.
func TestWhoGivesUpTooLateIsServed(t *testing.T) {
	d := newDesk(t, turn.Options{Jobs: 8})
	d.gate = make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	d.comes(t.Context(), &wg, d.names(0, 1)...)
	errs := d.comes(ctx, &wg, d.names(1, 4)...)
	d.gate <- struct{}{} // the first is done, the next turn begins and stops at the gate
	d.until(func() bool { return d.line.Waiting("key") == 0 })
	cancel()
	close(d.gate)
	wg.Wait()
	d.want([]string{"0"}, []string{"1", "2", "3"})
	if err := errors.Join(errs...); err != nil {
		t.Errorf("who was taken got %v", err)
	}
}

// A job that panics alone does so before who brought it, and holds nobody up.
func TestAPanicHandsTheTurnOn(t *testing.T) {
	d := newDesk(t, turn.Options{Jobs: 8})
	func() {
		defer func() { _ = recover() }()
		_ = d.line.Do(t.Context(), "key", &job{}) // no desk: a nil dereference
	}()
	if err := d.line.Do(t.Context(), "key", &job{desk: d, name: "after"}); err != nil {
		t.Error(err)
	}
	d.want([]string{"after"})
}

func TestOtherKeysDoNotWait(t *testing.T) {
	d := newDesk(t, turn.Options{Jobs: 8})
	d.gate = make(chan struct{})
	var wg sync.WaitGroup
	d.comes(t.Context(), &wg, d.names(0, 1)...)
	other := newDesk(t, turn.Options{Jobs: 8})
	if err := d.line.Do(t.Context(), "other", &job{desk: other, name: "x"}); err != nil {
		t.Error(err)
	}
	close(d.gate)
	wg.Wait()
}

func TestManyAtOnce(t *testing.T) {
	d := newDesk(t, turn.Options{Jobs: 5})
	d.spoil = func(names []string) bool { return len(names) == 4 }
	var wg sync.WaitGroup
	for i := range 500 {
		wg.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			if i%7 == 0 {
				cancel()
			}
			defer cancel()
			_ = d.line.Do(ctx, "key", &job{desk: d, name: fmt.Sprint(i)})
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for _, name := range slices.Concat(d.turns...) {
		if seen[name] {
			t.Errorf("%s was done twice", name)
		}
		seen[name] = true
	}
	for i := range 500 {
		if i%7 != 0 && !seen[fmt.Sprint(i)] {
			t.Errorf("%d was not done", i)
		}
	}
	if d.line.Waiting("key") != -1 {
		t.Error("a key is left behind")
	}
}
