package api_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/platform/node"
)

// do sends a mutation of the officer that has to work and gives what stands at a
// path of its payload.
func (s *stage) do(name string, input in, selection, path string) string {
	s.Helper()
	query := fmt.Sprintf("mutation($in: %sInput!) { %s(input: $in) { %s errors { code message path } } }", strings.ToUpper(name[:1])+name[1:], name, selection)
	return s.must(s.officer, query, in{"in": input}, name+"."+path)
}

// newTable is a table of Terrassa at which the club sits.
func (s *stage) newTable() string {
	s.Helper()
	rules := in{"quorumFirst": "ANY", "quorumLeast": 1, "noticeDays": 0}
	made := s.do("workingTableCreate", in{"convenor": s.council, "kind": "THEMATIC", "title": in{"ca": "Taula"}, "rules": rules}, "table { id }", "table.id")
	s.do("tableMemberAdd", in{"table": made, "organization": s.clubGlobal, "from": "2020-01-01"}, "table { id }", "table.id")
	return made
}

// prepared is a session in preparation with a topic.
func (s *stage) prepared(table string) (session, item string) {
	s.Helper()
	session = s.do("tableSessionCreate", in{"table": table, "startsAt": time.Now().AddDate(0, 0, 9).UTC().Format(time.RFC3339)}, "session { id }", "session.id")
	return session, s.do("agendaItemAdd", in{"session": session, "title": in{"ca": "Punt"}}, "session { agenda { id } }", "session.agenda.0.id")
}

func (s *stage) calledSession(table string) (session, item string) {
	s.Helper()
	session, item = s.prepared(table)
	s.do("tableSessionCall", in{"id": session}, "session { id }", "session.id")
	return session, item
}

// opened is a session that goes on, with the club there.
func (s *stage) openedSession(table string) (session, item string) {
	s.Helper()
	session, item = s.calledSession(table)
	s.do("tableSessionOpen", in{"id": session}, "session { id }", "session.id")
	s.do("tableSessionAttend", in{"id": session, "organization": s.clubGlobal, "present": true, "cameAs": "DELEGATE"}, "session { id }", "session.id")
	return session, item
}

// drafted is a session that was held a month ago, with a draft of its minutes.
func (s *stage) drafted(table string) (session string) {
	s.Helper()
	session = s.do("tableSessionRecord", in{"table": table, "startsAt": time.Now().AddDate(0, 0, -30).UTC().Format(time.RFC3339)}, "session { id }", "session.id")
	s.do("minutesDraft", in{"session": session}, "minutes { revision }", "minutes.revision")
	return session
}

func (s *stage) poll(table string) (poll, date string) {
	s.Helper()
	session, _ := s.prepared(table)
	poll = s.do("tablePollOpen", in{"session": session, "dates": []string{"2090-01-01T17:00:00Z", "2090-01-02T17:00:00Z"}}, "poll { id }", "poll.id")
	return poll, s.must(s.officer, `query($id: ID!) { tablePoll(id: $id) { dates { id } } }`, in{"id": poll}, "tablePoll.dates.0.id")
}

// linkTo is the secret of the link that a delegate without an account is mailed.
func (s *stage) linkTo(of string) string {
	s.Helper()
	s.do("tableSeatSet", in{"table": of, "organization": s.clubGlobal, "position": "DELEGATE", "name": "Aina", "mail": "aina@example.org"}, "table { id }", "table.id")
	session, _ := s.calledSession(of)
	_, part, err := table.SessionType.Part(session)
	if err != nil {
		s.Fatal(err)
	}
	s.n++
	secret := fmt.Sprint("secret of a link ", s.n)
	s.exec(`update table_links set token_hash = sha256($2::text::bytea), told_at = now(), expires_at = now() + interval '1 day' where session = $1`, part, secret)
	return secret
}

