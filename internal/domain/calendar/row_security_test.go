package calendar

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// forgotten is the read of delegates as it would be if somebody forgot every
// check in it: who sees the registration, and who sees the name.
func forgotten(t *testing.T, sql string) string {
	t.Helper()
	without := strings.NewReplacer(
		"(m.answers or r.organisation", "(true or r.organisation",
		"case when w.knows or w.door or w.shown then", "case when true then",
		"case when w.knows then", "case when true then",
		"case when w.knows and d.pool is not null then", "case when true then",
	).Replace(sql)
	if strings.Count(without, "true") < strings.Count(sql, "true")+5 {
		t.Fatal("the checks have changed: take out what they are now")
	}
	return without
}

// disableRowSecurity takes the second line away, as the tables' owner.
func disableRowSecurity(t testing.TB, d pgtest.Database) {
	t.Helper()
	owner, err := pgx.Connect(t.Context(), d.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(context.WithoutCancel(t.Context()))
	for _, table := range []string{"person_names", "delegate_secrets", "organization_claims"} {
		if _, err := owner.Exec(t.Context(), `alter table `+table+` disable row level security`); err != nil {
			t.Fatal(err)
		}
	}
}

// TestForgottenCheckLeaksNothing: a read without any check of its own gives no
// name, mail, code or person away, to nobody, on no way of reading. Negative
// control: without row-level security the same read gives all of them away.
func TestForgottenCheckLeaksNothing(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	x := seatsIn(t, pgtest.Open(t, d), general(5))
	by := x.from("Entitat")
	delegate := x.person(access.Viewer{})
	x.exec(`insert into edges (id, kind, source, target) values ($1, 'acts_for', $2, $3)`, id.New(), delegate.Person, by.For)
	x.exec(`insert into person_names (subject, name) values ($1, $2)`, delegate.Person, canary)
	r, err := x.desk.Create(x.ctx, by, RegistrationInput{
		Event: x.event, Organisation: by.For, Policy: WaitTogether, Delegates: []DelegateInput{
			{Name: canary, Mail: "canaria@prova.cat", Role: RoleAssociation}, {Person: delegate.Person, Role: RoleProfessional},
		},
	}, "")
	x.ok(err)
	strangers := map[string]*access.Viewer{
		"anonymous": access.Anonymous(lang.CA), "a stranger": x.from("Una altra"),
		"a member of the event": x.person(access.Viewer{Member: []id.ID{x.event}}),
		"another's officer":     x.person(access.Viewer{Home: []id.ID{id.New()}, Administers: []id.ID{id.New()}}),
	}
	leaks := func() (n int) {
		for who, v := range strangers {
			for way, q := range map[string]postgres.Querier{"with settings": postgres.Personal(x.db.Read(), v), "without": x.db.Read()} {
				list, err := collectDelegates(q.Query(x.ctx, forgotten(t, delegatesOfSQL), seer(v, doors(v), []id.ID{r.ID})...))
				x.ok(err)
				if len(list) != 2 {
					t.Fatalf("the read still checks: %d delegates", len(list))
				}
				for _, d := range list {
					if d.Name+d.Mail+d.Code != "" || !d.Person.IsZero() {
						n++
						t.Logf("%s %s reads %q %q %q %v", who, way, d.Name, d.Mail, d.Code, d.Person)
					}
				}
			}
		}
		return n
	}
	if n := leaks(); n != 0 {
		t.Errorf("%d delegates leaked", n)
	}
	for who, sees := range map[*access.Viewer]bool{x.organiser: true, by: true, delegate: false} {
		list, err := collectDelegates(postgres.Personal(x.db.Read(), who).Query(x.ctx, forgotten(t, delegatesOfSQL), seer(who, doors(who), []id.ID{r.ID})...))
		x.ok(err)
		if got := list[0].Name == canary; got != sees {
			t.Errorf("a viewer with a right sees %v, want %v", got, sees)
		}
	}
	disableRowSecurity(t, d)
	if n := leaks(); n != 2*2*len(strangers) {
		t.Errorf("negative control: without row-level security %d delegates leaked, want all", n)
	}
}
