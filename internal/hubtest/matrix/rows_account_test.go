package matrix_test

import (
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
)

// accountPart is what came to accounts later: how much time a session has, another
// mail address, and what who runs the platform sees.
func accountPart() part {
	return part{plant: plantAccount, queries: askAccount, changes: changeAccount, columns: map[string]string{
		"mail_changes.code_hash": "a keyed hash",
		"mail_changes.id":        "the key of a row; nothing answers with it",
	}}
}

// plantAccount has somebody ask for another address, and work fail with one.
func plantAccount(w *world) {
	asked := w.mark("an address that the representative asked for", owned(rep))
	w.exec(`insert into mail_changes (id, person, mail, code_hash, expires_at) values ($1, $2, $3, 'x', now() + interval '10 minutes')`,
		id.New(), w.people[rep].id, asked+"@example.org")
	failed := w.mark("an address with which work failed", nil)
	w.exec(`insert into river_job (state, attempt, max_attempts, kind, args, errors, attempted_at, finalized_at)
		values ('discarded', 5, 5, 'test', '{"name": "knr"}', array[jsonb_build_object('error', 'refused: <' || $1 || '@example.org>')], now(), now())`, failed)
}

func askAccount(w *world) map[string][]ask {
	someone := w.people["person at the sensitive event"]
	for _, f := range []string{"id", "mail", "language", "admin", "createdAt"} {
		for _, p := range []*planted{someone.self, someone.mail} {
			p.may["Query.account Account."+f] = roles{admin}
		}
	}
	one := roles{admin}
	return map[string][]ask{
		"account": {
			{args: in{"by": in{"mail": someone.address}}, seen: one, deep: true},
			{args: in{"by": in{"person": node.Person.Global(someone.id)}}, seen: one},
			{args: in{"by": in{"mail": "ningu@example.org"}}},
		},
		"jobs": {
			{args: in{}, seen: one, deep: true},
			{args: in{"filter": in{"states": []string{"DISCARDED", "RETRYABLE"}}}, seen: one},
		},
	}
}

func changeAccount(w *world) map[string]change {
	people := but(signedIn(), program)
	return map[string]change{
		"accountMailChange": {
			input: in{"mail": "adreca.nova@example.org"}, may: people, by: roles{colleague},
		},
		"accountMailConfirm": {
			input: in{"code": "0000 0000"}, may: people, by: roles{colleague}, refused: []string{"MAIL_CODE_WRONG"},
		},
	}
}
