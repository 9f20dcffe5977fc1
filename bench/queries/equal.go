package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// canonical is an answer's data with sorted keys and moments in one form, so that
// equal answers have equal bytes. A server may write moments in its own way.
// Where PostGraphile can only give the one organiser of an event, a list of one is
// made of it.
func canonical(answer []byte) ([]byte, error) {
	var got struct {
		Data   any
		Errors any
	}
	d := json.NewDecoder(bytes.NewReader(answer))
	d.UseNumber()
	if err := d.Decode(&got); err != nil {
		return nil, fmt.Errorf("no JSON: %w: %.200s", err, answer)
	}
	if got.Errors != nil || got.Data == nil {
		return nil, fmt.Errorf("no data: %.300s", answer)
	}
	return json.Marshal(straight(got.Data))
}

func straight(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			v[key] = straight(value)
		}
		if one, ok := v["organiser"]; ok {
			delete(v, "organiser")
			v["organisers"] = []any{map[string]any{"lead": true, "organization": one}}
		}
		return v
	case []any:
		for i, value := range v {
			v[i] = straight(value)
		}
		return v
	case string:
		if len(v) < len("2006-01-02T15:04:05Z") || v[4] != '-' || !strings.Contains(v, "T") {
			return v
		}
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return at.UTC().Format(time.RFC3339)
		}
		return v
	}
	return v
}

// difference shows where two texts part.
func difference(want, got []byte) string {
	at := 0
	for at < min(len(want), len(got)) && want[at] == got[at] {
		at++
	}
	show := func(text []byte) string {
		return string(text[max(0, at-60):min(len(text), at+120)])
	}
	return fmt.Sprintf("at byte %d of %d and %d\n  hub  …%s…\n  here …%s…", at, len(want), len(got), show(want), show(got))
}
