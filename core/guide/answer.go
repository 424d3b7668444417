package guide

import (
	"slices"
)

// Answer is what studies say about a situation.
type Answer struct {
	Situation Situation `json:"situation"`
	// Found has what each setting says. Those with most to compare come first.
	Found []Found `json:"found"`
	// Gaps are the needs that nothing measures, in the order of the situation.
	Gaps []Gap `json:"not_measured"`
	// Unused are the words for what there is that no method in these settings makes use of.
	Unused []string `json:"unused"`
}

// Found is what a setting says about a situation.
type Found struct {
	*Setting
	Columns    []Column   `json:"columns"`    // by which the needs are judged, in their order
	Unmeasured []string   `json:"unmeasured"` // needs that are not measured in this setting
	Base       []Value    `json:"base"`       // the base before training, for each column
	Rows       []Row      `json:"rows"`       // in the order of the studies, which is no ranking
	Excluded   []Excluded `json:"excluded"`
	// Comparisons is how many p-values are corrected together to tell which rows are behind.
	Comparisons int `json:"comparisons"`
	// Changes has other situations, and who is first there. Without rows there are none.
	Changes []Change `json:"changes"`
}

// Row is an arm that the situation allows.
type Row struct {
	Arm     string   `json:"arm"`
	Title   string   `json:"title"`
	Studies []string `json:"studies"`
	Lane    string   `json:"lane"`    // the config that counts
	Configs int      `json:"configs"` // out of how many it was chosen
	Inputs  []Input  `json:"inputs"`  // that this config cannot do without
	Values  []Value  `json:"values"`  // for each column
	Steps   float64  `json:"steps"`   // updates up to where its runs are looked at, on average
	FLOPs   float64  `json:"flops"`   // what had been spent by then, on average
	Cut     int      `json:"cut"`     // runs that go on beyond the limits
	First   bool     `json:"first"`   // whether it is behind no other row
	Behind  []Behind `json:"behind"`  // the rows that it is behind, with each need that shows it
	Link    string   `json:"link"`    // of its first judged run

	start []Value // of its runs before training
}

// Value is the mean of a column over the judged runs of a row.
type Value struct {
	// Known is false if the column was not measured where the runs are looked at, or if it is a
	// cost and some runs do not reach the target.
	Known    bool      `json:"known"`
	Mean     float64   `json:"mean"`
	Interval *Interval `json:"interval"` // nil means that the runs support none
	ByBase   []float64 `json:"by_base"`  // the mean on each base
	// Best reports whether no other row is shown to be better.
	Best bool `json:"best"`
	// AgainstBase is 1 if the row is shown to be better than the base before training, -1 if it is
	// shown to be worse, and 0 if neither is shown or there is no such comparison.
	AgainstBase int `json:"against_base"`

	runs []float64 // base by base
}

// Interval is an interval at the level of 95 %.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Behind says that a row is shown to be worse than another one.
type Behind struct {
	Row        int     `json:"row"`    // index of the other row
	Column     int     `json:"column"` // index of the column that shows it
	Difference float64 `json:"difference"`
	Ratio      float64 `json:"ratio,omitempty"` // of costs: this row's divided by the other one's
	// Interval is the interval of Ratio for costs, and of Difference otherwise. It is nil if one
	// row never spends such a cost.
	Interval *Interval `json:"interval"`
}

// Excluded is an arm that the situation does not allow, or that never gets to what is needed.
type Excluded struct {
	Arm     string   `json:"arm"`
	Title   string   `json:"title"`
	Missing []Input  `json:"missing"` // the inputs that are not there, if that is the reason
	Why     Obstacle `json:"why"`
}

// Obstacle is why an arm is left out.
type Obstacle string

// The obstacles.
const (
	NotThere   Obstacle = "not there"   // an input is missing
	TooDear    Obstacle = "too dear"    // its first measurement comes after the limits
	NotReached Obstacle = "not reached" // costs are compared at a target that no run reaches
)

// Ask answers a situation from studies. Those without results serve to say what would measure what
// is not measured. Those of failures are left out: they compare mistakes with their cures.
func Ask(studies []Study, s Situation) Answer {
	a := Answer{Situation: s}
	studies = slices.DeleteFunc(slices.Clone(studies), func(s Study) bool { return s.Failure })
	for _, one := range settings(studies) {
		if tasks := s.tasks(); tasks != nil && !slices.Contains(tasks, one.Task) {
			continue
		}
		f := find(one, s)
		if len(f.Columns) == 0 {
			continue
		}
		f.Changes = f.changes(s)
		a.Found = append(a.Found, f)
	}
	slices.SortStableFunc(a.Found, func(x, y Found) int { return len(y.Rows) - len(x.Rows) })
	a.Gaps = a.gaps(studies)
	a.Unused = a.unused()
	return a.withoutNull()
}

