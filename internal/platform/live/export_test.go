package live

import "github.com/teixit/teixit/internal/platform/access"

// MixLevels leaves the level out of the key: what the negative control does.
func (s *Shares) MixLevels() {
	s.keyOf = func(k Key) Key {
		k.Level = access.Public
		return k
	}
}
