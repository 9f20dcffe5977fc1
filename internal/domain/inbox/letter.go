package inbox

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// digest writes the mail: what happened, grouped by the thing it happened to, in
// the order of the first of it. What is said of a comment stays in the hub.
func (s *Service) digest(ctx context.Context, q postgres.Querier, v *access.Viewer, p recipient, items []*Item) (mail.Message, error) {
	m := mail.Message{To: p.mail, Lang: p.lang, Template: mail.Digest, Off: s.told.Off.Digests(v.Person)}
	var order []id.ID
	groups := map[id.ID][]*Item{}
	for _, item := range items {
		if groups[item.Node] == nil {
			order = append(order, item.Node)
		}
		groups[item.Node] = append(groups[item.Node], item)
	}
	found, err := node.ByIDs(ctx, q, v, order)
	if err != nil {
		return m, err
	}
	things := map[id.ID]*node.Node{}
	for _, n := range found {
		things[n.ID] = n
	}
	list := []mail.Entry{}
	for _, of := range order {
		list = append(list, s.entry(things[of], groups[of], p.lang))
	}
	m.Data = map[string]any{
		"count": len(items), "items": list[:min(len(list), mail.MaxEntries)], "more": len(list) > mail.MaxEntries,
		"link": s.site + "/inbox", "settings": s.site + "/inbox/digests",
	}
	return m, nil
}

// entry says what happened to one thing: each kind once, with how often. A
// person's node has no title.
func (s *Service) entry(n *node.Node, items []*Item, l lang.Lang) mail.Entry {
	var says []string
	counts := map[string]int{}
	for _, item := range items {
		words := s.saysItem(item, l)
		if counts[words]++; counts[words] == 1 {
			says = append(says, words)
		}
	}
	for i, words := range says {
		if counts[words] > 1 {
			says[i] = fmt.Sprintf("%s (%d)", words, counts[words])
		}
	}
	e := mail.Entry{Title: says[0], Text: strings.Join(says, " · "), Link: s.site + "/inbox"}
	if n != nil && n.Kind != node.Person {
		e.Title, e.Link = n.Title.In(l), s.site+"/"+n.GlobalID()
	}
	return e
}

func (s *Service) saysItem(item *Item, l lang.Lang) string {
	words := s.Says(item.Kind).In(l)
	if item.Sort == Mention && slices.Contains(s.told.Comments, item.Kind) {
		words = lang.Text{CA: "Us han esmentat en un comentari", ES: "Le han mencionado en un comentario", EN: "You were mentioned in a comment"}.In(l)
	}
	return words
}
