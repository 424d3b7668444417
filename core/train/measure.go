package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/protocol"
)

// measurer has the state of measuring the policy: level after level, a few prompts at a time.
type measurer struct {
	suite   *eval.Suite
	resume  phase             // the phase that follows the measurement
	level   int               // the level that is measured now, or next
	current *measurement      // of that level; nil until it is begun
	passes  *eval.PassAtK     // the sampling for pass@k; nil outside of the phase passAtK
	first   []protocol.Metric // the first measurement, which is that of the base; nil before it
	latest  []protocol.Metric // the newest measurement of every level
}

// measurement is the measurement of one level.
type measurement struct {
	*eval.Measurement
	answered bool              // whether all prompts of the level have been answered
	matrices []protocol.Matrix // the matrices whose update has been ranked so far
}

// beginMeasurement makes a measurement the next work. The current phase goes on after it.
func (s *Session) beginMeasurement() { s.phase, s.resume = measuring, s.phase }

// measure does the next part of measuring a level: the answers to some prompts, or the rank of the
// update of one matrix. It returns the level's event after the last part.
//
// Ranks are measured once, at the end of the lane, together with the first level.
func (s *Session) measure() []protocol.Event {
	if s.current == nil {
		s.current = &measurement{Measurement: s.suite.Measurement(s.level)}
	}
	m, withRanks := s.current, s.level == 0 && s.atEnd()
	switch {
	case !m.answered:
		m.answered = m.Advance(s.policy.network)
		if !m.answered || withRanks {
			return nil
		}
	case withRanks:
		if !s.compareNext(&m.matrices) {
			return nil
		}
	}
	return s.endLevel(m)
}

// endLevel reports a level that has been measured, and goes on to the next one, to pass@k, or to
// the end of the measurement.
func (s *Session) endLevel(m *measurement) []protocol.Event {
	const shown = 8 // samples of the event
	metrics, samples := m.Metrics()
	if s.level == 0 {
		metrics = append(metrics, eval.Moved(s.lane.Base, s.policy.Params)...)
		metrics = append(metrics, s.signal.Metrics()...)
		if m.matrices != nil {
			metrics = append(metrics, eval.Ranks(m.matrices)...)
		}
		s.latest = nil
	}
	event := s.event(protocol.Measured, metrics)
	for _, seq := range samples[:min(shown, len(samples))] {
		event.Samples = append(event.Samples, s.shown(seq.Problem, seq.Response))
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

// answersDue returns how many answers to each prompt the current measurement samples for pass@k.
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

// measurePass samples answers to some more prompts for pass@k. It returns a level's event after the
// last of its prompts.
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

// endMeasurement makes the requests due again and returns to the phase before the measurement. At
// the end of the lane it ends the session.
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
	return []protocol.Event{s.event(protocol.Finished, slices.Clone(s.latest))}
}

// Metrics returns the newest measurement of every level.
func (s *Session) Metrics() []protocol.Metric { return slices.Clone(s.latest) }

// First returns the first measurement of every level, which is that of the base.
func (s *Session) First() []protocol.Metric { return slices.Clone(s.first) }
