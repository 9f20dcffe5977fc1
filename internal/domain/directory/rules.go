package directory

import (
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
)

// tidy fills in what goes without saying and brings texts into one form.
func (s Spec) tidy() Spec {
	if s.ID.IsZero() {
		s.ID = id.New()
	}
	if s.Sector == "" {
		s.Sector = SectorPublic
		if s.Kind == node.Association {
			s.Sector = SectorSocial
		}
	}
	if s.Kind == node.Institution && s.InstitutionKind == "" {
		s.InstitutionKind = OtherInstitution
	}
	s.Title, s.Description = trim(s.Title), trim(s.Description)
	s.Mail, s.Phone, s.Website = strings.TrimSpace(s.Mail), strings.TrimSpace(s.Phone), strings.TrimSpace(s.Website)
	s.Identifiers = slices.Clone(s.Identifiers)
	for i := range s.Identifiers {
		s.Identifiers[i] = s.Identifiers[i].tidy()
		s.Identifiers[i].Organization = s.ID
	}
	return s
}

// check collects everything that is wrong with a tidy Spec, each fault at its
// field.
func (s Spec) check() error {
	c := &checker{}
	c.kind(s)
	c.title(s.Title)
	c.text(s.Description, MaxDescription, "description")
	c.sector(s.Sector)
	c.contact(s.Mail, s.Phone, s.Website)
	c.capacities(s.Capacities)
	c.days(s.BoardFrom, s.BoardUntil, "boardUntil")
	c.identifiers(s.Identifiers)
	c.links(s.Links)
	c.ids(s.ActsIn, MaxPlaces, "actsIn")
	c.ids(s.Fields, MaxFields, "fields")
	c.days(s.PartFrom, s.PartUntil, "partUntil")
	return c.wrong.Err()
}

// checker collects faults. Fields are named as the schema names them.
type checker struct{ wrong fault.List }

func (c *checker) add(f *fault.Fault) {
	if f != nil {
		c.wrong = append(c.wrong, f)
	}
}

func (c *checker) kind(s Spec) {
	switch s.Kind {
	case node.Association:
		if len(s.ActsIn) == 0 {
			c.add(ErrNoPlace.At("actsIn"))
		}
	case node.PublicService:
		if s.PartOf.IsZero() {
			c.add(ErrNoWhole.At("partOf"))
		}
	case node.Institution:
	default:
		c.add(ErrBadKind.At("kind"))
	}
}

func (c *checker) title(t lang.Text) {
	if t.Empty() {
		c.add(fault.ErrRequired.At("title"))
	}
	c.text(t, MaxTitle, "title")
}

func (c *checker) text(t lang.Text, most int, path ...string) {
	for _, l := range lang.All() {
		written := map[lang.Lang]string{lang.CA: t.CA, lang.ES: t.ES, lang.EN: t.EN}[l]
		c.line(written, most, append(slices.Clone(path), string(l))...)
	}
}

func (c *checker) line(s string, most int, path ...string) {
	switch {
	case !utf8.ValidString(s) || strings.ContainsRune(s, 0):
		c.add(fault.ErrBadText.At(path...))
	case utf8.RuneCountInString(s) > most:
		c.add(fault.ErrTooLong.At(path...).With("max", most))
	}
}

func (c *checker) sector(s Sector) {
	switch s {
	case SectorPublic, SectorAcademic, SectorProfessional, SectorBusiness, SectorSocial:
	default:
		c.add(ErrBadSector.At("sector"))
	}
}

func (c *checker) contact(address, phone, website string) {
	c.mail(address, "mail")
	c.line(phone, MaxPhone, "phone")
	if website != "" {
		c.url(website, "website")
	}
}

func (c *checker) mail(address string, path ...string) {
	if address == "" {
		return
	}
	c.line(address, MaxMail, path...)
	if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address {
		c.add(ErrBadMail.At(path...))
	}
}

func (c *checker) url(s string, path ...string) {
	c.line(s, MaxURL, path...)
	if !form.WebAddress(s) {
		c.add(ErrBadURL.At(path...))
	}
}

