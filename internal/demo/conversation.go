package demo

import (
	"context"
	"fmt"

	"github.com/teixit/teixit/internal/domain/discussion"
	"github.com/teixit/teixit/internal/kernel/id"
)

// remark is something an invented person says about an event, perhaps in answer
// to the remark before.
type remark struct {
	event   string
	who     actor
	text    string
	note    bool // for the organisers alone
	answers bool
}

// remarks are the conversation that is there from the start, in its order.
func remarks() ([]remark, error) {
	councils, social, err := crowd()
	if err != nil {
		return nil, err
	}
	return []remark{
		{keySantAndreu, social[1], "Des de l'entitat hi portarem el mapa de recursos del barri. (Comentari de demostració)", false, false},
		{keySantAndreu, social[2], "Molt bé. Nosaltres hi afegim els horaris del casal. (Comentari de demostració)", false, true},
		{keySantAndreu, dayOrganiser(), "Cal confirmar la sala accessible abans de divendres. (Nota de demostració)", true, false},
		{keyLine, social[3], "Hi haurà material en lectura fàcil? (Comentari de demostració)", false, false},
		{keyDoor, councils[0], "Els del transport arriben a tres quarts de nou. (Comentari de demostració)", false, false},
	}, nil
}

// loadConversation lets the people whose tokens are shown watch what concerns
// them, and others talk about it: so that their inboxes are alive.
func (l *loader) loadConversation(ctx context.Context) error {
	for _, w := range []struct {
		who    actor
		events []string
	}{
		{dayOrganiser(), []string{keySantAndreu}},
		{terrassaOfficer(), []string{keyLine, keyApproval}},
		{provincialOfficer(), []string{keyDoor, keySantAndreu}},
	} {
		v, err := l.as(ctx, w.who)
		if err != nil {
			return err
		}
		for _, event := range w.events {
			key := fmt.Sprintf("demo:watch:%s:%s", event, w.who.ID)
			if err := l.Inbox.SetWatch(ctx, v, key, l.made[event], true); err != nil {
				return fmt.Errorf("watch %s: %w", event, err)
			}
		}
	}
	return l.talk(ctx)
}

func (l *loader) talk(ctx context.Context) error {
	all, err := remarks()
	if err != nil {
		return err
	}
	var before id.ID
	for i, r := range all {
		v, err := l.as(ctx, r.who)
		if err != nil {
			return err
		}
		in := discussion.Input{Node: l.made[r.event], Text: r.text, Audience: discussion.Everybody}
		if r.note {
			in.Audience = discussion.Organisers
		}
		if r.answers {
			in.ReplyTo = before
		}
		if before, err = l.Discussion.Add(ctx, v, fmt.Sprintf("demo:comment:%d", i), in); err != nil {
			return fmt.Errorf("comment on %s: %w", r.event, err)
		}
	}
	return nil
}
