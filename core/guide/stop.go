package guide

import "slices"

// stop is where a run is looked at.
type stop struct {
	at      int  // index of the measurement
	reached bool // the target was reached; true without a target
	cut     bool // the run goes on beyond the limits
	none    bool // the limits leave no measurement after the start
}

// stopOf returns where a run is looked at: at its last measurement within the limits or, if a
// target is set, at the first one that reaches it, whichever is earlier.
func (v view) stopOf(r Run) stop {
	s := stop{at: len(r.Steps) - 1, reached: true}
	for _, l := range v.Limits {
		for s.at > 0 && r.cost(l.Cost, s.at) > l.Most {
			s.at, s.cut = s.at-1, true
		}
	}
	s.none = s.cut && s.at == 0
	if !v.limitsCosts() {
		return s
	}
	s.reached = false
	for at := range s.at + 1 {
		if x, ok := r.value(v.practised.index, at); ok && x >= v.Target {
			return stop{at: at, reached: true}
		}
	}
	return s
}

// costTo returns what a run has spent where it reaches the target, on a straight line between the
// measurement before and the one at which it has reached it.
func (v view) costTo(r Run, cost string, at int) float64 {
	if at == 0 {
		return 0
	}
	before, _ := r.value(v.practised.index, at-1) // which every measurement has
	after, _ := r.value(v.practised.index, at)
	part := (v.Target - before) / (after - before)
	from := r.cost(cost, at-1)
	return from + float64(part*(r.cost(cost, at)-from))
}

// view is a setting as a situation looks at it.
type view struct {
	*Setting
	Situation
	columns   []column
	practised column // the new skill
}

func newView(s *Setting, situation Situation) (v view, unmeasured []string) {
	v = view{Setting: s, Situation: situation}
	practised := slices.IndexFunc(s.columns, func(c Column) bool { return c.Need == needs[0].Name })
	v.practised = column{s.columns[practised], practised} // every task has one
	v.columns, unmeasured = s.needed(situation.Need)
	for i := range v.columns {
		c := &v.columns[i]
		c.Held = situation.limitsCosts() && c.Metric == v.practised.Metric
	}
	return v, unmeasured
}
