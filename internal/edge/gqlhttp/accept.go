package gqlhttp

import (
	"mime"
	"strconv"
	"strings"
)

const (
	mediaJSON     = "application/json"
	mediaResponse = "application/graphql-response+json"
	mediaStream   = "text/event-stream"
)

// ranges is how many entries of an Accept header are looked at.
const ranges = 20

// preference is what an Accept header asks for.
type preference struct {
	media  string // the best of the two JSON types or text/event-stream; "" when none is acceptable
	json   string // the best of the two JSON types
	stream bool   // text/event-stream is named; a wildcard is no wish for a stream
}

// negotiate reads an Accept header. Without one the answer is application/json,
// as the specification asks until clients have moved on. Of equal qualities the
// first named wins. streams says whether text/event-stream can be had.
func negotiate(header string, streams bool) preference {
	if strings.TrimSpace(header) == "" {
		return preference{media: mediaJSON, json: mediaJSON}
	}
	p := preference{}
	best, bestJSON := 0.0, 0.0
	for _, part := range cutList(header) {
		name, params, err := mime.ParseMediaType(part)
		q := quality(params)
		if err != nil || q == 0 {
			continue
		}
		media := offered(name)
		if media == "" || media == mediaStream && !streams {
			continue
		}
		if q > best {
			best, p.media = q, media
		}
		if media == mediaStream {
			p.stream = true
		} else if q > bestJSON {
			bestJSON, p.json = q, media
		}
	}
	return p
}

func offered(name string) string {
	switch name {
	case mediaJSON, "application/*", "*/*":
		return mediaJSON
	case mediaResponse, mediaStream:
		return name
	}
	return ""
}

func cutList(header string) []string {
	return strings.SplitN(header, ",", ranges+1)[:min(ranges, strings.Count(header, ",")+1)]
}

func quality(params map[string]string) float64 {
	text, ok := params["q"]
	if !ok {
		return 1
	}
	q, err := strconv.ParseFloat(text, 64)
	if err != nil || q < 0 || q > 1 {
		return 0
	}
	return q
}
