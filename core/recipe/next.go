package recipe

import (
	"fmt"
	"slices"
	"strings"
)

// Change is something to try after an exhibit has been run: a change of its recipe. Either Set or
// Instead says what is changed.
type Change struct {
	Says string // what to do, as a sentence

	// Lane is the number of the lane to change, counted from 1. With Instead it may also be the
	// number after the last lane, to add one. 0 stands for the recipe and all lanes: see
	// [Recipe.Set].
	Lane int

	Set     string // settings as in a lane: style=x or group=2,batch=128
	Instead string // a lane that takes the place of Lane
}

// Suggestion is a Change as a link that makes it.
type Suggestion struct {
	Says string `json:"says"`
	Link string `json:"link"`
}

// Suggestions returns what to try after an exhibit that was run with this seed.
func (c *Catalogue) Suggestions(e Exhibit, seed uint64) (all []Suggestion, err error) {
	for _, change := range e.Next {
		r, err := c.Parse(e.Name)
		if err == nil {
			err = r.SetSeed(seed)
		}
		if err == nil {
			err = change.apply(r)
		}
		if err != nil {
			return nil, fmt.Errorf("exhibit %s, %q: %w", e.Name, change.Says, err)
		}
		all = append(all, Suggestion{change.Says, r.Link()})
	}
	return all, nil
}

// apply makes the change in r, the recipe of an exhibit.
func (c Change) apply(r *Recipe) error {
	defer r.relink()
	first, last := 0, len(r.Lanes)
	if c.Instead != "" {
		first, last = 1, len(r.Lanes)+1
	}
	if c.Lane < first || c.Lane > last {
		return fmt.Errorf("there is no lane %d to change: want %d to %d", c.Lane, first, last)
	}
	if c.Instead != "" {
		lane, err := r.catalogue.ParseLane(r.Task, c.Instead)
		r.Lanes = slices.Replace(r.Lanes, c.Lane-1, min(c.Lane, len(r.Lanes)), lane)
		return err
	}
	for setting := range strings.SplitSeq(c.Set, ",") {
		name, text, _ := strings.Cut(setting, "=")
		if c.Lane == 0 {
			if err := r.Set(name, text); err != nil {
				return err
			}
		} else if found, err := r.Lanes[c.Lane-1].set(name, text); err != nil {
			return err
		} else if !found {
			return fmt.Errorf("lane %d has no setting %s", c.Lane, name)
		}
	}
	return nil
}
