package journal

import (
	"encoding/base64"
	"encoding/binary"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
)

// Cursor is where a reader of a topic stands: everything up to Number at Level
// has been delivered.
type Cursor struct {
	Topic  id.ID
	Epoch  int64
	Level  access.Level
	Number int64
}

// FeedCursor is where a reader of a feed stands. Feed cursors are ordered, not
// +1. The zero cursor stands before the oldest fact still held.
type FeedCursor struct {
	Epoch int64 // in which the cursor was given
	Era   int64 // the epoch in which the fact was written
	FXID  uint64
	Seq   int64
}

// The first byte of a cursor's text: what it is and how it is written.
const (
	topicCursor byte = 1
	feedCursor  byte = 2
)

// Encode writes the cursor as opaque text. It carries four random bytes of the
// topic's identifier, so that a cursor of another topic is recognised.
func (c Cursor) Encode() string {
	b := make([]byte, 0, 32)
	b = append(b, topicCursor, byte(c.Level))
	b = append(b, c.Topic[12:]...)
	b = binary.AppendUvarint(b, uint64(c.Epoch))
	b = binary.AppendUvarint(b, uint64(c.Number))
	return base64.RawURLEncoding.EncodeToString(b)
}

// DecodeCursor reads a cursor of this topic. Anything else is
// fault.ErrBadCursor at "after".
func DecodeCursor(text string, topic id.ID) (Cursor, error) {
	b, ok := cursorBytes(text, topicCursor)
	if !ok || len(b) < 5 || b[0] >= access.Levels || string(b[1:5]) != string(topic[12:]) {
		return Cursor{}, fault.ErrBadCursor.At("after")
	}
	numbers, ok := uvarints(b[5:], 2)
	if !ok {
		return Cursor{}, fault.ErrBadCursor.At("after")
	}
	return Cursor{Topic: topic, Level: access.Level(b[0]), Epoch: int64(numbers[0]), Number: int64(numbers[1])}, nil
}

// Encode writes the cursor as opaque text; the zero cursor is the empty text.
func (c FeedCursor) Encode() string {
	if c == (FeedCursor{}) {
		return ""
	}
	b := append(make([]byte, 0, 32), feedCursor)
	b = binary.AppendUvarint(b, uint64(c.Epoch))
	b = binary.AppendUvarint(b, uint64(c.Era))
	b = binary.AppendUvarint(b, c.FXID)
	b = binary.AppendUvarint(b, uint64(c.Seq))
	return base64.RawURLEncoding.EncodeToString(b)
}

// DecodeFeedCursor reads a feed cursor. The empty text is the zero cursor;
// anything else that is none is fault.ErrBadCursor at "after".
func DecodeFeedCursor(text string) (FeedCursor, error) {
	if text == "" {
		return FeedCursor{}, nil
	}
	b, ok := cursorBytes(text, feedCursor)
	if !ok {
		return FeedCursor{}, fault.ErrBadCursor.At("after")
	}
	numbers, ok := uvarints(b, 4)
	if !ok {
		return FeedCursor{}, fault.ErrBadCursor.At("after")
	}
	return FeedCursor{Epoch: int64(numbers[0]), Era: int64(numbers[1]), FXID: numbers[2], Seq: int64(numbers[3])}, nil
}

func cursorBytes(text string, sort byte) ([]byte, bool) {
	if len(text) > 64 {
		return nil, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) == 0 || b[0] != sort {
		return nil, false
	}
	return b[1:], true
}

// uvarints reads exactly n numbers that fit a bigint, and nothing after them.
func uvarints(b []byte, n int) ([]uint64, bool) {
	numbers := make([]uint64, n)
	for i := range numbers {
		v, size := binary.Uvarint(b)
		if size <= 0 || v > 1<<63-1 {
			return nil, false
		}
		numbers[i], b = v, b[size:]
	}
	return numbers, len(b) == 0
}

// Beginning says how a stream begins.
type Beginning int

// The ways a stream begins.
const (
	// Fresh: no cursor was given; the state comes first.
	Fresh Beginning = iota
	// Resumed: the facts after the cursor follow, no state.
	Resumed
	// LevelChanged: the cursor counts what another level sees; its numbers mean
	// nothing at the viewer's present level, so the state comes first.
	LevelChanged
)

// Resume decides how a stream of the topic begins for a viewer of the level who
// sent the cursor text (empty: none). For Resumed, the cursor tells after what.
// Faults: fault.ErrBadCursor; ErrStaleCursor when the cursor is of another
// epoch. Whether its number is still held shows when the topic is read.
func Resume(text string, topic id.ID, level access.Level, epoch int64) (Cursor, Beginning, error) {
	if text == "" {
		return Cursor{}, Fresh, nil
	}
	c, err := DecodeCursor(text, topic)
	switch {
	case err != nil:
		return Cursor{}, Fresh, err
	case c.Epoch != epoch:
		return Cursor{}, Fresh, ErrStaleCursor.At("after")
	case c.Level != level:
		return Cursor{}, LevelChanged, nil
	}
	return c, Resumed, nil
}
