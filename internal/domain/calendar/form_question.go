package calendar

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// QuestionID is the prefix of the organisers' questions in public identifiers.
const QuestionID id.Type = "evq"

// QuestionKind is how a question is answered.
type QuestionKind string

// The kinds of question.
const (
	AskText    QuestionKind = "TEXT"
	AskChoice  QuestionKind = "CHOICE"  // one of its options
	AskSeveral QuestionKind = "SEVERAL" // any of its options
	AskNumber  QuestionKind = "NUMBER"
	AskYesNo   QuestionKind = "YES_NO"
)

// QuestionKinds lists all kinds.
func QuestionKinds() []QuestionKind {
	return []QuestionKind{AskText, AskChoice, AskSeveral, AskNumber, AskYesNo}
}

// AnswersDays is how long after an event answers are kept whose question says
// nothing else.
const AnswersDays = 30

const (
	maxQuestions = 30
	maxOptions   = 30
)

// Question is one of the organisers' own, put to each delegate.
type Question struct {
	link.Slots
	ID      id.ID
	Event   id.ID
	Kind    QuestionKind
	Label   lang.Text
	Help    lang.Text
	Options []lang.Text // an answer names them by their place, from 1
	// Required: who is named has to answer it when they are registered.
	Required bool
	// PurgeOn is the day on which its answers are deleted; zero: AnswersDays after
	// the event.
	PurgeOn time.Time
}

// GlobalID is the question's public identifier.
func (q *Question) GlobalID() string { return QuestionID.GlobalPart(q.Event, q.ID) }

// ShownHelp is what helps to answer it; nil when nothing is said.
func (q *Question) ShownHelp() *lang.Text {
	if q.Help.Empty() {
		return nil
	}
	return &q.Help
}

// ShownPurgeOn is the day on which its answers go; nil where the usual one holds.
func (q *Question) ShownPurgeOn() *time.Time {
	if q.PurgeOn.IsZero() {
		return nil
	}
	return &q.PurgeOn
}

// QuestionInput is a question as it is asked for.
type QuestionInput struct {
	Kind     QuestionKind
	Label    lang.Text   // at least one language; 200
	Help     lang.Text   // 500
	Options  []lang.Text // 2 to 30 of 200, for choices only
	Required bool
	PurgeOn  time.Time
}

// QuestionChanges changes only what is given. How a question is answered does not
// change: whoever answered answered that.
type QuestionChanges struct {
	Label    *lang.Text
	Help     *lang.Text
	Required *bool
	PurgeOn  *time.Time
}

// Facts about the form. Answers are for the organisers, and say nothing.
const (
	FactQuestionsChanged = "QUESTIONS_CHANGED" // no data
	FactNoticeChanged    = "NOTICE_CHANGED"    // NoticeChanged
	FactAnswersGiven     = "ANSWERS_GIVEN"     // DelegateChanged
)

// NoticeChanged tells which version of the notice holds now.
type NoticeChanged struct {
	Version int `json:"version"`
}

func (in QuestionInput) clean() QuestionInput {
	in.Label, in.Help, in.Options = trimText(in.Label), trimText(in.Help), trimTexts(in.Options)
	return in
}

func (in QuestionInput) check(today time.Time) fault.List {
	var c findings
	form.Choice(&c.Findings, in.Kind, QuestionKinds(), "kind")
	c.Title(in.Label, "label")
	c.Text(in.Help, 500, "help")
	c.Texts(in.Options, maxOptions, form.MaxTitle, "options")
	choices := in.Kind == AskChoice || in.Kind == AskSeveral
	if choices && len(in.Options) < 2 || !choices && len(in.Options) > 0 {
		c.Add(errOptions, "options")
	}
	c.Day(in.PurgeOn, "purgeOn")
	if !in.PurgeOn.IsZero() && !in.PurgeOn.After(today) {
		c.Add(errPurgePast, "purgeOn")
	}
	return c.Faults
}

