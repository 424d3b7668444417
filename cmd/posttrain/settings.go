package main

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/task"
)

// settings is the flag --set: KNOB=VALUE, once or more often, or several with commas between them
// as in a link.
type settings []string

// each calls set with the name and the value of every setting in turn.
func (s settings) each(set func(name, text string) error) error {
	for _, given := range s {
		for _, setting := range parts(given) {
			name, text, ok := strings.Cut(setting, "=")
			if !ok {
				return fmt.Errorf("--set %s: want KNOB=VALUE", setting)
			}
			if err := set(name, text); err != nil {
				return fmt.Errorf("--set: %w", err)
			}
		}
	}
	return nil
}

// parts returns the settings of one --set. The settings behind a base are the base's own. A comma
// that does not separate settings belongs to a value, such as 0,001, which is refused later with a
// sentence about decimal commas.
func parts(given string) (all []string) {
	if strings.HasPrefix(given, "base=") {
		return []string{given}
	}
	for _, part := range strings.Split(given, ",") {
		if len(all) > 0 && !strings.Contains(part, "=") {
			all[len(all)-1] += "," + part
			continue
		}
		all = append(all, part)
	}
	return all
}

// split returns the settings that are sizes of a task, and the others.
func (s settings) split(t task.Task) (sizes, others []string, err error) {
	err = s.each(func(name, text string) error {
		if t.SizeValues().Has(name) {
			sizes = append(sizes, name+"="+text)
		} else {
			others = append(others, name+"="+text)
		}
		return nil
	})
	return sizes, others, err
}
