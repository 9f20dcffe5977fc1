package graph

import (
	"context"

	"github.com/teixit/teixit/internal/domain/attendance"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/ground/figure"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
)

// eventFormLinks are those of the organisers' form, of the day and its papers.
func eventFormLinks() linkTable {
	delegate := func(d *calendar.Delegate) id.ID { return d.ID }
	return linkTable{
		"Event.series":         of(seriesOf),
		"Event.questions":      of(questionsOf),
		"Event.notice":         of(noticesOf),
		"Event.messages":       of(messagesOf),
		"Event.participants":   of(participantsOf),
		"EventSeries.events":   by(func(s *calendar.Series) id.ID { return s.ID }, eventsOfSeries),
		"Delegate.answers":     by(delegate, answersOf),
		"Delegate.sessions":    by(delegate, choicesOf),
		"Delegate.minutes":     by(delegate, minutesOf),
		"Delegate.certificate": by(delegate, certificatesOf),
	}
}

func seriesOf(ctx context.Context, l level, events []id.ID) (map[id.ID]*calendar.Series, error) {
	return calendar.SeriesOf(ctx, l.q, l.viewer, events)
}

func questionsOf(ctx context.Context, l level, events []id.ID) (map[id.ID][]*calendar.Question, error) {
	return calendar.QuestionsOf(ctx, l.q, l.viewer, events)
}

func noticesOf(ctx context.Context, l level, events []id.ID) (map[id.ID]*calendar.Notice, error) {
	return calendar.NoticesOf(ctx, l.q, l.viewer, events)
}

func messagesOf(ctx context.Context, l level, events []id.ID) (map[id.ID][]*attendance.Message, error) {
	return attendance.MessagesOf(ctx, l.q, l.viewer, events)
}

func participantsOf(ctx context.Context, l level, events []id.ID) (map[id.ID]*figure.Figure, error) {
	return attendance.FiguresOf(ctx, l.q, l.viewer, events)
}

func eventsOfSeries(ctx context.Context, l level, series []id.ID) (map[id.ID]*page.Connection[*calendar.Event], error) {
	args, err := l.page()
	if err != nil {
		return nil, err
	}
	return calendar.EventsOfSeries(ctx, l.q, l.viewer, series, calendar.ChildFilter{Columns: l.columns()}, args)
}

func choicesOf(ctx context.Context, l level, delegates []id.ID) (map[id.ID][]*calendar.Session, error) {
	return calendar.ChoicesOf(ctx, l.q, l.viewer, delegates)
}

func minutesOf(ctx context.Context, l level, delegates []id.ID) (map[id.ID]*int, error) {
	return attendance.MinutesOf(ctx, l.q, l.viewer, delegates)
}

func certificatesOf(ctx context.Context, l level, delegates []id.ID) (map[id.ID]*attendance.Certificate, error) {
	return attendance.CertificatesOf(ctx, l.q, l.viewer, delegates)
}
