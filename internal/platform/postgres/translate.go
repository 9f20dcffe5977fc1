package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// Translate gives a database error its safe face. byConstraint names the fault
// of each constraint a caller may run into. What is a fault already passes
// unchanged; nil stays nil.
func Translate(err error, byConstraint map[string]fault.Code) error {
	if err == nil {
		return nil
	}
	var f *fault.Fault
	var l fault.List
	if errors.As(err, &f) || errors.As(err, &l) {
		return err
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return translateServer(err, pg, byConstraint)
	}
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return fault.ErrNotFound.New().Because(err)
	case errors.Is(err, context.DeadlineExceeded):
		return fault.ErrTimeout.New().Because(err)
	case errors.Is(err, context.Canceled):
		return err
	case lostConnection(err):
		return fault.ErrUnavailable.New().Because(err)
	}
	return err
}

func translateServer(err error, pg *pgconn.PgError, byConstraint map[string]fault.Code) error {
	if code, ok := byConstraint[pg.ConstraintName]; ok && pg.ConstraintName != "" {
		return code.New().Because(err)
	}
	switch pg.Code {
	case "57014": // query_canceled: statement_timeout or our context
		return fault.ErrTimeout.New().Because(err)
	case "22021", "22P05": // NUL or text that is no UTF-8
		return fault.ErrBadText.New().Because(err)
	case "53100", "53200", "53300", "57P01", "57P02", "57P03", "25006", "25P03", "55P03":
		// disk full, memory, connections; shutdown, crash, starting up; read
		// only; idle transaction ended; lock not available
		return fault.ErrUnavailable.New().Because(err)
	}
	return err
}

// Busy tells that a lock was not to be had in the time that was given for it.
func Busy(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "55P03" // lock_not_available
}

func lostConnection(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, net.ErrClosed) || isEOF(err)
}

func isEOF(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn)
}
