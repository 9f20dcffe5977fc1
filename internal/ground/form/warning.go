package form

import (
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// Warning is something that is kept as it was given and may still be a slip.
// Nothing is ever corrected in silence.
type Warning struct {
	Code string         // stable name
	Path []string       // the field; a part is named by its public identifier
	Args map[string]any // of the message
	// Node is what the warning is about and Suggestion what may have been
	// meant; Zero when there is none.
	Node, Suggestion id.ID

	code fault.Code
}

// Message is the warning in a language.
func (w Warning) Message(l lang.Lang) string {
	return (&fault.Fault{Code: w.code, Args: w.Args}).Message(l)
}

// Warn makes a warning. Warnings are defined as faults are, for their messages.
func Warn(code fault.Code, args map[string]any, path ...string) Warning {
	return Warning{Code: code.Name, Path: path, Args: args, code: code}
}
