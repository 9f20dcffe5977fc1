package auth_test

import (
	"testing"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
)

const issuer = "https://provider.example"

// TestIdentity: the same identity is the same person; the mail address that a
// provider tells finds nobody, and becomes the account's own only when the
// provider vouches for it.
func TestIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	signIn := func(c auth.Claims) (id.ID, error) {
		c.Issuer = issuer
		return w.accounts.SignInWith(t.Context(), c)
	}
	known := w.person("known@example.org")
	for _, verified := range []bool{true, false} {
		_, err := signIn(auth.Claims{Subject: "mallory", Mail: "known@example.org", MailVerified: verified})
		w.want(err, "OIDC_MAIL_KNOWN")
	}
	anna, err := signIn(auth.Claims{Subject: "anna", Name: "Anna Prova", Mail: "anna@example.org", MailVerified: true, Language: lang.ES})
	w.want(err, "")
	again, err := signIn(auth.Claims{Subject: "anna", Name: "Another Name", Mail: "known@example.org"})
	w.want(err, "")
	if again != anna || anna == known {
		t.Error("the same identity is not the same person")
	}
	if other, err := w.accounts.SignInWith(t.Context(), auth.Claims{Issuer: "https://other.example", Subject: "anna"}); err != nil || other == anna {
		t.Errorf("the subject of another issuer is %v, %v", other, err)
	}
	if w.count(`select count(*) from person_names where subject = $1 and name = 'Anna Prova'`, anna) != 1 {
		t.Error("the name is not the provider's first")
	}
	if byCode := w.person("anna@example.org"); byCode != anna {
		t.Error("the address that the provider vouched for is somebody else's")
	}
	// Whoever writes somebody else's address at a provider that does not check it
	// must not lie in wait for them.
	waiting, err := signIn(auth.Claims{Subject: "mallory", Mail: "victim@example.org"})
	w.want(err, "")
	if victim := w.person("victim@example.org"); victim == waiting {
		t.Error("an address nobody vouched for became an account's own")
	}
}

// TestLinkIdentity: an account can have several ways in, none of them somebody
// else's, and keeps the last one.
func TestLinkIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := auth.Claims{Issuer: issuer, Subject: "anna"}
	anna, berta := w.viewer(w.person("anna@example.org")), w.viewer(w.person("berta@example.org"))
	w.want(w.accounts.LinkIdentity(t.Context(), anna, c), "")
	w.want(w.accounts.LinkIdentity(t.Context(), anna, c), "")
	w.want(w.accounts.LinkIdentity(t.Context(), berta, c), "IDENTITY_TAKEN")
	w.want(w.accounts.LinkIdentity(t.Context(), &access.Viewer{}, c), "UNAUTHENTICATED")
	if in, err := w.accounts.SignInWith(t.Context(), c); in != anna.Person || err != nil {
		t.Errorf("signed in as %v, %v", in, err)
	}
	w.want(w.accounts.UnlinkIdentities(t.Context(), berta, "", issuer), "NOT_FOUND")
	w.want(w.accounts.UnlinkIdentities(t.Context(), anna, "", issuer), "")
	if in, err := w.accounts.SignInWith(t.Context(), c); in == anna.Person || err != nil {
		t.Errorf("an unlinked identity is still anna: %v", err)
	}

	alone, err := w.accounts.SignInWith(t.Context(), auth.Claims{Issuer: issuer, Subject: "carla"})
	w.want(err, "")
	w.want(w.accounts.UnlinkIdentities(t.Context(), w.viewer(alone), "", issuer), "LAST_WAY_IN")
	_, err = w.accounts.Disable(t.Context(), nil, "", auth.Which{Person: alone})
	w.want(err, "")
	_, err = w.accounts.SignInWith(t.Context(), auth.Claims{Issuer: issuer, Subject: "carla"})
	w.want(err, "ACCOUNT_DISABLED")
}

// TestIdentityOnce: an identity that comes in twice at once is one person.
func TestIdentityOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	together(t, 6, func(int) error {
		_, err := w.accounts.SignInWith(t.Context(), auth.Claims{Issuer: issuer, Subject: "anna", Mail: "anna@example.org", MailVerified: true})
		return err
	})
	if n := w.count(`select count(*) from accounts`); n != 1 {
		t.Errorf("%d accounts", n)
	}
}