// AddQuestion puts a question behind those there are. Who may: the event's
// organisers.
func (s *Events) AddQuestion(ctx context.Context, v *access.Viewer, event id.ID, in QuestionInput, key string) (*EventResult, error) {
	in = in.clean()
	return s.onForm(ctx, v, event, "eventQuestionAdd", in, key, func(ctx context.Context, tx *postgres.Tx, c *changing) error {
		if err := in.check(c.today).Err(); err != nil {
			return err
		}
		asked, err := questionsOf(ctx, tx.Native(), event)
		if err != nil {
			return err
		}
		if len(asked) >= maxQuestions {
			return ErrTooMany.New().With("max", maxQuestions)
		}
		_, err = tx.Native().Exec(ctx, `
			insert into event_questions (id, event, kind, label, help, options, required, purge_on, position)
			select $1, $2, $3, $4, $5, $6, $7, $8::date, coalesce(max(position), 0) + 1 from event_questions where event = $2`,
			id.New(), event, in.Kind, in.Label, in.Help, in.Options, in.Required, dayOrNil(in.PurgeOn))
		return storeError("add a question", err)
	})
}

// UpdateQuestion changes what is given. Who may: the event's organisers.
func (s *Events) UpdateQuestion(ctx context.Context, v *access.Viewer, event, question id.ID, changes QuestionChanges, key string) (*EventResult, error) {
	return s.onForm(ctx, v, event, "eventQuestionUpdate", []any{question, changes}, key, func(ctx context.Context, tx *postgres.Tx, c *changing) error {
		asked, err := questionsOf(ctx, tx.Native(), event)
		if err != nil {
			return err
		}
		old := asked[question]
		if old == nil {
			return fault.ErrNotFound.At("id")
		}
		in := QuestionInput{Kind: old.Kind, Label: old.Label, Help: old.Help, Options: old.Options, Required: old.Required, PurgeOn: old.PurgeOn}
		today := c.today
		if changes.PurgeOn == nil {
			today = time.Time{} // what was said before is not judged again
		}
		var d difference
		put(&d, "label", &in.Label, given(changes.Label, trimText))
		put(&d, "help", &in.Help, given(changes.Help, trimText))
		put(&d, "required", &in.Required, changes.Required)
		put(&d, "purgeOn", &in.PurgeOn, changes.PurgeOn)
		if err := in.check(today).Err(); err != nil || len(d.names) == 0 {
			return err
		}
		_, err = tx.Native().Exec(ctx, `
			update event_questions set label = $2, help = $3, required = $4, purge_on = $5::date where id = $1`,
			question, in.Label, in.Help, in.Required, dayOrNil(in.PurgeOn))
		return storeError("change a question", err)
	})
}

// RemoveQuestion takes a question away, with all answers to it. Who may: the
// event's organisers.
func (s *Events) RemoveQuestion(ctx context.Context, v *access.Viewer, event, question id.ID, key string) (*EventResult, error) {
	return s.onForm(ctx, v, event, "eventQuestionRemove", question, key, func(ctx context.Context, tx *postgres.Tx, c *changing) error {
		asked, err := questionsOf(ctx, tx.Native(), event)
		if err != nil {
			return err
		}
		if asked[question] == nil {
			return fault.ErrNotFound.At("id")
		}
		// The hub's own work: all answers go, whoever may read them.
		hub := postgres.Hub(tx.Native())
		if _, err := hub.Exec(ctx, `delete from delegate_answers where question = $1`, question); err != nil {
			return storeError("delete answers", err)
		}
		_, err = hub.Exec(ctx, `update event_questions set withdrawn_at = now() where id = $1`, question)
		return storeError("take a question away", err)
	})
}

// onForm runs a change of what the event's form asks.
func (s *Events) onForm(ctx context.Context, v *access.Viewer, event id.ID, mutation string, input any, key string,
	do func(context.Context, *postgres.Tx, *changing) error,
) (*EventResult, error) {
	return s.run(ctx, v, key, mutation, []any{event, input}, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		c, err := lockForChange(ctx, tx, v, event, nil)
		if err != nil {
			return id.Zero, err
		}
		if err := do(ctx, tx, c); err != nil {
			return id.Zero, err
		}
		return event, c.tellPart(ctx, tx, FactQuestionsChanged, nil)
	})
}

const questionColumns = `q.event, q.id, q.kind, q.label, q.help, q.options, q.required, q.purge_on`

