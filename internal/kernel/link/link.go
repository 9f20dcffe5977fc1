// Package link lets the reading side hang what it has loaded for an object on
// the object itself: the look-ahead fills the slots level by level, the field
// resolvers only take them out. A slot is filled before its object is handed to
// resolvers and never changed afterwards, so reading needs no lock.
package link

// Slots is embedded in every type that has links to other nodes.
type Slots struct{ loaded map[string]any }

// Linked is what the look-ahead can fill.
type Linked interface{ LinkSlots() *Slots }

// LinkSlots makes an embedding type Linked.
func (s *Slots) LinkSlots() *Slots { return s }

// Set fills the slot of one response field (its alias).
func (s *Slots) Set(field string, value any) {
	if s.loaded == nil {
		s.loaded = make(map[string]any, 4)
	}
	s.loaded[field] = value
}

// Get takes a slot out; ok is false when nobody loaded it.
func (s *Slots) Get(field string) (value any, ok bool) {
	value, ok = s.loaded[field]
	return value, ok
}
