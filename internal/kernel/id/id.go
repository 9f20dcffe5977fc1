// Package id makes and reads the hub's identifiers.
//
// In the database an identifier is a UUID (version 7: creation order, so that
// indexes stay warm). Outside it is opaque text with a type prefix:
//
//	ev_06dk3m8c…            a node: prefix + 26 characters
//	reg_06dk3m8c…06dk3p1a…  a part: prefix + its root node + itself
//
// The root inside a part's identifier tells which topic to lock and whose
// visibility decides, without a look-up. Guessing helps nobody: every read
// checks visibility.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ID is a UUID. The zero value means "none".
type ID [16]byte

// Zero is the absent identifier.
var Zero ID

// ErrMalformed is returned for text that is no identifier of the wanted type.
var ErrMalformed = errors.New("malformed identifier")

// New returns a fresh identifier, ordered by time to the millisecond.
func New() ID { return at(time.Now()) }

func at(t time.Time) ID {
	var v ID
	rand.Read(v[6:]) // never fails: crypto/rand aborts the process instead
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(t.UnixMilli()))
	copy(v[:6], ms[2:])
	v[6] = v[6]&0x0f | 0x70
	v[8] = v[8]&0x3f | 0x80
	return v
}

// Named returns the same identifier for the same name for ever (UUID version
// 8): for reference data and the demonstration network.
func Named(name string) ID {
	sum := sha256.Sum256([]byte("teixit:" + name))
	var v ID
	copy(v[:], sum[:16])
	v[6] = v[6]&0x0f | 0x80
	v[8] = v[8]&0x3f | 0x80
	return v
}

// IsZero reports whether v is the absent identifier.
func (v ID) IsZero() bool { return v == Zero }

// String is the UUID's canonical text, for logs and SQL. Clients never see it.
func (v ID) String() string {
	var b [36]byte
	hex.Encode(b[0:8], v[0:4])
	b[8] = '-'
	hex.Encode(b[9:13], v[4:6])
	b[13] = '-'
	hex.Encode(b[14:18], v[6:8])
	b[18] = '-'
	hex.Encode(b[19:23], v[8:10])
	b[23] = '-'
	hex.Encode(b[24:36], v[10:16])
	return string(b[:])
}

// ParseUUID reads the canonical text of a UUID.
func ParseUUID(s string) (ID, error) {
	var v ID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return Zero, ErrMalformed
	}
	if _, err := hex.Decode(v[:], []byte(strings.ReplaceAll(s, "-", ""))); err != nil {
		return Zero, ErrMalformed
	}
	return v, nil
}

// Value stores an identifier; the absent one is NULL.
func (v ID) Value() (driver.Value, error) {
	if v.IsZero() {
		return nil, nil
	}
	return v.String(), nil
}

// Scan reads an identifier; NULL is the absent one.
func (v *ID) Scan(src any) error {
	switch s := src.(type) {
	case nil:
		*v = Zero
	case string:
		parsed, err := ParseUUID(s)
		if err != nil {
			return err
		}
		*v = parsed
	case []byte:
		if len(s) == 16 {
			copy(v[:], s)
			return nil
		}
		return v.Scan(string(s))
	case [16]byte:
		*v = s
	default:
		return fmt.Errorf("id: cannot read %T", src)
	}
	return nil
}

// MarshalText writes the canonical UUID text (used in journal data).
func (v ID) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads the canonical UUID text.
func (v *ID) UnmarshalText(b []byte) error {
	parsed, err := ParseUUID(string(b))
	*v = parsed
	return err
}

// Type is the prefix that tells what an identifier names.
type Type string

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford, lower case

// Global writes the public text of a node's identifier.
func (t Type) Global(v ID) string { return string(t) + "_" + encode(v) }

// GlobalPart writes the public text of a part of the node root.
func (t Type) GlobalPart(root, part ID) string {
	return string(t) + "_" + encode(root) + encode(part)
}

// Split takes a public identifier apart. For a node, part is Zero.
func Split(global string) (t Type, root, part ID, err error) {
	prefix, rest, ok := strings.Cut(global, "_")
	if !ok || prefix == "" {
		return "", Zero, Zero, ErrMalformed
	}
	switch len(rest) {
	case 26:
		root, err = decode(rest)
	case 52:
		if root, err = decode(rest[:26]); err == nil {
			part, err = decode(rest[26:])
		}
	default:
		err = ErrMalformed
	}
	if err != nil {
		return "", Zero, Zero, err
	}
	return Type(prefix), root, part, nil
}

// Node reads a node identifier of exactly this type.
func (t Type) Node(global string) (ID, error) {
	got, root, part, err := Split(global)
	if err != nil || got != t || !part.IsZero() {
		return Zero, ErrMalformed
	}
	return root, nil
}

// Part reads a part identifier of exactly this type.
func (t Type) Part(global string) (root, part ID, err error) {
	got, root, part, err := Split(global)
	if err != nil || got != t || part.IsZero() {
		return Zero, Zero, ErrMalformed
	}
	return root, part, nil
}

func encode(v ID) string {
	hi, lo := binary.BigEndian.Uint64(v[:8]), binary.BigEndian.Uint64(v[8:])
	var b [26]byte
	for i := 25; i >= 0; i-- {
		b[i] = alphabet[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(b[:])
}

func decode(s string) (ID, error) {
	var hi, lo uint64
	for i := range len(s) {
		d := strings.IndexByte(alphabet, s[i])
		if d < 0 || (i == 0 && d > 7) {
			return Zero, ErrMalformed
		}
		hi = hi<<5 | lo>>59
		lo = lo<<5 | uint64(d)
	}
	var v ID
	binary.BigEndian.PutUint64(v[:8], hi)
	binary.BigEndian.PutUint64(v[8:], lo)
	return v, nil
}
