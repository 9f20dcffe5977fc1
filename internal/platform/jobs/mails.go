package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// mailArgs name a kept mail; the queue holds nothing personal.
type mailArgs struct {
	Mail id.ID `json:"mail"`
}

// Kind implements river.JobArgs.
func (mailArgs) Kind() string { return "mail" }

// Enqueue implements mail.Queue.
func (r *Runner) Enqueue(ctx context.Context, m mail.Message) error {
	return r.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error { return r.EnqueueTx(ctx, tx, m) })
}

// EnqueueTx implements mail.TxQueue.
func (r *Runner) EnqueueTx(ctx context.Context, tx *postgres.Tx, m mail.Message) error {
	return r.EnqueueAllTx(ctx, tx, []mail.Message{m})
}

// EnqueueAllTx is EnqueueTx for several messages, with two statements; see
// mail.EnqueueAll.
func (r *Runner) EnqueueAllTx(ctx context.Context, tx *postgres.Tx, messages []mail.Message) error {
	if len(messages) == 0 {
		return nil
	}
	kept, err := mail.KeepAll(ctx, tx.Native(), messages)
	if err != nil || len(kept) == 0 {
		return err
	}
	jobs := make([]river.InsertManyParams, len(kept))
	for i, m := range kept {
		jobs[i] = river.InsertManyParams{Args: mailArgs{m.ID}, InsertOpts: &river.InsertOpts{
			Queue: mailQueue, MaxAttempts: mailAttempts, Priority: priority(m.Template),
		}}
	}
	if _, err := r.inserts.InsertManyFastTx(ctx, tx.Pgx(), jobs); err != nil {
		return fmt.Errorf("queue mails: %w", err)
	}
	return nil
}

// priority lets those who wait at the door go first.
func priority(template string) int {
	if template == mail.SignInCode || template == mail.MailChange {
		return 1
	}
	return 2
}

// mailWorker sends kept mails.
type mailWorker struct {
	river.WorkerDefaults[mailArgs]
	runner *Runner
}

// Work sends one mail, once. The mail itself is claimed, by PostgreSQL's clock:
// the queue may give a job to a second worker while the first is still at it,
// when it believes that one dead.
func (w *mailWorker) Work(ctx context.Context, job *river.Job[mailArgs]) error {
	db, queued := w.runner.db, job.Args.Mail
	claim, err := mail.Take(ctx, db.Read(), queued)
	switch {
	case err != nil:
		return err
	case claim.Free:
		return w.send(ctx, job, claim.Message)
	case claim.Expired:
		w.runner.log.Warn("a mail waited too long and is not sent", "mail", queued)
		return mail.Settle(ctx, db.Read(), queued, mail.Expired, "")
	case claim.State == mail.Queued:
		return river.JobSnooze(min(mail.Lease, w.runner.o.Backoff(1)))
	}
	return nil // sent, forgotten or given up already
}

func (w *mailWorker) send(ctx context.Context, job *river.Job[mailArgs], m mail.Message) error {
	letter, err := mail.Render(m)
	if err != nil {
		err = &mail.Failure{Permanent: true, Reason: "the template cannot be filled"}
	} else {
		letter.ID = job.Args.Mail
		err = w.runner.o.Mail.Send(ctx, letter)
	}
	return w.note(ctx, job, err)
}

// note records how it went, also when the hub is stopping: a mail that was sent
// must be known as sent.
func (w *mailWorker) note(ctx context.Context, job *river.Job[mailArgs], failed error) error {
	noted, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	q, queued := w.runner.db.Read(), job.Args.Mail
	if failed == nil {
		return mail.Settle(noted, q, queued, mail.Sent, "")
	}
	if errors.Is(ctx.Err(), context.Canceled) { // broken off by Stop
		return errors.Join(ctx.Err(), mail.Release(noted, q, queued, ""))
	}
	var failure *mail.Failure
	if !errors.As(failed, &failure) {
		failure = &mail.Failure{Reason: "the sender failed"}
		w.runner.log.Error("the mail sender failed", "cause", failed)
	}
	switch {
	case failure.Permanent:
		w.runner.log.Error("a mail is refused for good", "mail", queued, "reason", failure.Reason)
		return river.JobCancel(errors.Join(failure, mail.Refuse(noted, q, queued, failure.Reason)))
	case job.Attempt >= job.MaxAttempts:
		return errors.Join(failure, mail.Refuse(noted, q, queued, "given up: "+failure.Reason))
	}
	return errors.Join(failure, mail.Release(noted, q, queued, failure.Reason))
}
