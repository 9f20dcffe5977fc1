package postgres

import (
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/teixit/teixit/internal/kernel/id"
)

// registerTypes teaches pgx that an id.ID is a uuid and that the zero one is
// NULL, both ways, also inside arrays.
func registerTypes(m *pgtype.Map) {
	m.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{wrapEncode}, m.TryWrapEncodePlanFuncs...)
	m.TryWrapScanPlanFuncs = append([]pgtype.TryWrapScanPlanFunc{wrapScan}, m.TryWrapScanPlanFuncs...)
	element := &pgtype.Type{Name: "uuid", OID: pgtype.UUIDOID, Codec: idCodec{}}
	m.RegisterType(element)
	m.RegisterType(&pgtype.Type{Name: "_uuid", OID: pgtype.UUIDArrayOID, Codec: idsCodec{&pgtype.ArrayCodec{ElementType: element}}})
	m.RegisterDefaultPgType(id.ID{}, "uuid")
	m.RegisterDefaultPgType([]id.ID{}, "_uuid")
}

type uuidOf id.ID

func (u uuidOf) UUIDValue() (pgtype.UUID, error) {
	return pgtype.UUID{Bytes: u, Valid: !id.ID(u).IsZero()}, nil
}

type uuidInto struct{ target *id.ID }

func (u uuidInto) ScanUUID(v pgtype.UUID) error {
	*u.target = id.Zero
	if v.Valid {
		*u.target = v.Bytes
	}
	return nil
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

type scanID struct{ next pgtype.ScanPlan }

func (p *scanID) SetNext(next pgtype.ScanPlan) { p.next = next }

func (p *scanID) Scan(src []byte, target any) error {
	return p.next.Scan(src, uuidInto{target.(*id.ID)})
}

func wrapScan(target any) (plan pgtype.WrappedScanPlanNextSetter, next any, ok bool) {
	if t, is := target.(*id.ID); is {
		return &scanID{}, uuidInto{t}, true
	}
	return nil, nil, false
}
