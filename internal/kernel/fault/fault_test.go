package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
)

var errFull = fault.Define(fault.Conflict, "FULL", "Queden {free} places.", "Quedan {free} plazas.", "{free} seats left.")

func TestMessageSpeaksTheReadersLanguage(t *testing.T) {
	f := errFull.At("input", "delegates").With("free", 2)
	for l, want := range map[lang.Lang]string{lang.CA: "Queden 2 places.", lang.ES: "Quedan 2 plazas.", lang.EN: "2 seats left."} {
		if got := f.Message(l); got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
}

func TestSafeFaceHidesTheCause(t *testing.T) {
	f := errFull.New().Because(errors.New("relation events does not exist"))
	if got := f.Message(lang.EN); got != "{free} seats left." {
		t.Errorf("the safe face says %q", got)
	}
	if f.Error() != "FULL: relation events does not exist" {
		t.Errorf("the true face says %q", f.Error())
	}
}

func TestFoundByCodeThroughWrapping(t *testing.T) {
	err := fmt.Errorf("register: %w", errFull.At("x").Because(io.EOF))
	if !errors.Is(err, errFull) || !errors.Is(err, io.EOF) || errors.Is(err, fault.ErrDenied) {
		t.Error("errors.Is does not find the code and the cause, or finds another")
	}
	if fault.From(io.EOF).Code.Name != "INTERNAL" {
		t.Error("an error that is no fault is not INTERNAL")
	}
}

func TestCopiesDoNotShareState(t *testing.T) {
	f := errFull.At("a")
	g := f.With("free", 1).Under("input")
	h := g.With("free", 9)
	if len(f.Path) != 1 || f.Args != nil || g.Args["free"] != 1 || h.Args["free"] != 9 {
		t.Errorf("changed copies share state: %v %v %v", f, g, h)
	}
}

func TestListKeepsAll(t *testing.T) {
	var l fault.List
	if l.Err() != nil {
		t.Error("an empty list is an error")
	}
	l = append(l, errFull.At("a"), fault.ErrRequired.At("b"))
	err := fmt.Errorf("check: %w", l.Err())
	if got := fault.All(err); len(got) != 2 || !errors.Is(err, fault.ErrRequired) {
		t.Errorf("got %v", got)
	}
}

func TestDefineRefusesAMissingLanguage(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a definition without Spanish was accepted")
		}
	}()
	fault.Define(fault.Invalid, "X", "ca", "", "en")
}
