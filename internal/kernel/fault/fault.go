// Package fault is the hub's error type. A fault has two faces: a safe one
// (stable code, field path, message in the reader's language) that may be
// shown to anybody, and a true one (the cause) that is logged with a reference
// and never shown.
//
// A package defines its faults once, in all three languages:
//
//	var errFull = fault.Define(fault.Conflict, "EVENT_FULL",
//		"No queden places: en demaneu {wanted} i n'hi ha {free}.",
//		"No quedan plazas: pide {wanted} y hay {free}.",
//		"Not enough places: {wanted} asked for, {free} left.")
//
// and raises them with the field they are about:
//
//	return errFull.At("input", "delegates").With("wanted", 5).With("free", 2)
package fault

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/teixit/teixit/internal/kernel/lang"
)

// Kind says what sort of failure it is; transports map it to their own codes.
type Kind string

// The kinds of failure.
const (
	Invalid         Kind = "INVALID"         // the input is wrong; the path names the field
	NotFound        Kind = "NOT_FOUND"       // does not exist, or not for who asks
	Conflict        Kind = "CONFLICT"        // right in itself, but not in the present state
	Denied          Kind = "DENIED"          // signed in, and may not
	Unauthenticated Kind = "UNAUTHENTICATED" // has to sign in
	Limited         Kind = "LIMITED"         // too much or too often; try later or ask for less
	Internal        Kind = "INTERNAL"        // our failure; the cause is in the log
)

// Code is a defined failure: its kind, stable name and message templates.
// A template names arguments in braces: {free}.
type Code struct {
	Kind Kind
	Name string // SCREAMING_SNAKE, part of the public contract
	Text lang.Text
}

// Define makes a Code with its message in the three languages. It panics on an
// empty name or message: definitions are package variables, so this is seen at
// the first start.
func Define(kind Kind, name, ca, es, en string) Code {
	c := Code{Kind: kind, Name: name, Text: lang.Text{CA: ca, ES: es, EN: en}}
	if name == "" || !c.Text.Complete() {
		panic("fault: incomplete definition of " + name)
	}
	return c
}

// At raises the code as an error about the field at path.
func (c Code) At(path ...string) *Fault { return &Fault{Code: c, Path: path} }

// New raises the code as an error about no particular field.
func (c Code) New() *Fault { return &Fault{Code: c} }

// Is lets errors.Is(err, code) find a fault by its code.
func (c Code) Error() string { return c.Name }

// Fault is one raised failure.
type Fault struct {
	Code Code
	Path []string       // field path in the caller's input, outermost first; nil when about no field
	Args map[string]any // values for the message template and for programs
	// Details carries a typed value a client may need (such as the current
	// state after a version conflict). It must be as safe as the message.
	Details any
	Cause   error // the true face: logged, never shown
}

// With sets an argument of the message and returns a changed copy.
func (f *Fault) With(name string, value any) *Fault {
	g := *f
	g.Args = maps.Clone(f.Args)
	if g.Args == nil {
		g.Args = map[string]any{}
	}
	g.Args[name] = value
	return &g
}

// Because sets the true cause and returns a changed copy.
func (f *Fault) Because(cause error) *Fault {
	g := *f
	g.Cause = cause
	return &g
}

// Carrying sets the details and returns a changed copy.
func (f *Fault) Carrying(details any) *Fault {
	g := *f
	g.Details = details
	return &g
}

// Under puts prefix before the path and returns a changed copy; services name
// fields relative to their own input, callers add where that input stands.
func (f *Fault) Under(prefix ...string) *Fault {
	g := *f
	g.Path = append(slices.Clone(prefix), f.Path...)
	return &g
}

