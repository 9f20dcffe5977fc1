package demo

import (
	"context"
	"fmt"

	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// A board of the traffic carries so many notes, and then some are taken back.
const boardNotes = 24

// bench is where the traffic's own groups sit at the workshop that is watched.
type bench struct {
	organiser *access.Viewer
	shop      id.ID
	pens      []workshop.Pen // empty until the groups have joined
	n         int
}

// benchNames are the groups of the traffic; what the others noted stays as it is.
func benchNames() []string { return []string{"Trànsit 1", "Trànsit 2", "Trànsit 3"} }

// sit lets the traffic's groups join. Where they cannot, the organisers note.
func (t *traffic) sit(ctx context.Context) {
	b := t.bench
	tokens, err := join(ctx, t.Services, b.organiser, b.shop, "demo:traffic", benchNames())
	if err != nil {
		b.pens = []workshop.Pen{{Workshop: b.shop}}
		return
	}
	for _, token := range tokens {
		b.pens = append(b.pens, workshop.Pen{Token: token})
	}
}

// atWorkshop does one thing on the board: a group notes something, takes it back,
// or merges two priorities that say the same.
func (t *traffic) atWorkshop(ctx context.Context) (string, error) {
	if t.bench == nil {
		return "there is no workshop", nil
	}
	if len(t.bench.pens) == 0 {
		t.sit(ctx)
	}
	at := t.chance.IntN(len(t.bench.pens))
	pen := t.bench.pens[at]
	own, err := t.ownNotes(ctx, pen)
	if err != nil {
		return "", err
	}
	switch n := t.chance.IntN(6); {
	case len(own) > 1 && n == 0:
		return t.mergeNotes(ctx, pen, own)
	case len(own) > 0 && (n == 1 || len(own) >= boardNotes/len(t.bench.pens)):
		return t.takeBack(ctx, pen, own)
	default:
		return t.noteSomething(ctx, pen)
	}
}

// ownNotes are the priorities that stand for themselves of who holds the pen.
func (t *traffic) ownNotes(ctx context.Context, pen workshop.Pen) (own []*workshop.Entry, err error) {
	author := id.Zero
	if pen.Token != "" {
		g, err := workshop.GroupWith(ctx, t.DB.Read(), pen.Token)
		if err != nil {
			return nil, err
		}
		author = g.ID
	}
	boards, err := workshop.BoardsOf(ctx, t.DB.Read(), t.bench.organiser, []id.ID{t.bench.shop})
	if err != nil {
		return nil, err
	}
	for _, place := range boards[t.bench.shop] {
		for _, e := range place.Priorities {
			if e.Author == author && e.Territory == place.Territory && len(e.Projects)+len(e.Capacities) == 0 {
				own = append(own, e)
			}
		}
	}
	return own, nil
}

func (t *traffic) noteSomething(ctx context.Context, pen workshop.Pen) (string, error) {
	t.bench.n++
	n := t.bench.n
	places := quarters(bonPastor, baroDeViver, trinitatVella)
	text := lang.Text{
		CA: fmt.Sprintf("Prioritat de demostració %d", n), ES: fmt.Sprintf("Prioridad de demostración %d", n),
		EN: fmt.Sprintf("Demonstration priority %d", n),
	}
	_, err := t.Workshops.Note(ctx, t.bench.organiser, pen, workshop.EntryInput{
		Kind: workshop.Priority, Territory: places[t.chance.IntN(len(places))], Text: text,
	}, id.New().String())
	return "noted something at a workshop", err
}

// mergeNotes merges two of a group's own, in either direction.
func (t *traffic) mergeNotes(ctx context.Context, pen workshop.Pen, own []*workshop.Entry) (string, error) {
	a := t.chance.IntN(len(own))
	b := (a + 1 + t.chance.IntN(len(own)-1)) % len(own)
	_, err := t.Workshops.Merge(ctx, t.bench.organiser, pen, []id.ID{own[a].ID, own[b].ID}, id.New().String())
	return "merged priorities", err
}

func (t *traffic) takeBack(ctx context.Context, pen workshop.Pen, own []*workshop.Entry) (string, error) {
	e := own[t.chance.IntN(len(own))]
	if len(e.Merged) > 0 {
		return "left a merged priority", nil
	}
	_, err := t.Workshops.Withdraw(ctx, t.bench.organiser, pen, e.ID, id.New().String())
	return "took something back at a workshop", err
}
