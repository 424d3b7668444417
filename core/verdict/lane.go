package verdict

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/task"
)

// Lane collects the measurements of a lane.
type Lane struct {
	Name     string              // for people
	Collects []objective.Collect // by stage, the data of its updates; nil without a network
	Step     int                 // updates so far
	Base     map[string]float64  // metrics before the first update
	Now      map[string]float64  // newest metrics
	Cost     protocol.Cost       // used up so far
	Waiting  bool                // not started yet; the verdict leaves the lane out

	before  map[string]float64 // metrics of the measurement before Now; nil if that was of the base
	updates map[string]span    // by metric that updates report
	spent   int                // the update after which Cost was taken
}

// span has the values of a metric at the earliest and the latest update that reported it.
type span struct {
	first, last int
	from, to    float64
}

// Add adds an event of the lane. Events may come in any order.
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

// measured returns the lane with its newest complete measurement as Now. While levels are still
// being measured, that is the measurement before. It reports whether there is a complete one after
// an update, and one of the base.
func (l Lane) measured(levels []task.Level) (Lane, bool) {
	if !complete(levels, l.Now) {
		l.Now = l.before
	}
	return l, l.Step > 0 && complete(levels, l.Base) && complete(levels, l.Now)
}

// complete reports whether there is a metric for each level.
func complete(levels []task.Level, metrics map[string]float64) bool {
	return !slices.ContainsFunc(levels, func(l task.Level) bool {
		_, ok := metrics[l.Metric()]
		return !ok
	})
}

// update adds the metrics of an update.
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

// newest returns the newest value of a metric. An entry of the ledger has the name "cost/" and its
// own name.
func (l *Lane) newest(metric string) (v float64, ok bool) {
	if entry, ledger := strings.CutPrefix(metric, "cost/"); ledger {
		return l.Cost.Entry(entry)
	}
	if v, ok = l.Now[metric]; ok {
		return v, ok
	}
	s, ok := l.updates[metric]
	return s.to, ok
}

// first returns the value of a metric before the first update. A metric that only updates report
// has its value at the first of them.
func (l *Lane) first(metric string) (v float64, ok bool) {
	if v, ok = l.Base[metric]; ok {
		return v, ok
	}
	s, ok := l.updates[metric]
	return s.from, ok
}
