package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"
)

// longestPeriod is bounded by how long finished jobs are remembered.
const longestPeriod = 24 * time.Hour

type chore struct {
	every time.Duration
	do    func(ctx context.Context) error
}

// Periodic has do called once in every period (a second to a day), counted from
// midnight UTC and the same for all instances; a period that began while no
// instance was up is made good at the next start. It may take ten minutes. When
// it fails it is tried again a few times; it may run twice when an instance dies
// in the middle. It is called before Start.
func (r *Runner) Periodic(name string, every time.Duration, do func(ctx context.Context) error) error {
	if _, taken := r.chores[name]; len(name) < 2 || taken || every < time.Second || every > longestPeriod {
		return fmt.Errorf("jobs: chore %q every %s: a name of its own and 1 s to %s are needed", name, every, longestPeriod)
	}
	r.chores[name] = chore{every: every, do: do}
	return nil
}

// choreArgs name a chore.
type choreArgs struct {
	Name string `json:"name"`
}

// Kind implements river.JobArgs.
func (choreArgs) Kind() string { return "chore" }

// periodic is the chores as River's leader begins them. It forgets its plans
// with the instance, therefore each also begins with the leader, and the unique
// key of name and period keeps it to once.
func (r *Runner) periodic() []*river.PeriodicJob {
	var jobs []*river.PeriodicJob
	for name, c := range r.chores {
		opts := &river.InsertOpts{
			Queue: otherQueue, MaxAttempts: choreAttempts,
			UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: c.every},
		}
		jobs = append(jobs, river.NewPeriodicJob(period(c.every),
			func() (river.JobArgs, *river.InsertOpts) { return choreArgs{name}, opts },
			&river.PeriodicJobOpts{ID: name, RunOnStart: true}))
	}
	return jobs
}

// period begins at multiples of itself.
type period time.Duration

// Next implements river.PeriodicSchedule.
func (p period) Next(now time.Time) time.Time {
	return now.UTC().Truncate(time.Duration(p)).Add(time.Duration(p))
}

// choreWorker does chores.
type choreWorker struct {
	river.WorkerDefaults[choreArgs]
	runner *Runner
}

// Timeout implements river.Worker.
func (w *choreWorker) Timeout(*river.Job[choreArgs]) time.Duration { return choreTime }

// Work does one chore.
func (w *choreWorker) Work(ctx context.Context, job *river.Job[choreArgs]) error {
	c, ok := w.runner.chores[job.Args.Name]
	if !ok {
		return river.JobSnooze(attemptTime) // for a newer instance, while this one is being replaced
	}
	return c.do(ctx)
}
