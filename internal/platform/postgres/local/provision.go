package local

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// connect signs in as the superuser.
func (c *incarnation) connect(ctx context.Context) (*pgx.Conn, error) {
	cfg, err := pgx.ParseConfig("sslmode=disable")
	if err != nil {
		return nil, err
	}
	cfg.Host, cfg.Port = c.socketDir, uint16(c.port)
	cfg.User, cfg.Password, cfg.Database = string(Admin), c.passwords[Admin], "postgres"
	cfg.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	return pgx.ConnectConfig(ctx, cfg)
}

// step makes something that a query did not find.
type step struct{ found, make string }

// steps make the roles and the database. The names are constants and the
// passwords letters and digits, so that they stand in the statements as they are.
func (p passwords) steps() []step {
	return []step{p.role(Owner), p.role(App), {
		found: fmt.Sprintf("SELECT EXISTS (SELECT FROM pg_database WHERE datname = '%s')", Database),
		make:  fmt.Sprintf("CREATE DATABASE %s OWNER %s TEMPLATE template0", Database, Owner),
	}, {
		found: fmt.Sprintf("SELECT NOT has_database_privilege('%s', '%s', 'TEMP')", App, Database),
		make:  fmt.Sprintf("REVOKE ALL ON DATABASE %[1]s FROM PUBLIC; GRANT CONNECT ON DATABASE %[1]s TO %[2]s", Database, App),
	}}
}

func (p passwords) role(r Role) step {
	return step{
		found: fmt.Sprintf("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '%s')", r),
		make:  fmt.Sprintf("CREATE ROLE %s LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD '%s'", r, p[r]),
	}
}

// provision makes what is missing. Each step looks first, so that a start killed
// in the middle is completed by the next.
func (c *incarnation) provision(ctx context.Context) (err error) {
	conn, err := c.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	for _, s := range c.passwords.steps() {
		var found bool
		if err := conn.QueryRow(ctx, s.found).Scan(&found); err != nil {
			return err
		}
		if found {
			continue
		}
		if _, err := conn.Exec(ctx, s.make); err != nil {
			return err
		}
	}
	return nil
}
