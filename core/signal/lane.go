package signal

import (
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/task"
)

// Lane finds signals in the events of a lane.
type Lane struct {
	Stages  []Stage      // without them nothing is found
	Levels  []task.Level // the practised one first
	Prompts int          // held-out prompts per level
	Every   int          // updates between two scheduled measurements

	points  []Point // complete ones, by step
	pending *Point  // the newest one, of which there may be more to come
	found   []Finding
}

// Finding is a signal that was found.
type Finding struct {
	Signal
	Stage    int    // where it was found, from 0
	Step     int    // the update after which it was found
	Measured string // what was measured, as a sentence with the numbers
	Cure     Cure
}

// Point is what was reported of a lane at an update: by the measurement after it, and by the next
// update, whose batch the measured policy has sampled.
type Point struct {
	Step     int
	Measured map[string]float64
	Update   map[string]float64 // nil if there was no next update
}

// Add adds an event of the lane and returns what was found by it. Events come in the order of their
// steps; events that were added before change nothing.
func (l *Lane) Add(e protocol.Event) []Finding {
	if len(l.Stages) == 0 {
		return nil
	}
	switch {
	case e.Kind == protocol.Updated && l.pending != nil && e.Step == l.pending.Step+1:
		l.pending.Update = byName(l.pending.Update, e.Metrics)
		return l.complete()
	case e.Kind == protocol.Measured && l.scheduled(e.Step):
		found := l.begin(e.Step)
		if l.pending != nil && e.Step == l.pending.Step {
			l.pending.Measured = byName(l.pending.Measured, e.Metrics)
		}
		return found
	case e.Kind == protocol.Finished:
		return l.complete()
	}
	return nil
}

// Found returns what was found, the earliest first. What another finding explains is left out.
func (l *Lane) Found() (found []Finding) {
	for _, f := range l.found {
		if !l.explained(f.Signal, f.Stage) {
			found = append(found, f)
		}
	}
	return found
}

// scheduled reports whether the recipe asks for a measurement after this update. The page measures
// at others too, when somebody makes single steps.
func (l *Lane) scheduled(step int) bool { return step%max(1, l.Every) == 0 || step == l.steps() }

// steps returns the updates of all stages.
func (l *Lane) steps() (n int) {
	for _, s := range l.Stages {
		n += s.Steps
	}
	return n
}

// begin makes the point of a step the pending one, unless there has been one of that step or a
// later one.
func (l *Lane) begin(step int) (found []Finding) {
	if l.pending != nil && step > l.pending.Step {
		found = l.complete()
	}
	if l.pending == nil && (len(l.points) == 0 || step > l.points[len(l.points)-1].Step) {
		l.pending = &Point{Step: step}
	}
	return found
}

// complete adds the pending point to the others and returns what is found at it.
func (l *Lane) complete() (found []Finding) {
	if l.pending == nil {
		return nil
	}
	l.points, l.pending = append(l.points, *l.pending), nil
	series, ok := l.series()
	if !ok {
		return nil
	}
	for _, s := range all {
		if l.has(s.Name, series.Number) || l.explained(s, series.Number) ||
			!s.applies(series.Stage) {
			continue
		}
		if measured := s.measured(series); measured != "" {
			f := Finding{Signal: s, Stage: series.Number, Step: series.Last().Step,
				Measured: measured, Cure: series.cure(s)}
			l.found, found = append(l.found, f), append(found, f)
		}
	}
	return found
}

// has reports whether a signal was found in a stage.
func (l *Lane) has(name string, stage int) bool {
	for _, f := range l.found {
		if f.Name == name && f.Stage == stage {
			return true
		}
	}
	return false
}

// explained reports whether a signal follows from another one that was found in the stage.
func (l *Lane) explained(s Signal, stage int) bool {
	for _, f := range l.found {
		for _, name := range f.Explains {
			if name == s.Name && f.Stage == stage {
				return true
			}
		}
	}
	return false
}

// series returns the points of the stage that made the update of the newest one. ok is false before
// the first update.
func (l *Lane) series() (s Series, ok bool) {
	step, start := l.points[len(l.points)-1].Step, 0
	if l.points[0].Step > 0 { // the lane was resumed, and its beginning is not known
		return Series{}, false
	}
	for i, stage := range l.Stages {
		end := start + stage.Steps
		if step > start && step <= end {
			s = Series{Stage: stage, Number: i, Level: l.Levels[0], Levels: l.Levels,
				Prompts: l.Prompts, Base: l.points[0]}
			for _, p := range l.points {
				if p.Step < start {
					continue
				}
				if p.Step == end {
					p.Update = nil // of the next stage
				}
				s.Points = append(s.Points, p)
			}
			s.Start = start
			return s, true
		}
		start = end
	}
	return Series{}, false
}

// byName adds metrics to a map, which may be nil.
func byName(to map[string]float64, metrics []protocol.Metric) map[string]float64 {
	if to == nil {
		to = map[string]float64{}
	}
	for _, m := range metrics {
		to[m.Name] = m.Value
	}
	return to
}
