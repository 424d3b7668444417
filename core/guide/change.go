package guide

import (
	"fmt"
	"slices"
)

// Change is another situation, and who is first there.
type Change struct {
	Title string   `json:"title"` // how it differs, such as "without retain"
	First []string `json:"first"` // titles of the rows that are first
	Same  bool     `json:"same"`  // whether the same rows are first as before
	Gone  []string `json:"gone"`  // titles of rows that cannot be judged there
}

// changes returns what would become of the answer if the situation were a little different.
func (f Found) changes(s Situation) (all []Change) {
	if len(f.Rows) == 0 {
		return nil
	}
	try := func(change string, other Situation) {
		g := find(f.Setting, other)
		if len(g.Rows) == 0 || len(g.Columns) == 0 {
			return
		}
		first := g.first()
		all = append(all, Change{change, first, slices.Equal(first, f.first()), f.gone(g)})
	}
	for i, name := range s.Need {
		if len(s.Need) > 1 && !slices.Contains(f.Unmeasured, name) {
			other := s
			other.Need = slices.Delete(slices.Clone(s.Need), i, i+1)
			try("without "+name, other)
		}
	}
	for _, n := range needs[:3] { // what nearly everybody may need
		if !slices.Contains(s.Need, n.Name) && f.measures(n.Name) {
			other := s
			other.Need = append(slices.Clone(s.Need), n.Name)
			try("with "+n.Name+" needed too", other)
		}
	}
	f.tryLimits(s, try)
	f.tryInputs(s, try)
	return all
}

// first returns the titles of the rows that are first.
func (f Found) first() (titles []string) {
	for _, r := range f.Rows {
		if r.First {
			titles = append(titles, r.Title)
		}
	}
	return titles
}

// gone returns the titles of the rows that another answer about the setting does not have.
func (f Found) gone(other Found) (titles []string) {
	for _, r := range f.Rows {
		if !slices.ContainsFunc(other.Rows, func(o Row) bool { return o.Title == r.Title }) {
			titles = append(titles, r.Title)
		}
	}
	return titles
}

// measures reports whether the setting has a column for a need.
func (s *Setting) measures(need string) bool {
	return slices.ContainsFunc(s.columns, func(c Column) bool { return c.Need == need })
}

// tryLimits tries half and twice the budget or, where arithmetic is not limited, equal arithmetic.
func (f Found) tryLimits(s Situation, try func(string, Situation)) {
	for i, l := range s.Limits {
		for _, by := range []struct {
			words  string
			factor float64
		}{{"half", 0.5}, {"twice", 2}} {
			other := s
			other.Limits = slices.Clone(s.Limits)
			other.Limits[i].Most *= by.factor
			try(fmt.Sprintf("with %s the %s", by.words, costTitle(l.Cost)), other)
		}
	}
	least, most := f.arithmetic()
	if least.FLOPs > 0 && most.FLOPs > alike*least.FLOPs && !s.limitsCosts() {
		other := s
		other.Limits = append(slices.Clone(s.Limits), Limit{costFLOPs, least.FLOPs})
		try("at equal arithmetic, "+amount(costFLOPs, least.FLOPs), other)
	}
}

// tryInputs tries what another thing to have would admit, and what the loss of one would leave.
func (f Found) tryInputs(s Situation, try func(string, Situation)) {
	for _, name := range f.admitting() {
		h, _ := lookup("", name, haves)
		other := s
		other.Have = append(slices.DeleteFunc(slices.Clone(s.Have), func(name string) bool {
			return name == "nothing"
		}), name)
		try("with "+h.Title+" too", other)
	}
	for i, name := range s.Have {
		h, _ := lookup("", name, haves)
		if len(s.Have) > 1 && h.usedBy(f.Rows) {
			other := s
			other.Have = slices.Delete(slices.Clone(s.Have), i, i+1)
			try("without "+h.Title, other)
		}
	}
}

// admitting returns words for what the excluded arms miss.
func (f Found) admitting() (names []string) {
	for _, e := range f.Excluded {
		for _, input := range e.Missing {
			name := string(input) // inputs have the names of words
			if input == RewardModel {
				name = string(Labels) // of which one can be made
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// usedBy reports whether one of some rows needs an input that the word gives.
func (h Have) usedBy(rows []Row) bool {
	return slices.ContainsFunc(rows, func(r Row) bool {
		return slices.ContainsFunc(r.Inputs, func(i Input) bool {
			return slices.Contains(h.Gives, i)
		})
	})
}
