package train

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// lookAt obeys a Look: the prompt is shown next, and again after every measurement.
func (s *Session) lookAt(c protocol.Command) error {
	switch {
	case !s.lane.Task.HasLevel(c.Level):
		return fmt.Errorf("command look: task %s has no level %q", s.lane.Task.Name, c.Level)
	case c.Prompt < 0 || c.Prompt >= s.lane.EvalPrompts:
		return fmt.Errorf("command look: prompt is %d, want 0 to %d", c.Prompt, s.lane.EvalPrompts-1)
	case c.Samples < 1 || c.Samples > protocol.MaxLook:
		return fmt.Errorf("command look: samples is %d, want 1 to %d", c.Samples, protocol.MaxLook)
	}
	s.looking, s.lookDue = c, true
	return nil
}

// look samples responses to the prompt that is looked at. It leaves no trace in the lane.
func (s *Session) look() protocol.Event {
	s.lookDue = false
	level := 0
	for s.lane.Task.Levels[level].Name != s.looking.Level {
		level++
	}
	problem, responses := s.suite.Look(s.policy.network, level, s.looking.Prompt, s.looking.Samples)
	event := s.event(protocol.Looked, nil)
	for _, r := range responses {
		sample := s.sample(problem, r.Tokens)
		sample.Logp = rollout.Scatter(r.PolicyAt, r.Logp, len(r.Tokens))
		event.Samples = append(event.Samples, sample)
	}
	return event
}

// compare looks at the next matrix, and after the last one tells how far all of them are from the base's.
func (s *Session) compare() []protocol.Event {
	if !s.compareNext(&s.compared) {
		return nil
	}
	event := s.event(protocol.Compared, nil)
	event.Matrices = s.compared
	s.compareDue, s.compared = false, nil
	return []protocol.Event{event}
}

// compareNext adds the update of the next matrix to those of the ones before it; it reports whether that was the last.
func (s *Session) compareNext(updates *[]protocol.Matrix) (done bool) {
	if m, ok := eval.Matrix(s.lane.Base, s.policy.Params, len(*updates)); ok {
		*updates = append(*updates, m)
	}
	return len(*updates) == len(s.policy.Blocks())
}

// ask obeys an Ask: the prompt is answered next, and again after every measurement.
func (s *Session) ask(c protocol.Command) error {
	if c.Samples < 1 || c.Samples > protocol.MaxLook {
		return fmt.Errorf("command ask: samples is %d, want 1 to %d", c.Samples, protocol.MaxLook)
	}
	if _, err := s.lane.Task.EncodePrompt(c.Text, s.policy.Config.Context); err != nil {
		return fmt.Errorf("command ask: %w", err)
	}
	s.asking, s.askDue = c, true
	return nil
}

// answer responds to the prompt that somebody asks. It leaves no trace in the lane.
func (s *Session) answer() protocol.Event {
	s.askDue = false
	t := s.lane.Task
	problem, err := t.Problem(s.asking.Text)
	event := s.event(protocol.Asked, nil)
	for _, r := range s.suite.Ask(s.policy.network, s.asking.Text, s.asking.Samples) {
		sample := protocol.Sample{Prompt: s.asking.Text}
		if err == nil {
			sample = s.sample(problem, r.Tokens)
		} else {
			sample.Response, sample.Finished = t.Decode(r.Tokens)
		}
		event.Samples = append(event.Samples, sample)
	}
	return event
}

// sample is a response for people to read.
func (s *Session) sample(p task.Problem, response []int32) protocol.Sample {
	text, finished := s.lane.Task.Decode(response)
	sample := protocol.Sample{Level: p.Level, Prompt: p.Prompt, Response: text, Finished: finished, Reward: s.lane.Task.Score(p, response)}
	sample.Mark = s.lane.Task.Mark(p, sample.Reward)
	if played, places := s.lane.Task.PlayTurns(p, response); len(places) < len(played) && places != nil {
		for i := range response {
			_, own := slices.BinarySearch(places, i)
			sample.World = append(sample.World, !own)
		}
	}
	return sample
}
