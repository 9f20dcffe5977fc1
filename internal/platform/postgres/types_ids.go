package postgres

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/teixit/teixit/internal/kernel/id"
)

// Identifiers are most of what is sent and read: a viewer's rights go along with
// every statement, several hundred at a time. pgx would look at each through
// reflection, and think anew about each column of each answer. So their binary
// form is written and read here; everything else is left to pgx.

// idCodec is the codec of uuid.
type idCodec struct{ pgtype.UUIDCodec }

// PlanEncode implements pgtype.Codec.
func (c idCodec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, ok := value.(id.ID); ok && format == pgtype.BinaryFormatCode {
		return writeID{}
	}
	return c.UUIDCodec.PlanEncode(m, oid, format, value)
}

// PlanScan implements pgtype.Codec.
func (c idCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if _, ok := target.(*id.ID); ok && format == pgtype.BinaryFormatCode {
		return readID{}
	}
	return c.UUIDCodec.PlanScan(m, oid, format, target)
}

type writeID struct{}

func (writeID) Encode(value any, buf []byte) ([]byte, error) {
	v := value.(id.ID)
	if v.IsZero() {
		return nil, nil
	}
	return append(buf, v[:]...), nil
}

type readID struct{}

func (readID) Scan(src []byte, target any) error {
	v := target.(*id.ID)
	switch len(src) {
	case 0: // NULL
		*v = id.Zero
	case len(v):
		copy(v[:], src)
	default:
		return fmt.Errorf("postgres: a uuid of %d bytes", len(src))
	}
	return nil
}

// idsCodec is the codec of uuid[].
type idsCodec struct{ *pgtype.ArrayCodec }

// PlanEncode implements pgtype.Codec.
func (c idsCodec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, ok := value.([]id.ID); ok && format == pgtype.BinaryFormatCode {
		return writeIDs{}
	}
	return c.ArrayCodec.PlanEncode(m, oid, format, value)
}

// PlanScan implements pgtype.Codec.
func (c idsCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if _, ok := target.(*[]id.ID); ok && format == pgtype.BinaryFormatCode {
		return readIDs{}
	}
	return c.ArrayCodec.PlanScan(m, oid, format, target)
}

type writeIDs struct{}

// Encode writes the number of dimensions, whether there may be a NULL, the type
// of the elements, how many there are and from which number on, and each behind
// its length.
func (writeIDs) Encode(value any, buf []byte) ([]byte, error) {
	ids := value.([]id.ID)
	if ids == nil {
		return nil, nil
	}
	var dimensions uint32
	if len(ids) > 0 {
		dimensions = 1
	}
	buf = slices.Grow(buf, 20+20*len(ids)) // and no more than once: they are many
	buf = binary.BigEndian.AppendUint32(buf, dimensions)
	buf = binary.BigEndian.AppendUint32(buf, 1)
	buf = binary.BigEndian.AppendUint32(buf, pgtype.UUIDOID)
	if dimensions > 0 {
		buf = binary.BigEndian.AppendUint32(buf, uint32(len(ids)))
		buf = binary.BigEndian.AppendUint32(buf, 1)
	}
	for i := range ids {
		if ids[i].IsZero() {
			buf = append(buf, 255, 255, 255, 255) // NULL
			continue
		}
		buf = append(append(buf, 0, 0, 0, byte(len(ids[i]))), ids[i][:]...)
	}
	return buf, nil
}

type readIDs struct{}

// Scan reads what Encode writes.
func (readIDs) Scan(src []byte, target any) error {
	into := target.(*[]id.ID)
	if src == nil {
		*into = nil
		return nil
	}
	n, src, err := idCount(src)
	if err != nil {
		return err
	}
	ids := make([]id.ID, n)
	for i := range ids {
		if len(src) < 4 {
			return errArray(src)
		}
		size := int32(binary.BigEndian.Uint32(src))
		src = src[4:]
		if size == -1 {
			continue
		}
		if int(size) != len(ids[i]) || len(src) < len(ids[i]) {
			return errArray(src)
		}
		src = src[copy(ids[i][:], src):]
	}
	*into = ids
	return nil
}

// idCount reads how many elements follow.
func idCount(src []byte) (n int, rest []byte, err error) {
	const none, one = 12, 20 // bytes in front of the elements
	if len(src) == none && binary.BigEndian.Uint32(src) == 0 {
		return 0, nil, nil
	}
	if len(src) < one || binary.BigEndian.Uint32(src) != 1 || binary.BigEndian.Uint32(src[8:]) != pgtype.UUIDOID {
		return 0, nil, errArray(src)
	}
	n = int(binary.BigEndian.Uint32(src[none:]))
	if n > len(src[one:])/4 {
		return 0, nil, errArray(src)
	}
	return n, src[one:], nil
}

func errArray(src []byte) error { return fmt.Errorf("postgres: no array of uuid: %d bytes", len(src)) }
