package jobs

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// backoff doubles from 5 seconds to an hour, a tenth of it by chance, so that
// many failures of one cause do not come back as one crowd.
func backoff(n int) time.Duration {
	pause := time.Hour
	if n < 11 {
		pause = min(pause, 5*time.Second<<max(n-1, 0))
	}
	return pause - time.Duration(rand.Int64N(int64(pause/10)))
}

// NextRetry implements river.ClientRetryPolicy.
func (r *Runner) NextRetry(job *rivertype.JobRow) time.Time {
	return r.clock.Now().Add(r.o.Backoff(len(job.Errors) + 1)).UTC()
}

// teller tells the operator which work failed.
type teller struct{ log *slog.Logger }

// HandleError implements river.ErrorHandler.
func (t teller) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	t.tell(ctx, job, "cause", err.Error())
	return nil
}

// HandlePanic implements river.ErrorHandler. A panic is a mistake of ours; it is
// tried again like any failure.
func (t teller) HandlePanic(ctx context.Context, job *rivertype.JobRow, _ any, trace string) *river.ErrorHandlerResult {
	t.tell(ctx, job, "panic", trace)
	return nil
}

func (t teller) tell(ctx context.Context, job *rivertype.JobRow, what, cause string) {
	attributes := []any{"job", job.ID, "kind", job.Kind, "args", string(job.EncodedArgs), "attempt", job.Attempt, what, cause}
	if job.Attempt >= job.MaxAttempts {
		t.log.ErrorContext(ctx, "a job is given up", attributes...)
		return
	}
	t.log.WarnContext(ctx, "a job failed and is tried again", attributes...)
}

// quietly is the log for River's own lines: what it calls information is of
// interest when something is looked for only.
func quietly(log *slog.Logger) *slog.Logger { return slog.New(quiet{log.Handler()}) }

type quiet struct{ slog.Handler }

func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return q.Handler.Enabled(ctx, softer(l))
}

func (q quiet) Handle(ctx context.Context, record slog.Record) error {
	record.Level = softer(record.Level)
	return q.Handler.Handle(ctx, record)
}

func (q quiet) WithAttrs(a []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(a)} }
func (q quiet) WithGroup(name string) slog.Handler   { return quiet{q.Handler.WithGroup(name)} }

func softer(l slog.Level) slog.Level {
	if l == slog.LevelInfo {
		return slog.LevelDebug
	}
	return l
}