// everyOfTables has one working request for each mutation of working tables.
func (s *stage) everyOfTables() map[string]func() command {
	by := func(input in) command { return command{s.officer, input} }
	spec := func() in { return in{"convenor": s.council, "kind": "THEMATIC", "title": in{"ca": "Taula per clau"}} }
	onTable := func(field string, more in) func() command {
		return func() command {
			input := in{field: s.newTable()}
			for k, v := range more {
				input[k] = v
			}
			return by(input)
		}
	}
	session := func(state func(string) (string, string), field string, more in) func() command {
		return func() command {
			of, _ := state(s.newTable())
			input := in{field: of}
			for k, v := range more {
				input[k] = v
			}
			return by(input)
		}
	}
	item := func(state func(string) (string, string), field string, more in) func() command {
		return func() command {
			_, of := state(s.newTable())
			input := in{field: of}
			for k, v := range more {
				input[k] = v
			}
			return by(input)
		}
	}
	proposed := func(more in) func() command {
		return func() command {
			made := s.must(s.rep, `mutation($in: WorkingTableProposeInput!) { workingTablePropose(input: $in) { table { id } } }`, in{"in": spec()}, "workingTablePropose.table.id")
			input := in{"id": made}
			for k, v := range more {
				input[k] = v
			}
			return by(input)
		}
	}
	text := in{"ca": "Un text"}
	return map[string]func() command{
		"workingTableCreate":  func() command { return by(spec()) },
		"workingTablePropose": func() command { return command{s.rep, spec()} },
		"workingTableApprove": proposed(nil),
		"workingTableReject":  proposed(in{"reason": text}),
		"workingTableUpdate":  onTable("id", in{"filePrefix": "X"}),
		"workingTableEnd":     onTable("id", nil),
		"tableMemberAdd":      onTable("table", in{"organization": s.otherClubGlobal}),
		"tableMemberEnd":      onTable("table", in{"organization": s.clubGlobal}),
		"tableSeatSet":        onTable("table", in{"organization": s.clubGlobal, "position": "DELEGATE", "name": "Aina"}),
		"tableSeatClear": func() command {
			of := s.newTable()
			s.do("tableSeatSet", in{"table": of, "organization": s.clubGlobal, "position": "DELEGATE", "name": "Aina"}, "table { id }", "table.id")
			return by(in{"table": of, "organization": s.clubGlobal, "position": "DELEGATE"})
		},
		"tableOfficerAppoint": onTable("table", in{"person": node.Person.Global(s.officerID), "office": "SECRETARY"}),
		"tableOfficerEnd": func() command {
			of, person := s.newTable(), node.Person.Global(s.officerID)
			s.do("tableOfficerAppoint", in{"table": of, "person": person, "office": "SECRETARY"}, "table { id }", "table.id")
			return by(in{"table": of, "person": person})
		},
		"tableJoinRequestCreate": onTable("table", in{"organization": s.council}),
		"tableJoinRequestDecide": func() command {
			asked := s.do("tableJoinRequestCreate", in{"table": s.newTable(), "organization": s.council}, "table { joinRequests { id } }", "table.joinRequests.0.id")
			return by(in{"id": asked, "accept": true})
		},
		"tableJoinRequestWithdraw": func() command {
			return by(in{"id": s.do("tableJoinRequestCreate", in{"table": s.newTable(), "organization": s.council}, "table { joinRequests { id } }", "table.joinRequests.0.id")})
		},
		"tableSessionCreate":    onTable("table", nil),
		"tableSessionDuplicate": session(s.prepared, "id", nil),
		"tableSessionUpdate":    session(s.prepared, "id", in{"place": "2"}),
		"tableSessionCall":      session(s.prepared, "id", nil),
		"tableSessionOpen":      session(s.calledSession, "id", nil),
		"tableSessionClose":     session(s.openedSession, "id", nil),
		"tableSessionCancel":    session(s.calledSession, "id", in{"reason": text}),
		"tableSessionRecord":    onTable("table", in{"startsAt": "2026-01-10T17:00:00Z"}),
		"tableSessionAnswer":    session(s.calledSession, "id", in{"organization": s.clubGlobal, "answer": "ATTEND"}),
		"tableSessionAttend":    session(s.openedSession, "id", in{"organization": s.clubGlobal, "present": false}),
		"agendaItemAdd":         session(s.prepared, "session", in{"title": text}),
		"agendaItemRemove":      item(s.prepared, "id", nil),
		"agendaItemOpen":        item(s.openedSession, "id", nil),
		"agendaItemClose":       item(s.openedSession, "id", in{"outcome": "INFORMATION"}),
		"tablePaperAdd":         session(s.prepared, "session", in{"title": text, "url": "https://example.org"}),
		"tableResolutionAdopt":  item(s.openedSession, "item", in{"kind": "TASK", "text": text}),
		"tableResolutionFollow": func() command {
			_, of := s.openedSession(s.newTable())
			made := s.do("tableResolutionAdopt", in{"item": of, "kind": "TASK", "text": text}, "resolution { id }", "resolution.id")
			return by(in{"id": made, "state": "DONE"})
		},
		"minutesDraft": func() command {
			made := s.do("tableSessionRecord", in{"table": s.newTable(), "startsAt": "2026-01-10T17:00:00Z"}, "session { id }", "session.id")
			return by(in{"session": made})
		},
		"minutesWrite": func() command {
			return by(in{"session": s.drafted(s.newTable()), "expectedRevision": "1", "minutes": "Un text"})
		},
		"minutesCirculate": func() command { return by(in{"session": s.drafted(s.newTable())}) },
		"minutesApprove": func() command {
			of := s.newTable()
			earlier := s.drafted(of)
			later, _ := s.openedSession(of)
			return by(in{"session": earlier, "in": later})
		},
		"tablePollOpen": session(s.prepared, "session", in{"dates": []string{"2090-01-01T17:00:00Z", "2090-01-02T17:00:00Z"}}),
		"tablePollAnswer": func() command {
			poll, date := s.poll(s.newTable())
			return by(in{"id": poll, "organization": s.clubGlobal, "answers": []in{{"date": date, "answer": "YES"}}})
		},
		"tablePollClose": func() command {
			poll, date := s.poll(s.newTable())
			return by(in{"id": poll, "date": date})
		},
		"tableLinkAnswer": func() command { return command{anonymous, in{"token": s.linkTo(s.newTable()), "answer": "ATTEND"}} },
	}
}
