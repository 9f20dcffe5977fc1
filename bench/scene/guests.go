package scene

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/bench/seatload"
)

// portion is how many people one request adds: a document has at most ten
// fields at its root.
const portion = 10

// Invite adds people who act for the town, and signs them in.
func (s *Scene) Invite(ctx context.Context, n int) error {
	for made := 0; made < n; made += portion {
		if err := s.addPeople(ctx, made); err != nil {
			return fmt.Errorf("add people: %w", err)
		}
	}
	secret, people, err := s.fromDatabase(ctx, n)
	if err != nil {
		return fmt.Errorf("sign people in: %w", err)
	}
	for _, p := range people {
		s.Guests = append(s.Guests, seatload.Person{Token: sign(secret, p), Organization: s.Town})
	}
	fmt.Printf("%d people invited\n", len(s.Guests))
	return nil
}

func (s *Scene) addPeople(ctx context.Context, from int) error {
	var fields strings.Builder
	for i := from; i < from+portion; i++ {
		fmt.Fprintf(&fields, "p%d: personCreate(input: {organization: $town, name: \"Convidat %d\", role: TECHNICIAN}) { errors { code } }\n", i, i)
	}
	var got map[string]struct{ Errors []struct{ Code string } }
	err := s.Client.Ask(ctx, s.Hubs[0].URL(), s.Officer, "mutation($town: ID!) {\n"+fields.String()+"}", map[string]any{"town": s.Town}, &got)
	for _, p := range got {
		if len(p.Errors) > 0 {
			return fmt.Errorf("%+v", p.Errors)
		}
	}
	return err
}

// fromDatabase reads the key of demo tokens and the people who were added.
func (s *Scene) fromDatabase(ctx context.Context, n int) (secret []byte, people [][16]byte, err error) {
	conn, err := s.Superuser(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer conn.Close(ctx)
	if err := conn.QueryRow(ctx, `select value from secrets where name = 'demo'`).Scan(&secret); err != nil {
		return nil, nil, err
	}
	rows, err := conn.Query(ctx, `select subject from person_names where name like 'Convidat %' order by subject limit $1`, n)
	if err != nil {
		return nil, nil, err
	}
	people, err = pgx.CollectRows(rows, pgx.RowTo[[16]byte])
	if err == nil && len(people) < n {
		err = fmt.Errorf("only %d of %d people are there", len(people), n)
	}
	return secret, people, err
}

// Superuser connects to the private PostgreSQL as the launcher does.
func (s *Scene) Superuser(ctx context.Context) (*pgx.Conn, error) {
	text, err := os.ReadFile(filepath.Join(s.data(), "passwords"))
	if err != nil {
		return nil, err
	}
	passwords := map[string]string{}
	if err := json.Unmarshal(text, &passwords); err != nil {
		return nil, err
	}
	file, err := os.ReadFile(filepath.Join(s.data(), "data", "postmaster.pid"))
	if err != nil {
		return nil, err
	}
	lines := strings.Split(string(file), "\n") // pid, folder, start, port, socket folder
	if len(lines) < 5 {
		return nil, fmt.Errorf("an unknown postmaster.pid")
	}
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword("postgres", passwords["postgres"]), Path: "/teixit",
		RawQuery: url.Values{"host": {lines[4]}, "port": {strings.TrimSpace(lines[3])}}.Encode(),
	}
	return pgx.Connect(ctx, u.String())
}

// sign makes the demo token of a person, as the hub does.
func sign(secret []byte, person [16]byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("teixit demo token\x00"))
	mac.Write(person[:])
	encode := base64.RawURLEncoding.EncodeToString
	return "demo." + encode(person[:]) + "." + encode(mac.Sum(nil))
}