func scanQuestion(row pgx.CollectableRow) (*Question, id.ID, error) {
	q := &Question{}
	var purge *time.Time
	err := row.Scan(&q.Event, &q.ID, &q.Kind, &q.Label, &q.Help, &q.Options, &q.Required, &purge)
	if purge != nil {
		q.PurgeOn = *purge
	}
	return q, q.Event, err
}

var questionsSQL = `
select ` + questionColumns + ` from event_questions q join nodes n on n.id = q.event
where q.event = any(` + postgres.Keys + `) and q.withdrawn_at is null and ` + access.VisibleSQL("n", 2) + ` order by q.event, q.position`

// QuestionsOf reads the questions of the events that the viewer can see, in
// their order. An event has at most 30.
func QuestionsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, events []id.ID) (map[id.ID][]*Question, error) {
	return partsOf(ctx, q, v, questionsSQL, events, scanQuestion)
}

// questionsOf reads the questions of one event, by identifier.
func questionsOf(ctx context.Context, q postgres.Querier, event id.ID) (map[id.ID]*Question, error) {
	rows, err := q.Query(ctx, `select `+questionColumns+` from event_questions q where q.event = $1 and q.withdrawn_at is null`, event)
	if err != nil {
		return nil, storeError("read questions", err)
	}
	defer rows.Close()
	found := map[id.ID]*Question{}
	for rows.Next() {
		question, _, err := scanQuestion(rows)
		if err != nil {
			return nil, storeError("read questions", err)
		}
		found[question.ID] = question
	}
	return found, storeError("read questions", rows.Err())
}

// copyForm gives an event the questions and the notice of another. What they say
// about when answers go does not come along: it was said for another day.
func copyForm(ctx context.Context, q postgres.Querier, from, to, by id.ID) error {
	asked, err := questionsOf(ctx, q, from)
	if err != nil {
		return err
	}
	for _, old := range asked {
		_, err := q.Exec(ctx, `
			insert into event_questions (id, event, kind, label, help, options, required, position)
			select $1, $2, kind, label, help, options, required, position from event_questions where id = $3`, id.New(), to, old.ID)
		if err != nil {
			return storeError("copy questions", err)
		}
	}
	_, err = q.Exec(ctx, `
		insert into event_notices (event, version, text, written_by)
		select $2, 1, text, $3 from event_notices where event = $1 order by version desc limit 1`, from, to, by)
	return storeError("copy the notice", err)
}

func dayOrNil(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	day := t.Format(time.DateOnly)
	return &day
}

// Why a form or an answer cannot be as asked.
var (
	errOptions = fault.Define(fault.Invalid, "OPTIONS_AND_KIND",
		"Una pregunta amb opcions en necessita entre 2 i 30; les altres no en tenen.",
		"Una pregunta con opciones necesita entre 2 y 30; las demás no tienen.",
		"A question with options needs 2 to 30 of them; others have none.")
	errPurgePast = fault.Define(fault.Invalid, "PURGE_DATE_PAST",
		"La data d'esborrament ha de ser futura.", "La fecha de borrado debe ser futura.",
		"The day of deletion must be to come.")
	// ErrAnswerNeeded is about a question that has to be answered.
	ErrAnswerNeeded = fault.Define(fault.Invalid, "ANSWER_REQUIRED",
		"Cal respondre: «{question}».", "Hay que responder: «{question}».", "This has to be answered: “{question}”.")
	// ErrAnswerKind is about an answer that is none to its question.
	ErrAnswerKind = fault.Define(fault.Invalid, "ANSWER_OF_ANOTHER_KIND",
		"La resposta no correspon a la pregunta «{question}».",
		"La respuesta no corresponde a la pregunta «{question}».",
		"The answer does not fit the question “{question}”.")
	// ErrNoticeNotAccepted means that the notice was not accepted, or not as it
	// is now.
	ErrNoticeNotAccepted = fault.Define(fault.Conflict, "NOTICE_NOT_ACCEPTED",
		"Cal llegir i acceptar l'avís de l'organització (versió {version}).",
		"Hay que leer y aceptar el aviso de la organización (versión {version}).",
		"The organisers' notice has to be read and accepted (version {version}).")
)
