package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/protocol"
)

// measurement is the measurement of one level that is under way.
type measurement struct {
	*eval.Measurement
	done    bool
	updates []protocol.Matrix // of the matrices compared so far, where their ranks are wanted too
}

// measurer measures the policy at every level, a part at a time.
type measurer struct {
	suite   *eval.Suite
	resume  phase             // what goes on after measuring
	level   int               // next level to measure
	current *measurement      // of that level; nil before it is begun
	passes  *eval.PassAtK     // while passAtK
	first   []protocol.Metric // the first measurement, of the base; nil before
	latest  []protocol.Metric // newest measurement of every level
}

// measure does the next part of measuring a level.
func (s *Session) measure() []protocol.Event {
	const shown = 8
	if s.current == nil {
		s.current = &measurement{Measurement: s.suite.Measurement(s.level)}
	}
	m, ranked := s.current, s.level == 0 && s.atEnd()
	if !m.done {
		if m.done = m.Advance(s.policy.network); !m.done || ranked {
			return nil
		}
	}
	if ranked && !s.compareNext(&m.updates) {
		return nil
	}
	metrics, samples := m.Metrics()
	if s.level == 0 {
		metrics = append(metrics, eval.Moved(s.lane.Base, s.policy.Params)...)
		metrics = append(metrics, s.signal.Metrics()...)
	}
	if ranked {
		metrics = append(metrics, eval.Ranks(m.updates)...)
	}
	event := s.event(protocol.Measured, metrics)
	for _, seq := range samples[:min(shown, len(samples))] {
		event.Samples = append(event.Samples, s.sample(seq.Problem, seq.Response))
	}
	if s.level == 0 {
		s.latest = nil
	}
	s.latest, s.current = append(s.latest, metrics...), nil
	if s.level++; s.level < s.suite.Levels() {
		return []protocol.Event{event}
	}
	s.level = 0
	if answers := s.answersDue(); answers > 0 {
		s.phase, s.passes = passAtK, s.suite.PassAtK(answers)
		return []protocol.Event{event}
	}
	return append([]protocol.Event{event}, s.endMeasurement()...)
}

// answersDue returns how many answers to each prompt the measurement at hand takes for pass@k.
func (s *Session) answersDue() int {
	answers := 0
	if s.policy.updates == 0 && s.first == nil {
		answers = s.lane.FirstAnswers
	}
	if s.atEnd() {
		answers = max(answers, s.lane.LastAnswers)
	}
	return answers
}

// measurePass samples answers to some more prompts for pass@k.
func (s *Session) measurePass() []protocol.Event {
	if !s.passes.Advance(s.policy.network) {
		return nil
	}
	metrics := s.passes.Metrics()
	s.latest = append(s.latest, metrics...)
	events := []protocol.Event{s.event(protocol.Measured, metrics)}
	if s.passes = s.passes.Next(); s.passes != nil {
		return events
	}
	return append(events, s.endMeasurement()...)
}

// endMeasurement goes on after all levels are measured.
func (s *Session) endMeasurement() []protocol.Event {
	if s.policy.updates == 0 && s.first == nil {
		s.first = slices.Clone(s.latest)
	}
	s.requests.repeat()
	s.phase = s.resume
	if !s.atEnd() {
		return nil
	}
	s.phase = finished
	return []protocol.Event{s.event(protocol.Finished, s.latest)}
}

// Metrics returns the newest measurements of every level.
func (s *Session) Metrics() []protocol.Metric { return s.latest }

// First returns the first measurement of every level, which is that of the base.
func (s *Session) First() []protocol.Metric { return s.first }
