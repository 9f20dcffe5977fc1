package auth

import (
	"context"
	"errors"

	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// CheckAll is Check for any number of streams at once: one statement, and a few
// more for each under which something has changed. The verdicts are in the order
// of the streams. After an error it can be asked again: nothing found is lost.
func CheckAll(ctx context.Context, q postgres.Querier, streams []*Stream) ([]access.Verdict, error) {
	rounds := make([]int, len(streams))
	stands := make([]stand, 0, len(streams))
	seen := make(map[stand]bool, len(streams))
	idle := SessionIdle
	for i, s := range streams {
		if s.settledForGood() {
			continue
		}
		rounds[i] = s.begin()
		idle = s.idle()
		if at := standOf(s.viewer); !seen[at] {
			seen[at] = true
			stands = append(stands, at)
		}
	}
	var changed map[stand]bool
	if len(stands) > 0 {
		var err error
		if changed, err = standing(ctx, q, idle, stands); err != nil {
			return nil, err
		}
	}
	verdicts := make([]access.Verdict, len(streams))
	for i, s := range streams {
		err := s.judge(ctx, q, changed)
		if err != nil && !errors.Is(err, ErrSignedOut) {
			return nil, err
		}
		if err == nil && !s.over && s.connection != nil {
			s.connection.kept(s, rounds[i])
		}
		verdicts[i] = access.Verdict{Level: s.now, Lost: s.over, Last: s.last, Err: err}
	}
	return verdicts, nil
}

// settledForGood: nothing that changes would change the verdict.
func (s *Stream) settledForGood() bool { return s.over || !s.viewer.SignedIn() }

// judge reads the rights again when something under the stream has changed.
func (s *Stream) judge(ctx context.Context, q postgres.Querier, changed map[stand]bool) error {
	if s.settledForGood() {
		return nil
	}
	signedOut, hasChanged := changed[standOf(s.viewer)]
	switch {
	case signedOut:
		return ErrSignedOut.New()
	case hasChanged:
		return s.renew(ctx, q)
	}
	return nil
}

// OnAsk has f called whenever the stream is to look at its rights, and at once
// when that is due already. f must not block, nor call back into the stream.
func (s *Stream) OnAsk(f func()) {
	c := s.connection
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s.wake = f
	if s.asked {
		f()
	}
}

// GiveUp is Lost for who does not wait: nil means that the connection will end,
// and the stream's context with it.
func (s *Stream) GiveUp() error {
	if s.connection == nil {
		return ErrRightsChanged.New()
	}
	s.connection.lost(s)
	return nil
}
