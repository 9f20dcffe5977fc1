package live

import "context"

// member is one reader in a group. It holds no goroutine. All but ctx and joint
// belongs to the group's goroutine, unless said otherwise.
type member struct {
	ctx    context.Context
	joint  Joint
	shares *Shares
	at     int64 // the number up to which everything was handed over
	place  int   // among the group's members
	asked  bool  // to look at its rights
	gone   bool  // not in the group any more

	// Guarded by the group's mutex.
	stop     func() bool // does not wait for the context's end any more
	detached bool        // the group does nothing for it any more: the end of ctx ends it
	over     bool        // ended, or somebody else's to end
}

// hand gives a message of a number to the member, unless it has it already. It
// reports false when the member receives nothing any more.
func (m *member) hand(number int64, msg Message) bool {
	if number <= m.at {
		return true
	}
	m.at = number
	m.shares.messages.Add(1)
	return m.joint.Sink.Next(msg.Payload, msg.Cursor)
}

// end is the last thing done for a member, once.
func (m *member) end(err error) {
	m.shares.members.Add(-1)
	if m.joint.Rights != nil {
		m.joint.Rights.Close()
	}
	m.joint.Sink.End(err)
}

// remembered are the newest messages of a group, without a gap: those of the
// numbers base+1 … base+len(messages).
type remembered struct {
	base     int64
	messages []Message
	bytes    int
}

// messageOverhead is what a message costs beside its text, roughly, in bytes.
const messageOverhead = 96

func (r *remembered) head() int64 { return r.base + int64(len(r.messages)) }

// after are the messages that follow a number which they reach back to.
func (r *remembered) after(number int64) []Message { return r.messages[number-r.base:] }

// push adds newer messages and lets the oldest go when there are too many bytes.
func (r *remembered) push(messages []Message, limit int) {
	r.messages = append(r.messages, messages...)
	for _, m := range messages {
		r.bytes += cost(m)
	}
	r.trim(limit)
}

// prepend adds the messages just before the oldest.
func (r *remembered) prepend(messages []Message, limit int) {
	r.messages = append(messages[:len(messages):len(messages)], r.messages...)
	r.base -= int64(len(messages))
	for _, m := range messages {
		r.bytes += cost(m)
	}
	r.trim(limit)
}

func (r *remembered) trim(limit int) {
	drop := 0
	for ; r.bytes > limit && drop < len(r.messages); drop++ {
		r.bytes -= cost(r.messages[drop])
	}
	clear(r.messages[:drop]) // the array below lives on for a while
	r.messages = r.messages[drop:]
	r.base += int64(drop)
}

func cost(m Message) int { return messageOverhead + len(m.Payload) + len(m.Cursor) }
