package signal

import (
	"strconv"
	"strings"
)

// Cure is a change of a stage.
type Cure struct {
	Says string // what to do, as a sentence
	Set  string // a setting of the stage, NAME=VALUE; "" means none
	// Before is a stage to put before it, as in a link; "" means none.
	Before string
}

// fits reports whether the change can be made in a stage: whether it has the setting, with another
// value.
func (c Cure) fits(s Stage) bool {
	if c.Before != "" {
		return true
	}
	name, value := c.Setting()
	return s.Values.Has(name) && s.Values.Text(name) != value
}

// Setting returns the name and the value of Set.
func (c Cure) Setting() (name, value string) {
	name, value, _ = strings.Cut(c.Set, "=")
	return name, value
}

// number writes a value of a setting as links have it.
func number(v float64) string { return strconv.FormatFloat(v, 'g', 2, 64) }

// lowerRate returns a cure that divides the learning rate.
func lowerRate(s Stage, by float64, says string) []Cure {
	if !s.Values.Has("lr") {
		return nil
	}
	lr := s.Values.Float("lr") / by
	return []Cure{{Says: says + " lr=" + number(lr) + ".", Set: "lr=" + number(lr)}}
}

// raise returns a cure that sets a number to at least a value, if the stage has a smaller one.
func raise(s Stage, name string, to float64, says string) []Cure {
	if !s.Values.Has(name) || s.Values.Float(name) >= to {
		return nil
	}
	return []Cure{{Says: says + " " + name + "=" + number(to) + ".",
		Set: name + "=" + number(to)}}
}

// largerGroups returns a cure that samples more answers to each prompt.
func largerGroups(s Stage) []Cure {
	const most = 16 // beyond it more prompts help as much, see the exhibit failure_groups
	if !s.Values.Has("group") || s.Values.Int("group") >= most {
		return nil
	}
	return []Cure{{Says: "Sample more answers to each prompt: group=16.", Set: "group=16"}}
}
