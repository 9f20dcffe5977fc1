package calendar

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Answer is what was said to a question: exactly one of its values, by the
// question's kind. The zero Answer is none.
type Answer struct {
	Text    string   `json:"text,omitempty"`
	Number  *float64 `json:"number,omitempty"`
	Yes     *bool    `json:"yes,omitempty"`
	Choices []int    `json:"choices,omitempty"` // places among the options, from 1
}

func (a Answer) none() bool {
	return a.Text == "" && a.Number == nil && a.Yes == nil && len(a.Choices) == 0
}

// GivenAnswer is an answer on its way in; an empty one deletes what was there.
type GivenAnswer struct {
	Question id.ID
	Answer
}

// AnswerOfDelegate is an answer as it is read, with its question.
type AnswerOfDelegate struct {
	link.Slots
	Answer
	Delegate id.ID
	Question *Question
	event    id.ID
}

// ShownText is the text; nil for other kinds.
func (a *AnswerOfDelegate) ShownText() *string { return shown(a.Text) }

// ShownChoices are the places of the options; empty for other kinds.
func (a *AnswerOfDelegate) ShownChoices() []int { return append([]int{}, a.Choices...) }

const maxAnswer = 2_000

// Words shows the answer as a text, in a language.
func (a Answer) Words(q *Question, l lang.Lang) string {
	switch {
	case a.Number != nil:
		return strconv.FormatFloat(*a.Number, 'f', -1, 64)
	case a.Yes != nil && *a.Yes:
		return lang.Text{CA: "sí", ES: "sí", EN: "yes"}.In(l)
	case a.Yes != nil:
		return "no"
	}
	if len(a.Choices) == 0 {
		return a.Text
	}
	var chosen []string
	for _, n := range a.Choices {
		if n <= len(q.Options) {
			chosen = append(chosen, q.Options[n-1].In(l))
		}
	}
	return strings.Join(chosen, ", ")
}

// fits tells whether the answer is one to the question.
func (a Answer) fits(q *Question) bool {
	given := 0
	for _, there := range []bool{a.Text != "", a.Number != nil, a.Yes != nil, len(a.Choices) > 0} {
		if there {
			given++
		}
	}
	if given != 1 {
		return false
	}
	switch q.Kind {
	case AskText:
		return a.Text != ""
	case AskNumber:
		return a.Number != nil && !math.IsNaN(*a.Number) && math.Abs(*a.Number) <= 1e12
	case AskYesNo:
		return a.Yes != nil
	case AskChoice:
		return len(a.Choices) == 1 && a.among(q)
	}
	return a.among(q)
}

func (a Answer) among(q *Question) bool {
	seen := map[int]bool{}
	for _, n := range a.Choices {
		if n < 1 || n > len(q.Options) || seen[n] {
			return false
		}
		seen[n] = true
	}
	return len(a.Choices) > 0
}

// checkAnswers finds what is wrong with the answers of one delegate, relative to
// them. whole: all that is required has to be there, besides what was answered
// before.
func checkAnswers(asked map[id.ID]*Question, list []GivenAnswer, before []id.ID, whole bool, l lang.Lang) (wrong fault.List) {
	answered := map[id.ID]bool{}
	for _, question := range before {
		answered[question] = true
	}
	seen := map[id.ID]bool{}
	for i, a := range list {
		path := []string{"answers", strconv.Itoa(i)}
		q := asked[a.Question]
		switch {
		case q == nil:
			wrong = append(wrong, fault.ErrNotFound.At(append(path, "question")...))
		case seen[a.Question]:
			wrong = append(wrong, ErrGivenTwice.At(append(path, "question")...))
		case !form.Storable(a.Text):
			wrong = append(wrong, fault.ErrBadText.At(append(path, "text")...))
		case len([]rune(a.Text)) > maxAnswer:
			wrong = append(wrong, fault.ErrTooLong.At(append(path, "text")...).With("max", maxAnswer))
		case !a.none() && !a.fits(q):
			wrong = append(wrong, ErrAnswerKind.At(path...).With("question", q.Label.In(l)))
		}
		seen[a.Question], answered[a.Question] = true, !a.none()
	}
	if !whole {
		return wrong
	}
	for _, q := range inOrder(asked) {
		if q.Required && !answered[q.ID] {
			wrong = append(wrong, ErrAnswerNeeded.At("answers").With("question", q.Label.In(l)))
		}
	}
	return wrong
}

