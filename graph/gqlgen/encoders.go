package main

import (
	_ "embed"
	"fmt"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/vektah/gqlparser/v2/ast"
)

//go:embed encoders.gotpl
var page string

// encoders is the plugin. It writes one file into the package of the executor,
// whose generated methods the encoders call for arguments, resolvers and
// directives.
type encoders struct{}

// Name implements plugin.Plugin.
func (encoders) Name() string { return "encoders" }

// GenerateCode implements plugin.CodeGenerator.
func (encoders) GenerateCode(data *codegen.Data) error {
	s := &survey{data: data, numbers: map[string]int{}, seen: map[string]bool{}}
	for _, o := range data.Objects {
		if !o.BuiltIn {
			s.numbers[o.Name] = len(s.Objects)
			s.Objects = append(s.Objects, o)
		}
	}
	s.Query, s.Subscription = data.QueryRoot, data.SubscriptionRoot
	if err := s.object(s.Query.Name); err != nil {
		return err
	}
	if err := s.object(s.Subscription.Name); err != nil {
		return err
	}
	slices.SortFunc(s.Written, func(a, b *codegen.Object) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(s.Interfaces, func(a, b *codegen.Interface) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(s.Values, func(a, b value) int { return strings.Compare(a.Func, b.Func) })
	return templates.Render(templates.Options{
		PackageName: data.Config.Exec.Package,
		Filename:    filepath.Join(data.Config.Exec.Dir(), "encoders.generated.go"),
		Template:    page, Data: s, GeneratedHeader: true, Packages: data.Config.Packages,
	})
}

// survey is what can be reached from queries and subscriptions.
type survey struct {
	Objects    []*codegen.Object // all that have a number
	Written    []*codegen.Object
	Interfaces []*codegen.Interface
	Values     []value

	Query, Subscription *codegen.Object

	data    *codegen.Data
	numbers map[string]int
	seen    map[string]bool
}

// value is an encoder of one Go type for one type of the schema.
type value struct {
	*config.TypeReference
	Func string
	Body string
}

// Number is that of an object type.
func (s *survey) Number(name string) int { return s.numbers[name] }

// Put names the encoder of a value.
func (s *survey) Put(ref *config.TypeReference) string { return putName(ref) }

func putName(ref *config.TypeReference) string {
	return "put" + strings.TrimPrefix(ref.MarshalFunc(), "marshal")
}

// Implementing are the objects that can stand behind some interface.
func (s *survey) Implementing() []codegen.InterfaceImplementor {
	var found []codegen.InterfaceImplementor
	seen := map[string]bool{}
	for _, i := range s.Interfaces {
		for _, o := range s.Concrete(i) {
			if !seen[o.Name] {
				seen[o.Name] = true
				found = append(found, o)
			}
		}
	}
	slices.SortFunc(found, func(a, b codegen.InterfaceImplementor) int { return strings.Compare(a.Name, b.Name) })
	return found
}

// Concrete are the object types among those that stand behind an interface.
func (s *survey) Concrete(i *codegen.Interface) []codegen.InterfaceImplementor {
	return slices.DeleteFunc(slices.Clone(i.Implementors), func(o codegen.InterfaceImplementor) bool { return o.Kind != ast.Object })
}

// Fast tells whether a field is read from its object without asking anybody.
func (s *survey) Fast(f *codegen.Field) bool {
	return !f.HasDirectives() && !f.IsResolver && !f.MethodHasContext && len(f.Args) == 0 && !f.HasHaser &&
		(f.IsVariable() || f.IsMethod() && f.NoErr && !f.VOkFunc)
}

// Leaf tells whether a field has nothing below it.
func (s *survey) Leaf(f *codegen.Field) bool { return f.TypeReference.Definition.IsLeafType() }

// Linkable tells whether a field may be a link that nothing stands before.
func (s *survey) Linkable(f *codegen.Field) bool {
	return f.IsResolver && !f.HasDirectives() && !f.Object.Root
}

// Data is gqlgen's own, for the parts of its templates.
func (s *survey) Data() *codegen.Data { return s.data }

func (s *survey) object(name string) error {
	if s.seen[name] {
		return nil
	}
	s.seen[name] = true
	o := s.data.Objects.ByName(name)
	if o == nil {
		return fmt.Errorf("no object type %s", name)
	}
	if !o.Stream {
		s.Written = append(s.Written, o)
	}
	for _, f := range o.Fields {
		if f.IsReserved() {
			continue
		}
		if err := s.value(f.TypeReference); err != nil {
			return fmt.Errorf("%s.%s: %w", o.Name, f.Name, err)
		}
	}
	return nil
}

func (s *survey) value(ref *config.TypeReference) error {
	name := putName(ref)
	if s.seen[name] {
		return nil
	}
	s.seen[name] = true
	if ref.IsPtrToPtr() || ref.IsRoot || ref.IsOmittable || ref.IsMap() || ref.HasEnumValues() {
		return fmt.Errorf("no encoder for %s", ref.GO)
	}
	if ref.IsSlice() || ref.IsPtrToSlice() || ref.IsPtrToIntf() {
		if err := s.value(ref.Elem()); err != nil {
			return err
		}
	} else if err := s.named(ref.Definition); err != nil {
		return err
	}
	s.Values = append(s.Values, value{TypeReference: ref, Func: name})
	return nil
}

func (s *survey) named(def *ast.Definition) error {
	switch def.Kind {
	case ast.Object:
		return s.object(def.Name)
	case ast.Interface, ast.Union:
		if s.seen[def.Name] {
			return nil
		}
		s.seen[def.Name] = true
		i := s.data.Interfaces[def.Name]
		s.Interfaces = append(s.Interfaces, i)
		for _, o := range s.Concrete(i) {
			if err := s.object(o.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// Plain is how a value of gqlgen's own scalars and of texts that are enums is
// written without a marshaller; empty: it is not.
func (v value) Plain() string {
	if v.IsMarshaler {
		if b, ok := v.text().(*types.Basic); ok && v.Definition.Kind == ast.Enum && b.Kind() == types.String {
			return "w.String(string(%s))"
		}
		return ""
	}
	if v.Marshaler == nil || v.Marshaler.Pkg().Path() != "github.com/99designs/gqlgen/graphql" {
		return ""
	}
	switch v.Marshaler.Name() {
	case "MarshalString", "MarshalID":
		return "w.String(string(%s))"
	case "MarshalInt", "MarshalInt64", "MarshalInt32":
		return "w.Int(int64(%s))"
	case "MarshalBoolean":
		return "w.Bool(bool(%s))"
	}
	return ""
}

func (v value) text() types.Type {
	t := v.GO
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	return t.Underlying()
}

// Value is the Go value itself.
func (v value) Value() string {
	if v.IsPtr() {
		return "*v"
	}
	return "v"
}

// Written is a plain value's statement.
func (v value) Written() string { return fmt.Sprintf(v.Plain(), v.Value()) }

// Appender is the function beside the marshaller that appends: AppendEuros beside
// MarshalEuros; nil without one.
func (v value) Appender() *types.Func {
	if v.Marshaler == nil {
		return nil
	}
	name := "Append" + strings.TrimPrefix(v.Marshaler.Name(), "Marshal")
	f, _ := v.Marshaler.Pkg().Scope().Lookup(name).(*types.Func)
	return f
}

// Given is the value as its marshaller takes it.
func (v value) Given() string {
	given := "v"
	switch {
	case v.IsTargetNilable() && !v.IsNilable():
		given = "&v"
	case !v.IsTargetNilable() && v.IsNilable():
		given = "*v"
	}
	if v.CastType != nil {
		return templates.CurrentImports.LookupType(v.CastType) + "(" + given + ")"
	}
	return given
}