// withoutNull returns the answer with empty slices in the place of nil, which JSON would have as
// null. Situation.Have stays as it is, since nil means something else there.
func (a Answer) withoutNull() Answer {
	a.Situation.Limits = some(a.Situation.Limits)
	a.Found, a.Gaps, a.Unused = some(a.Found), some(a.Gaps), some(a.Unused)
	for i := range a.Gaps {
		a.Gaps[i].Studies = some(a.Gaps[i].Studies)
	}
	for i := range a.Found {
		f := &a.Found[i]
		f.Unmeasured, f.Rows = some(f.Unmeasured), some(f.Rows)
		f.Excluded, f.Changes = some(f.Excluded), some(f.Changes)
		for j := range f.Rows {
			f.Rows[j].Inputs, f.Rows[j].Behind = some(f.Rows[j].Inputs), some(f.Rows[j].Behind)
		}
		for j := range f.Excluded {
			f.Excluded[j].Missing = some(f.Excluded[j].Missing)
		}
		for j := range f.Changes {
			c := &f.Changes[j]
			c.First, c.Gone = some(c.First), some(c.Gone)
		}
	}
	return a
}

// some returns a slice that is not nil.
func some[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

// find returns what a setting says, without changes.
func find(s *Setting, situation Situation) Found {
	v, unmeasured := newView(s, situation)
	f := Found{Setting: s, Unmeasured: unmeasured}
	for _, c := range v.columns {
		f.Columns = append(f.Columns, c.Column)
	}
	if len(v.columns) == 0 {
		return f
	}
	f.Base = v.base(s.arms[0].Configs[0])
	for _, a := range s.arms {
		configs, missing := allowed(a, situation)
		if len(configs) == 0 {
			f.Excluded = append(f.Excluded, Excluded{a.Name, a.Title, missing, NotThere})
			continue
		}
		c := v.choose(configs)
		if c == nil {
			f.Excluded = append(f.Excluded, Excluded{a.Name, a.Title, nil, TooDear})
			continue
		}
		if v.reached(c.Judge) == 0 {
			f.Excluded = append(f.Excluded, Excluded{a.Name, a.Title, nil, NotReached})
			continue
		}
		row := v.row(*c)
		row.Arm, row.Title, row.Studies, row.Configs = a.Name, a.Title, a.studies, len(configs)
		f.Rows = append(f.Rows, row)
	}
	f.compare(v)
	return f
}

// allowed returns the configs of an arm whose inputs the situation has. If there are none, it
// returns what the first one misses.
func allowed(a settingArm, s Situation) (configs []*Config, missing []Input) {
	for i := range a.Configs {
		if s.missing(a.Configs[i].Inputs) == nil {
			configs = append(configs, &a.Configs[i])
		}
	}
	if configs == nil {
		missing = s.missing(a.Configs[0].Inputs)
	}
	return configs, missing
}

// row returns the values of a config that counts.
func (v view) row(c Config) Row {
	r := Row{Lane: c.Lane, Inputs: c.Inputs, Link: c.Judge[0].Link}
	for _, run := range c.Judge {
		s := v.stopOf(run)
		r.Steps += run.Steps[s.at]
		r.FLOPs += run.cost(costFLOPs, s.at)
		if s.cut {
			r.Cut++
		}
	}
	r.Steps /= float64(len(c.Judge))
	r.FLOPs /= float64(len(c.Judge))
	r.start = v.starts(c)
	for _, column := range v.columns {
		r.Values = append(r.Values, v.measure(c.Judge, column, func(run Run) int {
			return v.stopOf(run).at
		}))
	}
	return r
}

// base returns the values of the base before training.
func (v view) base(c Config) (values []Value) {
	for _, column := range v.columns {
		if column.index < 0 {
			values = append(values, Value{})
			continue
		}
		values = append(values, v.measure(c.Judge, column, func(Run) int { return 0 }))
	}
	return values
}

// starts returns the values of a config's runs before training, with their means alone.
func (v view) starts(c Config) (values []Value) {
	for _, column := range v.columns {
		one := Value{Known: column.index >= 0}
		for _, r := range c.Judge {
			if one.Known {
				x := r.Values[column.index][0]
				one.runs = append(one.runs, x)
				one.Mean += x
			}
		}
		one.Mean /= float64(len(c.Judge))
		values = append(values, one)
	}
	return values
}

// measure returns the mean of a column over runs, at the measurements that at returns.
func (v view) measure(runs []Run, c column, at func(Run) int) Value {
	var value Value
	for _, r := range runs {
		x, ok := v.value(c, r, at(r))
		if !ok {
			return Value{}
		}
		value.runs = append(value.runs, x)
	}
	return v.summarise(value, c)
}
