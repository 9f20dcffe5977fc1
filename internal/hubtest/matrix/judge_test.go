package matrix_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/kernel/id"
)

// roles are names of roles.
type roles []string

// places say where in the contract a planted thing is read, and by whom: by
// "Type.field", or by several of these, the last ones of the way, with spaces
// between. The longest that fits decides. "*" is any place.
type places map[string]roles

// planted is something that must be seen by its readers only: a person's name, a
// hidden event, a token's secret.
type planted struct {
	what string
	// at is where it has to be read by its readers, or the matrix proves nothing;
	// may where else they may come upon it.
	at, may places
	late    bool // planted when there may be nobody left to read it
}

// book knows everything that was planted, by the texts that betray it.
type book struct {
	mu    sync.Mutex
	texts map[string]*planted
	last  int
}

// mark is a text that occurs nowhere else.
func (b *book) mark(p *planted) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	text := fmt.Sprintf("knr%04dx", b.last)
	b.texts[text] = p
	return text
}

// object makes an identifier betray a planted thing, in both its spellings.
func (b *book) object(p *planted, ids ...id.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, v := range ids {
		global := id.Type("x").Global(v)
		b.texts[global[len("x_"):]], b.texts[v.String()] = p, p
	}
}

func (b *book) all() []*planted {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []*planted
	for _, p := range b.texts {
		if !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

var betraying = regexp.MustCompile(`knr\d{4}x|_[0-9a-hjkmnp-tv-z]{26,52}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// found are the planted things that a text betrays.
func (b *book) found(text string) []*planted {
	matches := betraying.FindAllString(text, -1)
	if matches == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []*planted
	add := func(key string) {
		if p := b.texts[key]; p != nil && !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	for _, m := range matches {
		if m[0] != '_' {
			add(m)
			continue
		}
		add(m[1:27])
		if len(m) >= 53 {
			add(m[27:53])
		}
	}
	return list
}

// way is a way through an answer, as "Type.field" from the root on.
type way []string

func (w way) String() string { return strings.Join(w, " ") }

// readers are who may see the planted thing at the end of the way; known tells
// whether a row says anything of it, and which.
func (p *planted) readers(w way) (by roles, place string, known bool) {
	for from := range w {
		place := strings.Join(w[from:], " ")
		must, one := p.at[place]
		may, other := p.may[place]
		if one || other {
			return and(must, may...), place, true
		}
	}
	must, one := p.at["*"]
	may, other := p.may["*"]
	return and(must, may...), "*", one || other
}

// anywhere are the roles that may see the thing at some place.
func (p *planted) anywhere() (all roles) {
	for _, at := range []places{p.at, p.may} {
		for _, by := range at {
			all = append(all, by...)
		}
	}
	return all
}

// sighting is a planted thing, or something about it, in an answer.
type sighting struct {
	thing *planted
	way   way
	value any
	also  bool // a row of another thing of the same object says who may read the value
}

// reading walks an answer along the document that asked for it.
type reading struct {
	contract
	book *book
	seen []sighting
	// unknown are personal values of which nobody knows whose they are.
	unknown []string
	// counts are totals that do not agree with the rows shown.
	counts []string
}

func (r *reading) object(set ast.SelectionSet, typeName string, o map[string]any, at way, owners []*planted) {
	if name, ok := o["__typename"].(string); ok {
		typeName = name
	}
	var own []*planted
	var values []sighting
	r.each(set, typeName, func(f *ast.Field) {
		value, place := o[f.Alias], append(slices.Clip(at), typeName+"."+f.Name)
		if value == nil || !r.leaf(f.Definition) {
			return
		}
		things := r.leafIn(value, f.Name)
		for _, p := range things {
			r.seen = append(r.seen, sighting{thing: p, way: place, value: value})
			if !slices.Contains(own, p) {
				own = append(own, p)
			}
		}
		if things == nil && r.value(typeName, f.Definition) && !empty(value) {
			values = append(values, sighting{way: place, value: value})
		}
	})
	if own == nil {
		own = owners
	}
	for _, v := range values { // a state, a date: whose it is, the object says
		if own == nil {
			r.unknown = append(r.unknown, v.way.String())
		}
		some := slices.ContainsFunc(own, func(p *planted) bool {
			_, _, known := p.readers(v.way)
			return known
		})
		for _, p := range own {
			r.seen = append(r.seen, sighting{p, v.way, v.value, some})
		}
	}
	r.count(typeName, o, at)
	r.each(set, typeName, func(f *ast.Field) {
		if !r.leaf(f.Definition) {
			r.below(f, o[f.Alias], append(slices.Clip(at), typeName+"."+f.Name), own)
		}
	})
}

func (r *reading) below(f *ast.Field, value any, at way, owners []*planted) {
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			r.below(f, element, at, owners)
		}
	case map[string]any:
		r.object(f.SelectionSet, f.Definition.Type.Name(), v, at, owners)
	}
}

// each goes over the fields of a selection that hold for a type.
func (r *reading) each(set ast.SelectionSet, typeName string, do func(*ast.Field)) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if !strings.HasPrefix(s.Name, "__") {
				do(s)
			}
		case *ast.InlineFragment:
			if s.TypeCondition == typeName {
				r.each(s.SelectionSet, typeName, do)
			}
		}
	}
}

// leafIn are the things that a value betrays. A cursor is looked into.
func (r *reading) leafIn(value any, field string) []*planted {
	switch v := value.(type) {
	case string:
		if strings.HasSuffix(strings.ToLower(field), "cursor") {
			if inside, err := base64.RawURLEncoding.DecodeString(v); err == nil {
				v += " " + string(inside)
			}
		}
		return r.book.found(v)
	case []any:
		var all []*planted
		for _, element := range v {
			all = append(all, r.leafIn(element, field)...)
		}
		return all
	}
	return nil
}

func empty(value any) bool {
	switch v := value.(type) {
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return value == nil
}

// count holds the total of a page against its rows where all of them are shown.
func (r *reading) count(typeName string, o map[string]any, at way) {
	total, ok := o["totalCount"].(json.Number)
	if !ok || !r.connection(typeName) {
		return
	}
	info, _ := o["pageInfo"].(map[string]any)
	rows, ok := o["nodes"].([]any)
	if !ok || info["hasNextPage"] != false || info["hasPreviousPage"] != false {
		return
	}
	if total.String() != fmt.Sprint(len(rows)) {
		r.counts = append(r.counts, fmt.Sprintf("%s counts %s and shows %d", at, total, len(rows)))
	}
}