// inOrder are the questions in an order that is always the same.
func inOrder(asked map[id.ID]*Question) []*Question {
	var list []*Question
	for _, q := range asked {
		list = append(list, q)
	}
	slices.SortFunc(list, func(a, b *Question) int { return cmp.Compare(a.ID.String(), b.ID.String()) })
	return list
}

// takeForm refuses a block that does not answer what the event asks, or does not
// accept its notice.
func (d *desk) takeForm(ctx context.Context, in RegistrationInput) error {
	if d.at.Notice > 0 && !d.onPaper && in.Notice != d.at.Notice {
		return ErrNoticeNotAccepted.At("noticeAccepted").With("version", d.at.Notice)
	}
	if !d.at.Asks && !in.answered() {
		return nil
	}
	asked, err := d.questions(ctx)
	if err != nil {
		return err
	}
	var wrong fault.List
	for i, x := range in.Delegates {
		for _, f := range checkAnswers(asked, x.Answers, nil, x.named() && !d.onPaper, d.viewer.Lang) {
			wrong = append(wrong, f.Under("delegates", strconv.Itoa(i)))
		}
	}
	return wrong.Err()
}

// answered tells that somebody in it answers something.
func (in RegistrationInput) answered() bool {
	return slices.ContainsFunc(in.Delegates, func(x DelegateInput) bool { return len(x.Answers) > 0 })
}

// questions are those of the event, read once for a desk.
func (d *desk) questions(ctx context.Context) (_ map[id.ID]*Question, err error) {
	if d.asked == nil {
		d.asked, err = questionsOf(ctx, d.tx.Native(), d.event)
	}
	return d.asked, err
}

// keepForms stores what the delegates of new blocks answered, and that the
// notice was accepted: a statement for each kind that there is.
func keepForms(ctx context.Context, tx *postgres.Tx, blocks ...*newBlock) error {
	f := formColumns{}
	for _, b := range blocks {
		f.add(b)
	}
	hub := postgres.Hub(tx.Native()) // as writeAnswers
	if len(f.accepted) > 0 {
		if _, err := tx.Native().Exec(ctx, acceptedSQL, f.accepted, f.versions); err != nil {
			return registrationError("keep that the notice was accepted", err)
		}
	}
	if len(f.answering) > 0 {
		if _, err := hub.Exec(ctx, answeredSQL, f.answeredAt, f.answering, f.questions, f.answers); err != nil {
			return registrationError("keep answers", err)
		}
	}
	if len(f.counted) > 0 {
		if _, err := hub.Exec(ctx, countedSQL, f.countedAt, f.counted, f.sexes); err != nil {
			return registrationError("keep what is counted", err)
		}
	}
	return nil
}

const (
	acceptedSQL = `
update registrations r set notice_version = c.version, notice_accepted_at = clock_timestamp()
from unnest($1::uuid[], $2::int[]) as c(id, version) where r.id = c.id`
	answeredSQL = `
insert into delegate_answers (delegate, question, event, answer)
select c.delegate, c.question, c.event, c.answer from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::jsonb[]) as c(event, delegate, question, answer)`
	countedSQL = `
insert into delegate_traits (delegate, event, sex)
select c.delegate, c.event, c.sex from unnest($1::uuid[], $2::uuid[], $3::text[]) as c(event, delegate, sex)`
)

// formColumns are the forms of new blocks as arrays.
type formColumns struct {
	accepted, answering, questions, counted []id.ID
	answeredAt, countedAt                   []id.ID // the events
	versions                                []int
	answers                                 []Answer
	sexes                                   []string
}

func (c *formColumns) add(b *newBlock) {
	if b.input.Notice > 0 {
		c.accepted, c.versions = append(c.accepted, b.Registration), append(c.versions, b.input.Notice)
	}
	for _, x := range b.delegates {
		for _, a := range x.Answers {
			if !a.none() {
				c.answeredAt = append(c.answeredAt, b.event)
				c.answering, c.questions, c.answers = append(c.answering, x.ID), append(c.questions, a.Question), append(c.answers, a.Answer)
			}
		}
		if x.Sex != "" {
			c.countedAt = append(c.countedAt, b.event)
			c.counted, c.sexes = append(c.counted, x.ID), append(c.sexes, string(x.Sex))
		}
	}
}

// writeAnswers is the hub's own work: who answers for somebody need not be able
// to read what was there.
func (d *desk) writeAnswers(ctx context.Context, delegate id.ID, list []GivenAnswer) error {
	hub := postgres.Hub(d.tx.Native())
	for _, a := range list {
		var err error
		if a.none() {
			_, err = hub.Exec(ctx, `delete from delegate_answers where delegate = $1 and question = $2`, delegate, a.Question)
		} else {
			_, err = hub.Exec(ctx, `
				insert into delegate_answers (delegate, question, event, answer) values ($1, $2, $3, $4)
				on conflict (delegate, question) do update set answer = excluded.answer, answered_at = clock_timestamp()`,
				delegate, a.Question, d.event, a.Answer)
		}
		if err != nil {
			return registrationError("keep an answer", err)
		}
	}
	return nil
}

