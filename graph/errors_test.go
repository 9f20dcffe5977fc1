package graph

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// TestPresenterKeepsCauses: what is not the sender's fault is logged with its
// cause, under the reference that the sender is shown; the cause is not shown.
func TestPresenterKeepsCauses(t *testing.T) {
	const secret = "dial tcp 10.0.0.7:5432"
	cause := errors.New(secret)
	for name, c := range map[string]struct {
		err    error
		logged bool
	}{
		"internal":      {cause, true},
		"unavailable":   {fault.ErrUnavailable.New().Because(cause), true},
		"too slow":      {fault.ErrTimeout.New().Because(cause), true},
		"the sender's":  {fault.ErrNotFound.At("id").Because(cause), false},
		"overloaded":    {fault.ErrOverloaded.New(), false}, // said early and often
		"who went away": {fault.ErrUnavailable.New().Because(context.Canceled), false},
	} {
		var log bytes.Buffer
		p := Presenter{Log: slog.New(slog.NewTextHandler(&log, nil)), Reference: func(context.Context) string { return "REFERENCE" }}
		shown := p.Present(t.Context(), c.err)
		if strings.Contains(shown.Message, secret) {
			t.Errorf("%s: the cause is shown", name)
		}
		if got := shown.Extensions["reference"] == "REFERENCE"; got != c.logged {
			t.Errorf("%s: a reference is shown: %v", name, got)
		}
		if got := strings.Contains(log.String(), secret) && strings.Contains(log.String(), "REFERENCE"); got != c.logged {
			t.Errorf("%s: logged %q", name, log.String())
		}
	}
}
