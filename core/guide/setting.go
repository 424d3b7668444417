package guide

import (
	"slices"
)

// Setting has the arms that can be compared: those whose runs have one recipe and were judged on
// the same bases with the same seeds. They may come from several studies.
type Setting struct {
	Task      string   `json:"task"`
	TaskTitle string   `json:"task_title"`
	Recipe    string   `json:"recipe"`
	Studies   []string `json:"studies"`
	Bases     []uint64 `json:"bases"` // of the judged part
	Seeds     []uint64 `json:"seeds"`

	columns []Column
	arms    []settingArm
}

// settingArm is an arm with the part of its study on which its config is chosen.
type settingArm struct {
	Arm
	studies []string // in which it is
	tune    Part
}

// settings returns the settings of all studies that have results, in the order of the studies.
func settings(studies []Study) (all []*Setting) {
	for _, s := range studies {
		if s.Results == "" {
			continue
		}
		for _, e := range s.Experiments {
			at := slices.IndexFunc(all, func(one *Setting) bool { return one.has(e) })
			if at < 0 {
				at = len(all)
				all = append(all, &Setting{Task: e.Task, TaskTitle: e.TaskTitle, Recipe: e.Recipe,
					Bases: e.Judge.Bases, Seeds: e.Judge.Seeds, columns: e.Columns})
			}
			all[at].add(s.Name, e)
		}
	}
	for _, one := range all {
		one.tellApart()
	}
	return all
}

// tellApart adds the name of its study to the title of each arm that shares it with another one.
func (s *Setting) tellApart() {
	times := map[string]int{}
	for _, a := range s.arms {
		times[a.Title]++
	}
	for i := range s.arms {
		if a := &s.arms[i]; times[a.Title] > 1 {
			a.Title += " (" + a.studies[0] + "/" + a.Name + ")"
		}
	}
}

// has reports whether the arms of an experiment belong to the setting.
func (s *Setting) has(e Experiment) bool {
	return s.Recipe == e.Recipe && slices.Equal(s.Bases, e.Judge.Bases) &&
		slices.Equal(s.Seeds, e.Judge.Seeds)
}

// add adds the arms of an experiment. An arm that is there already, with the same configs and the
// same tuning part, has the same runs and is added once.
func (s *Setting) add(study string, e Experiment) {
	if !slices.Contains(s.Studies, study) {
		s.Studies = append(s.Studies, study)
	}
	for _, a := range e.Arms {
		at := slices.IndexFunc(s.arms, func(one settingArm) bool {
			return slices.EqualFunc(one.Configs, a.Configs, func(x, y Config) bool {
				return x.Lane == y.Lane
			}) && slices.Equal(one.tune.Bases, e.Tune.Bases) &&
				slices.Equal(one.tune.Seeds, e.Tune.Seeds)
		})
		if at < 0 {
			s.arms = append(s.arms, settingArm{a, []string{study}, e.Tune})
		} else {
			s.arms[at].studies = append(s.arms[at].studies, study)
		}
	}
}

// column is a metric of a setting.
type column struct {
	Column
	index int // in a run's values; or one of the two below
}

// reached is the metric of the column for runs that reach the target.
const reached = "reached"

const (
	ofCost    = -1 // the metric is a cost
	ofReached = -2 // the share of runs that reach the target
)

// needed returns the columns of what is needed, in the order of the needs, costs included, and the
// needs that the setting does not measure. Before the first cost is a column for the share of runs
// that reach the target.
func (s *Setting) needed(need []string) (columns []column, unmeasured []string) {
	costs := false
	for _, name := range need {
		n, _ := lookup("", name, needs) // a situation has known words alone
		before := len(columns)
		for _, m := range n.Measures {
			if !m.IsCost() {
				continue
			}
			if !costs {
				columns = append(columns, column{Column{Need: name, Metric: reached,
					Title: "runs that reach the target", Share: true}, ofReached})
			}
			costs = true
			columns = append(columns, column{Column{Need: name, Metric: m.Quantity,
				Title: costTitle(m.Quantity), Lower: m.Lower}, ofCost})
		}
		for i, c := range s.columns {
			if c.Need == name {
				columns = append(columns, column{c, i})
			}
		}
		if len(columns) == before {
			unmeasured = append(unmeasured, name)
		}
	}
	return columns, unmeasured
}

// value returns the number of a run at a measurement. ok is false if it is not known.
func (v view) value(c column, r Run, at int) (x float64, ok bool) {
	switch c.index {
	case ofReached:
		if v.stopOf(r).reached {
			return 1, true
		}
		return 0, true
	case ofCost:
		if !v.stopOf(r).reached {
			return 0, false
		}
		return v.costTo(r, c.Metric, at), true
	}
	return r.value(c.index, at)
}

// oriented returns a value so that higher is better.
func (c column) oriented(x float64) float64 {
	if c.Lower {
		return -x
	}
	return x
}

// costTitle returns what a cost is called.
func costTitle(cost string) string {
	at := slices.IndexFunc(units, func(u Unit) bool { return u.Cost == cost })
	return units[at].Title
}
