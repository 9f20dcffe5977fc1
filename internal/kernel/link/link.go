// Package link lets the reading side hang what it has loaded for an object on
// the object itself: the look-ahead fills the slots level by level, the field
// resolvers only take them out. A slot is filled before its object is handed to
// resolvers and never changed afterwards, so reading needs no lock.
package link

// Slots is embedded in every type that has links to other nodes.
type Slots struct{ loaded []slot }

// slot is what was loaded for one response field. There are few on an object:
// looking through them costs less than a map of them.
type slot struct {
	field string
	value any
}

// Linked is what the look-ahead can fill.
type Linked interface{ LinkSlots() *Slots }

// LinkSlots makes an embedding type Linked.
func (s *Slots) LinkSlots() *Slots { return s }

// Set fills the slot of one response field (its alias).
func (s *Slots) Set(field string, value any) {
	for i := range s.loaded {
		if s.loaded[i].field == field {
			s.loaded[i].value = value
			return
		}
	}
	s.loaded = append(s.loaded, slot{field, value})
}

// Get takes a slot out; ok is false when nobody loaded it.
func (s *Slots) Get(field string) (value any, ok bool) {
	for i := range s.loaded {
		if s.loaded[i].field == field {
			return s.loaded[i].value, true
		}
	}
	return nil, false
}
