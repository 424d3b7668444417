package verdict

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/task"
)

// Lane is what a lane was measured at.
type Lane struct {
	Name     string              // for people
	Collects []objective.Collect // what each of its stages gathers; nil without a network
	Step     int                 // updates so far
	Base     map[string]float64  // metrics before the first update
	Now      map[string]float64  // newest metrics
	Cost     protocol.Cost       // used up so far
	Waiting  bool                // whether nobody has started it: then nothing is said of it

	before  map[string]float64 // metrics of the measurement before Now; nil when that was of the base
	updates map[string]span    // what updates have told, by metric
	spent   int                // the update that Cost is of
}

// span is what a metric was at the earliest update that told of it and at the latest.
type span struct {
	first, last int
	from, to    float64
}

// Add takes note of an event, in any order.
func (l *Lane) Add(e protocol.Event) {
	if e.Step >= l.spent {
		l.spent, l.Cost = e.Step, e.Cost
	}
	if e.Kind == protocol.Updated {
		l.update(e)
	}
	if e.Kind != protocol.Measured || e.Step < l.Step {
		return
	}
	if e.Step > l.Step || l.Now == nil {
		if l.Step > 0 {
			l.before = l.Now
		}
		l.Step, l.Now = e.Step, map[string]float64{}
	}
	for _, m := range e.Metrics {
		l.Now[m.Name] = m.Value
	}
	if e.Step == 0 {
		l.Base = l.Now
	}
}

// measured returns the lane with its newest measurement after an update in which no level is missing: while levels are still being
// measured, that is the one before. It reports whether there is one.
func (l Lane) measured(levels []task.Level) (Lane, bool) {
	if !whole(levels, l.Now) {
		l.Now = l.before
	}
	return l, l.Step > 0 && whole(levels, l.Base) && whole(levels, l.Now)
}

// whole reports whether metrics have every level.
func whole(levels []task.Level, metrics map[string]float64) bool {
	return !slices.ContainsFunc(levels, func(l task.Level) bool {
		_, ok := metrics[l.Metric()]
		return !ok
	})
}

// update takes note of what an update tells.
func (l *Lane) update(e protocol.Event) {
	if l.updates == nil {
		l.updates = map[string]span{}
	}
	for _, m := range e.Metrics {
		s, known := l.updates[m.Name]
		if !known || e.Step < s.first {
			s.first, s.from = e.Step, m.Value
		}
		if !known || e.Step > s.last {
			s.last, s.to = e.Step, m.Value
		}
		l.updates[m.Name] = s
	}
}

// now is the newest value of a metric, or of an entry of the ledger behind "cost/".
func (l *Lane) now(metric string) (v float64, ok bool) {
	if entry, ledger := strings.CutPrefix(metric, "cost/"); ledger {
		return l.Cost.Entry(entry)
	}
	if v, ok = l.Now[metric]; ok {
		return v, ok
	}
	s, ok := l.updates[metric]
	return s.to, ok
}

// start is what a metric was before the first update, or at it where updates alone tell of it.
func (l *Lane) start(metric string) (v float64, ok bool) {
	if v, ok = l.Base[metric]; ok {
		return v, ok
	}
	s, ok := l.updates[metric]
	return s.from, ok
}
