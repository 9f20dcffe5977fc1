package gqldoc

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// validationRules are the rules of the specification, none of which suggests
// names, without two that are ours: overlapping fields (theirs is quadratic
// and worse, see merge.go) and fragment cycles (refused before, see reach.go).
func validationRules() []core.Rule {
	return []core.Rule{
		rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.FragmentsOnCompositeTypesRule,
		rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownDirectivesRule,
		rules.KnownFragmentNamesRule,
		rules.KnownRootTypeRule,
		rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.LoneAnonymousOperationRule,
		rules.MaxIntrospectionDepth,
		rules.NoUndefinedVariablesRule,
		rules.NoUnusedFragmentsRule,
		rules.NoUnusedVariablesRule,
		rules.PossibleFragmentSpreadsRule,
		rules.ProvidedRequiredArgumentsRule,
		rules.ScalarLeafsRuleWithoutSuggestions,
		rules.SingleFieldSubscriptionsRule,
		rules.UniqueArgumentNamesRule,
		rules.UniqueDirectivesPerLocationRule,
		rules.UniqueFragmentNamesRule,
		rules.UniqueInputFieldNamesRule,
		rules.UniqueOperationNamesRule,
		rules.UniqueVariableNamesRule,
		rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
		rules.VariablesAreInputTypesRule,
		rules.VariablesInAllowedPositionRule,
		intRangeRule(),
	}
}

// enough ends a walk that has found as many errors as it may report. The walk
// has no other way out, and going on means formatting errors nobody will read:
// a document of 1,000 mistakes would be the most expensive of all.
type enough struct{}

// findings collects errors of validation, each once.
type findings struct {
	list  []finding
	limit int
	calls int
	seen  map[string]bool
}

// repeats is how often more than limit a rule may report before the walk ends:
// a mistake inside a fragment is found again for each definition that reaches it.
const repeats = 5

func (f *findings) add(rule string, options ...core.ErrorOption) {
	err := &gqlerror.Error{Rule: rule}
	for _, option := range options {
		option(err)
	}
	f.calls++
	f.append(err)
	if len(f.list) >= f.limit || f.calls >= repeats*f.limit {
		panic(enough{})
	}
}

func (f *findings) append(err *gqlerror.Error) {
	message := shorten(err.Message)
	key := message
	for _, at := range err.Locations {
		key += at.String()
	}
	if f.seen[key] {
		return
	}
	f.seen[key] = true
	f.list = append(f.list, finding{ErrInvalid.New().With("detail", message).With("rule", err.Rule), err.Locations})
}

// validate runs the rules; it also ties the document to the schema, which
// execution and cost need.
func validate(schema *ast.Schema, doc *ast.QueryDocument, list []core.Rule, limit int) (result []finding) {
	f := &findings{limit: limit, seen: map[string]bool{}}
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(enough); !ok {
				panic(r)
			}
		}
		result = f.list
	}()
	events := &core.Events{}
	for _, rule := range list {
		rule.RuleFunc(events, func(options ...core.ErrorOption) { f.add(rule.Name, options...) })
	}
	core.Walk(schema, doc, events)
	return nil // set by the deferred function
}
