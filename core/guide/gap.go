package guide

import "slices"

// Gap is a need that nothing measures.
type Gap struct {
	Need string `json:"need"`
	// Studies would measure it, with a method that the situation allows, and have no results yet.
	Studies []Planned `json:"studies"`
}

// Planned is a study without results.
type Planned struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Cells int    `json:"cells"`
}

// gaps returns the needs for which no row has a value.
func (a Answer) gaps(studies []Study) (gaps []Gap) {
	for _, name := range a.Situation.Need {
		if !slices.ContainsFunc(a.Found, func(f Found) bool { return f.answers(name) }) {
			gaps = append(gaps, Gap{name, a.Situation.planned(name, studies)})
		}
	}
	return gaps
}

// answers reports whether a row has a value for a need.
func (f Found) answers(need string) bool {
	return slices.ContainsFunc(f.Rows, func(r Row) bool {
		for i, c := range f.Columns {
			if c.Need == need && r.Values[i].Known {
				return true
			}
		}
		return false
	})
}

// planned returns the studies without results that would measure a need.
func (s Situation) planned(need string, studies []Study) (planned []Planned) {
	n, _ := lookup("", need, needs)
	tasks := s.tasks()
	for _, one := range studies {
		if one.Results == "" && slices.ContainsFunc(one.Experiments, func(e Experiment) bool {
			return e.measures(n) && (tasks == nil || slices.Contains(tasks, e.Task)) &&
				slices.ContainsFunc(e.Arms, func(a Arm) bool {
					return slices.ContainsFunc(a.Configs, func(c Config) bool {
						return s.missing(c.Inputs) == nil
					})
				})
		}) {
			planned = append(planned, Planned{one.Name, one.Title, one.Cells})
		}
	}
	return planned
}

// unused returns the words for what there is that no row makes use of. Where there is no row,
// nothing is known of that, and it returns none.
func (a Answer) unused() (names []string) {
	var rows []Row
	for _, f := range a.Found {
		rows = append(rows, f.Rows...)
	}
	for _, name := range a.Situation.Have {
		h, _ := lookup("", name, haves)
		if len(rows) > 0 && len(h.Gives) > 0 && !h.usedBy(rows) {
			names = append(names, name)
		}
	}
	return names
}