// SetAnswers answers the organisers' questions for a delegate, and says their
// sex, which is counted and never required; nil leaves it, "" takes it back.
//
// Who may: the parties of the registration, and the delegate. Refusals:
// ErrDelegateGone, ErrEventOver and INVALID for answers that are none.
func (s *Registrations) SetAnswers(ctx context.Context, v *access.Viewer, event, delegate id.ID, list []GivenAnswer, sex *Sex, key string) (x *Delegate, err error) {
	if sex != nil && *sex != "" && !oneOf(*sex, Sexes()) {
		return nil, ErrBadPolicy.At("sex")
	}
	r := request{viewer: v, event: event, key: key, name: "delegateFormSet", input: []any{delegate, list, sex}}
	err = s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		f, err := d.fileOf(ctx, delegate)
		if err != nil {
			return nil, err
		}
		who := f.delegate(delegate)
		if err := d.mayNoteNeeds(f, who); err != nil {
			return nil, err
		}
		d.tellDelegates(FactAnswersGiven, f, []fileDelegate{who})
		return []id.ID{delegate}, d.answerQuestions(ctx, delegate, list, sex)
	}, func(ctx context.Context, q postgres.Querier, ids []id.ID) (err error) {
		x, err = oneDelegate(ctx, q, v, ids[0])
		return err
	})
	return x, err
}

func (d *desk) answerQuestions(ctx context.Context, delegate id.ID, list []GivenAnswer, sex *Sex) error {
	asked, err := questionsOf(ctx, d.tx.Native(), d.event)
	if err != nil {
		return err
	}
	rows, err := postgres.Hub(d.tx.Native()).Query(ctx, `select question from delegate_answers where delegate = $1`, delegate)
	if err != nil {
		return registrationError("read what was answered", err)
	}
	before, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return registrationError("read what was answered", err)
	}
	if wrong := checkAnswers(asked, list, before, len(list) > 0, d.viewer.Lang); len(wrong) > 0 {
		return wrong
	}
	if err := d.writeAnswers(ctx, delegate, list); err != nil || sex == nil {
		return err
	}
	return d.writeSex(ctx, delegate, *sex)
}

var answersSQL = `
select a.delegate, a.event, a.answer, ` + questionColumns + `
from delegate_answers a join event_questions q on q.id = a.question and q.withdrawn_at is null
join registration_delegates d on d.id = a.delegate join registrations r on r.id = d.registration join nodes n on n.id = a.event
left join delegate_secrets s on s.delegate = a.delegate
where a.delegate = any($7) and (` + answersForSQL + `) order by a.delegate, q.position`

// answersForSQL is who reads what a delegate said: the parties of the
// registration, and the delegate. Parameters as registrationSeenSQL.
var answersForSQL = `coalesce(r.registered_by = $1 or r.organisation = any($4::uuid[]) or s.person = $1
  or ` + access.LevelSQL("n", 2) + ` = 4, false)`

// AnswersOf reads what delegates answered to the organisers' questions, for the
// parties of their registrations and for themselves; others get none.
func AnswersOf(ctx context.Context, q postgres.Querier, v *access.Viewer, delegates []id.ID) (map[id.ID][]*AnswerOfDelegate, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, answersSQL, seer(v, delegates)...)
	if err != nil {
		return nil, registrationError("read answers", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*AnswerOfDelegate, error) {
		a, x := &AnswerOfDelegate{}, &Question{}
		a.Question = x
		var purge *time.Time
		return a, row.Scan(&a.Delegate, &a.event, &a.Answer, &x.Event, &x.ID, &x.Kind, &x.Label, &x.Help, &x.Options, &x.Required, &purge)
	})
	if err != nil {
		return nil, registrationError("read answers", err)
	}
	of, read := map[id.ID][]*AnswerOfDelegate{}, map[id.ID][]id.ID{}
	for _, a := range list {
		of[a.Delegate] = append(of[a.Delegate], a)
		read[a.event] = append(read[a.event], a.Delegate)
	}
	for event, subjects := range read {
		if err := audit.Read(ctx, q, v, audit.Delegates, event, subjects); err != nil {
			return nil, err
		}
	}
	return of, nil
}
