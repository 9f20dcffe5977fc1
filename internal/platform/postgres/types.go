package postgres

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// registerTypes teaches pgx what the hub's rows are full of: that an id.ID is a
// uuid and that the zero one is NULL, both ways, also inside arrays; how a
// lang.Text lies in jsonb; and how to read words and numbers that have types of
// their own without a value in between. What it does not know, pgx reads as ever.
func registerTypes(m *pgtype.Map) {
	m.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{wrapEncode}, m.TryWrapEncodePlanFuncs...)
	m.TryWrapScanPlanFuncs = append([]pgtype.TryWrapScanPlanFunc{wrapNamed}, m.TryWrapScanPlanFuncs...)
	uuid := &pgtype.Type{Name: "uuid", OID: pgtype.UUIDOID, Codec: idCodec{}}
	m.RegisterType(uuid)
	m.RegisterType(&pgtype.Type{Name: "_uuid", OID: pgtype.UUIDArrayOID, Codec: idsCodec{&pgtype.ArrayCodec{ElementType: uuid}}})
	m.RegisterType(&pgtype.Type{Name: "jsonb", OID: pgtype.JSONBOID, Codec: &pgtype.JSONBCodec{Marshal: json.Marshal, Unmarshal: unmarshal}})
	m.RegisterDefaultPgType(id.ID{}, "uuid")
	m.RegisterDefaultPgType([]id.ID{}, "_uuid")
}

type uuidOf id.ID

func (u uuidOf) UUIDValue() (pgtype.UUID, error) {
	return pgtype.UUID{Bytes: u, Valid: !id.ID(u).IsZero()}, nil
}

type encodeID struct{ next pgtype.EncodePlan }

func (p *encodeID) SetNext(next pgtype.EncodePlan) { p.next = next }

func (p *encodeID) Encode(value any, buf []byte) ([]byte, error) {
	return p.next.Encode(uuidOf(value.(id.ID)), buf)
}

func wrapEncode(value any) (plan pgtype.WrappedEncodePlanNextSetter, next any, ok bool) {
	if v, is := value.(id.ID); is {
		return &encodeID{}, uuidOf(v), true
	}
	return nil, nil, false
}

// unmarshal reads a text in three languages without reflection where it is as
// plain as most are.
func unmarshal(src []byte, target any) error {
	if t, is := target.(*lang.Text); is && t.ReadPlain(src) {
		return nil
	}
	return json.Unmarshal(src, target)
}

// wrapNamed reads into types that are words or numbers underneath: states, kinds,
// levels.
func wrapNamed(target any) (plan pgtype.WrappedScanPlanNextSetter, next any, ok bool) {
	t := reflect.TypeOf(target)
	if t.Kind() != reflect.Pointer || t.Elem().PkgPath() == "" {
		return nil, nil, false
	}
	switch t.Elem().Kind() {
	case reflect.String:
		w := &scanWord{}
		return w, &w.word, true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n := &scanNumber{}
		return n, &n.number, true
	}
	return nil, nil, false
}

// scanWord reads a column of words, of which there are few: each is kept in memory
// once, for as long as the rows are read.
type scanWord struct {
	next  pgtype.ScanPlan
	word  string
	known map[string]string
}

// So many words, and so long ones, are worth remembering: more are no words.
const (
	manyWords = 32
	longWord  = 40
)

func (p *scanWord) SetNext(next pgtype.ScanPlan) { p.next = next }

func (p *scanWord) Scan(src []byte, target any) error {
	word, ok := p.known[string(src)]
	if !ok || src == nil {
		if err := p.next.Scan(src, &p.word); err != nil {
			return err
		}
		word = p.word
		p.learn(src, word)
	}
	reflect.ValueOf(target).Elem().SetString(word)
	return nil
}

func (p *scanWord) learn(src []byte, word string) {
	if len(src) > longWord || len(p.known) == manyWords {
		return
	}
	if p.known == nil {
		p.known = map[string]string{}
	}
	p.known[string(src)] = word
}

type scanNumber struct {
	next   pgtype.ScanPlan
	number int64
}

func (p *scanNumber) SetNext(next pgtype.ScanPlan) { p.next = next }

func (p *scanNumber) Scan(src []byte, target any) error {
	if err := p.next.Scan(src, &p.number); err != nil {
		return err
	}
	into := reflect.ValueOf(target).Elem()
	if into.OverflowInt(p.number) {
		return fmt.Errorf("%d is too much for %T", p.number, target)
	}
	into.SetInt(p.number)
	return nil
}
