package task

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

// Check returns an error unless the declaration is complete and well formed. It does not try the
// functions.
func (t Task) Check() error {
	if !param.IsName(t.Name) {
		return fmt.Errorf("%s cannot name a task: "+
			"want lower-case letters, digits and _, with a letter first", param.Quote(t.Name))
	}
	for _, check := range []func() error{t.checkAlphabet, t.checkLevels, t.checkParts} {
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

// checkAlphabet checks that every symbol is there once and means nothing in a data set.
func (t Task) checkAlphabet() error {
	symbols := []rune(t.Alphabet)
	if len(symbols) == 0 {
		return errors.New("the alphabet is empty")
	}
	for i, r := range symbols {
		switch {
		case slices.Contains(symbols[:i], r):
			return fmt.Errorf("the alphabet has %q twice", r)
		case strings.ContainsRune("\", \r\n\t", r):
			return fmt.Errorf("the alphabet has %q, which separates columns or rows of a data set",
				r)
		}
	}
	return nil
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
