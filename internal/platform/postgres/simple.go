package postgres

import (
	"context"
	"database/sql/driver"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// simpleConnector hands out connections on which database/sql (and so bun)
// speaks the simple protocol, while native pgx on the same connection keeps its
// statement cache.
type simpleConnector struct{ driver.Connector }

func (c simpleConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &simpleConn{conn.(*stdlib.Conn)}, nil
}

type simpleConn struct{ *stdlib.Conn }

func (c *simpleConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.Conn.QueryContext(ctx, query, simply(args))
}

func (c *simpleConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.Conn.ExecContext(ctx, query, simply(args))
}

func simply(args []driver.NamedValue) []driver.NamedValue {
	return append([]driver.NamedValue{{Ordinal: 1, Value: pgx.QueryExecModeSimpleProtocol}}, args...)
}