// Message is the safe face in the language l.
func (f *Fault) Message(l lang.Lang) string {
	text := f.Code.Text.In(l)
	if len(f.Args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	pairs := make([]string, 0, 2*len(f.Args))
	for name, value := range f.Args {
		pairs = append(pairs, "{"+name+"}", show(value, l))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func show(value any, l lang.Lang) string {
	if t, ok := value.(lang.Text); ok {
		return t.In(l)
	}
	return fmt.Sprint(value)
}

// Error is the true face, for logs.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Code.Name)
	if len(f.Path) > 0 {
		b.WriteString(" at " + strings.Join(f.Path, "."))
	}
	if len(f.Args) > 0 {
		fmt.Fprintf(&b, " %v", f.Args)
	}
	if f.Cause != nil {
		b.WriteString(": " + f.Cause.Error())
	}
	return b.String()
}

// Unwrap gives the cause to errors.Is and errors.As.
func (f *Fault) Unwrap() error { return f.Cause }

// Is reports whether target is this fault's code, so that
// errors.Is(err, calendar.ErrClosed) works on a raised fault.
func (f *Fault) Is(target error) bool {
	c, ok := target.(Code)
	return ok && c.Name == f.Code.Name
}

// Common codes used by more than one room.
var (
	// ErrNotFound is the one answer for what does not exist, has another type,
	// or may not be seen.
	ErrNotFound = Define(NotFound, "NOT_FOUND",
		"No s'ha trobat.", "No se ha encontrado.", "Not found.")
	ErrDenied = Define(Denied, "DENIED",
		"No teniu permís per fer això.", "No tiene permiso para hacer esto.", "You may not do this.")
	ErrUnauthenticated = Define(Unauthenticated, "UNAUTHENTICATED",
		"Cal iniciar la sessió.", "Hay que iniciar sesión.", "You have to sign in.")
	ErrInternal = Define(Internal, "INTERNAL",
		"Hi ha hagut un error nostre. Si continua, digueu-nos la referència.",
		"Ha habido un error nuestro. Si continúa, díganos la referencia.",
		"Something failed on our side. If it goes on, tell us the reference.")
	// ErrUnavailable is the answer while the database cannot be reached.
	ErrUnavailable = Define(Limited, "UNAVAILABLE",
		"El servei no està disponible ara mateix. Torneu-ho a provar d'aquí a uns segons.",
		"El servicio no está disponible ahora mismo. Vuelva a intentarlo en unos segundos.",
		"The service is not available right now. Try again in a few seconds.")
	ErrOverloaded = Define(Limited, "OVERLOADED",
		"Hi ha massa peticions. Torneu-ho a provar d'aquí a uns segons.",
		"Hay demasiadas peticiones. Vuelva a intentarlo en unos segundos.",
		"Too many requests. Try again in a few seconds.")
	ErrTimeout = Define(Limited, "TIMEOUT",
		"La petició ha trigat massa i s'ha aturat.",
		"La petición ha tardado demasiado y se ha detenido.",
		"The request took too long and was stopped.")
	ErrRequired = Define(Invalid, "REQUIRED",
		"Aquest camp és obligatori.", "Este campo es obligatorio.", "This field is required.")
	ErrTooLong = Define(Invalid, "TOO_LONG",
		"El text passa de {max} caràcters.", "El texto supera los {max} caracteres.", "The text is longer than {max} characters.")
	ErrBadText = Define(Invalid, "BAD_TEXT",
		"El text conté caràcters que no es poden desar.",
		"El texto contiene caracteres que no se pueden guardar.",
		"The text has characters that cannot be stored.")
	ErrBadID = Define(Invalid, "BAD_ID",
		"Aquest identificador no és vàlid aquí.", "Este identificador no es válido aquí.", "This identifier is not valid here.")
	ErrBadDate = Define(Invalid, "BAD_DATE",
		"La data no existeix o queda fora de 1900–2200.",
		"La fecha no existe o queda fuera de 1900–2200.",
		"The date does not exist or is outside 1900–2200.")
	ErrPageSize = Define(Invalid, "PAGE_SIZE",
		"Demaneu entre 1 i {max} elements.", "Pida entre 1 y {max} elementos.", "Ask for between 1 and {max} items.")
	ErrBadCursor = Define(Invalid, "BAD_CURSOR",
		"El cursor no és d'aquesta llista.", "El cursor no es de esta lista.", "The cursor does not belong to this list.")
)

// From returns the fault inside err. An error that is no fault becomes
// INTERNAL with err as its cause; nil stays nil.
func From(err error) *Fault {
	if err == nil {
		return nil
	}
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	var c Code
	if errors.As(err, &c) {
		return c.New()
	}
	return ErrInternal.New().Because(err)
}

// List is several faults raised together, such as all wrong fields of a form.
type List []*Fault

// Error joins the true faces.
func (l List) Error() string {
	parts := make([]string, len(l))
	for i, f := range l {
		parts[i] = f.Error()
	}
	return strings.Join(parts, "; ")
}

// Unwrap gives the single faults to errors.Is and errors.As.
func (l List) Unwrap() []error {
	errs := make([]error, len(l))
	for i, f := range l {
		errs[i] = f
	}
	return errs
}

// Err is nil for an empty list, so that checks can collect and return.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// All returns the faults inside err: the members of a List, or the one fault
// From finds.
func All(err error) List {
	var l List
	if errors.As(err, &l) {
		return l
	}
	if f := From(err); f != nil {
		return List{f}
	}
	return nil
}