func (c *checker) capacities(list []lang.Text) {
	c.most(len(list), MaxCapacities, "capacities")
	for i, t := range list {
		if t.Empty() {
			c.add(fault.ErrRequired.At("capacities", strconv.Itoa(i)))
		}
		c.text(t, MaxCapacity, "capacities", strconv.Itoa(i))
	}
}

func (c *checker) identifiers(list []ExternalIdentifier) {
	c.most(len(list), MaxIdentifiers, "identifiers")
	for i, identifier := range list {
		if f := identifier.check(); f != nil {
			c.add(f.Under("identifiers", strconv.Itoa(i)))
		}
		if slices.Contains(list[:i], identifier) {
			c.add(ErrRepeated.At("identifiers", strconv.Itoa(i)))
		}
	}
}

func (c *checker) links(list []NewLink) {
	c.most(len(list), MaxLinks, "links")
	for i, l := range list {
		at := []string{"links", strconv.Itoa(i)}
		c.url(l.URL, append(at, "url")...)
		c.text(l.Label, MaxTitle, append(at, "label")...)
		if slices.ContainsFunc(list[:i], func(o NewLink) bool { return o.URL == l.URL }) {
			c.add(ErrRepeated.At(append(at, "url")...))
		}
	}
}

func (c *checker) ids(list []id.ID, most int, path string) {
	c.most(len(list), most, path)
	for i, v := range list {
		if v.IsZero() {
			c.add(fault.ErrBadID.At(path, strconv.Itoa(i)))
		}
		if slices.Contains(list[:i], v) {
			c.add(ErrRepeated.At(path, strconv.Itoa(i)))
		}
	}
}

func (c *checker) most(n, most int, path string) {
	if n > most {
		c.add(ErrTooMany.At(path).With("max", most))
	}
}

func (c *checker) days(first, last *time.Time, path string) {
	for _, d := range []*time.Time{first, last} {
		if d != nil && (d.Year() < 1900 || d.Year() > 2200) {
			c.add(fault.ErrBadDate.At(path))
		}
	}
	if first != nil && last != nil && last.Before(*first) {
		c.add(ErrDatesReversed.At(path))
	}
}

// check collects what is wrong with a change; only what is set is looked at.
func (ch Change) check() error {
	c := &checker{}
	if ch.Title != nil {
		c.title(trim(*ch.Title))
	}
	if ch.Description != nil {
		c.text(*ch.Description, MaxDescription, "description")
	}
	if ch.Sector != nil {
		c.sector(*ch.Sector)
	}
	c.contact(value(ch.Mail), value(ch.Phone), value(ch.Website))
	c.capacities(value(ch.Capacities))
	c.ids(value(ch.Fields), MaxFields, "fields")
	c.links(value(ch.Links))
	return c.wrong.Err()
}

// checkRole says whether a role fits the kind of body.
func checkRole(role ActingRole, body node.Kind) *fault.Fault {
	switch role {
	case Officer, Technician:
		if body == node.Association {
			return ErrRoleOfPublicBody.At("role")
		}
	case Representative, Delegate, Substitute:
	default:
		return ErrBadRole.At("role")
	}
	return nil
}

// checkPerson collects what is wrong with a person to add.
func checkPerson(p PersonSpec) error {
	c := &checker{}
	if strings.TrimSpace(p.Name) == "" {
		c.add(fault.ErrRequired.At("name"))
	}
	c.line(p.Name, MaxName, "name")
	c.mail(p.Mail, "mail")
	c.days(p.From, p.Until, "until")
	return c.wrong.Err()
}

// endOf turns a last day into the first day on which something no longer holds.
func endOf(last *time.Time) *time.Time {
	if last == nil {
		return nil
	}
	next := last.AddDate(0, 0, 1)
	return &next
}

func trim(t lang.Text) lang.Text {
	return lang.Text{CA: strings.TrimSpace(t.CA), ES: strings.TrimSpace(t.ES), EN: strings.TrimSpace(t.EN)}
}

func value[T any](p *T) (v T) {
	if p != nil {
		return *p
	}
	return v
}
