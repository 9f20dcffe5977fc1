package auth

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// FindTogether finds out by one statement who all of them are, by cookies and
// tokens of machines, as those do who wait for each other; nil for nobody.
func (a *Authenticator) FindTogether(ctx context.Context, all []Shown) []*access.Viewer {
	asked := make([]*asking, len(all))
	for i, s := range all {
		by, shown := asks{token: hashOf(s.Authorization[min(len(s.Authorization), len("Bearer ")):])}, ""
		if shown = string(by.token); s.Cookie != "" {
			shown = storedHash(s.Cookie)
			by = asks{session: &shown}
		}
		asked[i] = &asking{asks: by, kept: a.kept.find(shown), lang: lang.CA, at: a}
	}
	errs, _ := a.together(ctx, asked)
	found := make([]*access.Viewer, len(all))
	for i := range all {
		if errs[i] == nil {
			found[i] = asked[i].viewer
		}
	}
	return found
}
