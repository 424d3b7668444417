package task

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/posttrain/posttrain/core/param"
)

// Check returns an error unless the declaration is complete and well formed. It does not try the
// functions.
func (t Task) Check() error {
	if !param.IsName(t.Name) {
		return fmt.Errorf("%s cannot name a task: "+
			"want lower-case letters, digits and _, with a letter first", param.Quote(t.Name))
	}
	for _, check := range []func() error{t.checkSymbols, t.checkLevels, t.checkParts} {
		if err := check(); err != nil {
			return fmt.Errorf("task %s: %w", t.Name, err)
		}
	}
	for _, knobs := range [][]param.Knob{t.Knobs, t.Sizes} {
		if err := param.Check(knobs); err != nil {
			return fmt.Errorf("task %s: %w", t.Name, err)
		}
	}
	prompts := func(k param.Knob) bool {
		return k.Name == trainPrompts && k.Type == param.TypeInteger
	}
	if t.Sizes != nil && !slices.ContainsFunc(t.Sizes, prompts) {
		return fmt.Errorf("task %s: Sizes has no whole number %s", t.Name, trainPrompts)
	}
	return nil
}

// checkSymbols checks that every symbol is there once and means nothing in a data set.
func (t Task) checkSymbols() error {
	what, symbols := "the alphabet", t.Symbols()
	if t.Words != nil {
		what = "the list of words"
	}
	if len(symbols) == 0 {
		return errors.New(what + " is empty")
	}
	if t.Words != nil && t.Alphabet != "" {
		return errors.New("there are an Alphabet and Words: want one of them")
	}
	for i, symbol := range symbols {
		switch quoted := quoteSymbol(symbol); {
		case slices.Contains(symbols[:i], symbol):
			return fmt.Errorf("%s has %s twice", what, quoted)
		case symbol == "":
			return fmt.Errorf("%s has an empty word", what)
		case strings.ContainsAny(symbol, "\", \r\n\t"):
			return fmt.Errorf("%s has %s, which separates columns or rows of a data set",
				what, quoted)
		}
	}
	return nil
}

// quoteSymbol returns a rune or a word as errors write it.
func quoteSymbol(symbol string) string {
	if r, size := utf8.DecodeRuneInString(symbol); size > 0 && size == len(symbol) {
		return strconv.QuoteRune(r)
	}
	return param.Quote(symbol)
}

// checkLevels checks that the levels that measurements are named after are there, and that each
// name can stand in the name of a metric.
func (t Task) checkLevels() error {
	for _, name := range []string{"id", "ood", "prior"} {
		if !t.HasLevel(name) {
			return fmt.Errorf("there is no level %q: want id, ood and prior", name)
		}
	}
	if t.Levels[0].Name != "id" {
		return fmt.Errorf("the first level, which is practised, is %q: want id", t.Levels[0].Name)
	}
	for i, l := range t.Levels {
		same := func(o Level) bool { return o.Name == l.Name }
		if !param.IsName(l.Name) || slices.ContainsFunc(t.Levels[:i], same) {
			return fmt.Errorf("level %s is there twice or is not a name", param.Quote(l.Name))
		}
	}
	return nil
}

// checkParts checks that nothing is left out that every task needs.
func (t Task) checkParts() error {
	for _, part := range []struct {
		name    string
		missing bool
	}{
		{"MaxResponse", t.MaxResponse < 1}, {"Prompts", t.Prompts < 1}, {"Form", t.Form == ""},
		{"Read", t.Read == nil}, {"Sample", t.Sample == nil}, {"Demonstrate", t.Demonstrate == nil},
		{"Pretrain", t.Pretrain == nil}, {"Reward", t.Reward == nil},
	} {
		if part.missing {
			return errors.New(part.name + " is left out")
		}
	}
	return nil
}
