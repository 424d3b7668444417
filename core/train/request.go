package train

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// requests has the commands that ask to be shown something. Each is answered as soon as possible;
// Look, Ask, Explain and Compare are answered again after every measurement. A new command replaces
// the older one of its kind. Answers do not change how the lane trains.
type requests struct {
	standing []protocol.Command // at most one of a kind, in the order of the first of each kind
	due      []protocol.Command // those to be answered now
	compared []protocol.Matrix  // the part of the answer to a Compare that has been computed
	pairs    pairing            // the same of a Pair or an Examine
}

// add makes a request due. It replaces an earlier one of its kind.
func (r *requests) add(c protocol.Command) {
	queues := []*[]protocol.Command{&r.due, &r.standing}
	if once(c.Kind) {
		queues, r.pairs = queues[:1], pairing{}
	}
	for _, queue := range queues {
		same := func(d protocol.Command) bool { return d.Kind == c.Kind }
		if i := slices.IndexFunc(*queue, same); i >= 0 {
			(*queue)[i] = c
		} else {
			*queue = append(*queue, c)
		}
	}
}

// repeat makes all requests due again that are answered after every measurement.
func (r *requests) repeat() {
	waiting := slices.DeleteFunc(r.due, func(c protocol.Command) bool { return !once(c.Kind) })
	r.due = append(slices.Clone(r.standing), waiting...)
}

// once reports whether requests of a kind are answered a single time.
func once(kind protocol.CommandKind) bool {
	return kind == protocol.Pair || kind == protocol.Examine
}

// next returns the first request that is due and can be shown, if there is one.
func (r *requests) next(can func(protocol.CommandKind) bool) (c protocol.Command, due bool) {
	for _, c := range r.due {
		if can(c.Kind) {
			return c, true
		}
	}
	return protocol.Command{}, false
}

// done removes a request from those that are due.
func (r *requests) done(kind protocol.CommandKind) {
	r.due = slices.DeleteFunc(r.due, func(c protocol.Command) bool { return c.Kind == kind })
}

// checkRequest returns an error if a request cannot be answered.
func (s *Session) checkRequest(c protocol.Command) error {
	t := s.lane.Task
	switch c.Kind {
	case protocol.Look:
		switch {
		case !t.HasLevel(c.Level):
			return fmt.Errorf("command look: task %s has no level %q", t.Name, c.Level)
		case c.Prompt < 0 || c.Prompt >= s.lane.EvalPrompts:
			return fmt.Errorf("command look: prompt is %d, want 0 to %d", c.Prompt,
				s.lane.EvalPrompts-1)
		}
	case protocol.Ask:
		if _, err := t.EncodePrompt(c.Text, s.policy.Config.Context); err != nil {
			return fmt.Errorf("command ask: %w", err)
		}
	case protocol.Explain:
		if c.Prompt < 0 {
			return fmt.Errorf("command weigh: prompt is %d, want at least 0", c.Prompt)
		}
	case protocol.Compare:
		return nil
	case protocol.Pair, protocol.Examine:
		if s.lane.Stages[0].Method.Collect(s.lane.Stages[0].Values).RewardModel == nil {
			return fmt.Errorf("command %s: the lane's first stage has no reward model", c.Kind)
		}
	}
	if c.Samples < 1 || c.Samples > protocol.MaxLook {
		return fmt.Errorf("command %s: samples is %d, want 1 to %d", c.Kind, c.Samples,
			protocol.MaxLook)
	}
	return nil
}

// canShow reports whether requests of a kind can be answered now. An update can be explained once
// there has been one.
func (s *Session) canShow(kind protocol.CommandKind) bool {
	switch kind {
	case protocol.Explain:
		return len(s.batch.coeffs) > 0
	case protocol.Pair:
		return s.stage.number == 0
	case protocol.Examine:
		return s.canExamine()
	}
	return true
}

// show does the next part of answering a request. It returns the answer after the last part.
func (s *Session) show(c protocol.Command) ([]protocol.Event, error) {
	var event protocol.Event
	switch c.Kind {
	case protocol.Look:
		event = s.look(c)
	case protocol.Ask:
		event = s.answer(c)
	case protocol.Explain:
		event = s.explain(c)
	case protocol.Compare:
		if !s.compareNext(&s.requests.compared) {
			return nil, nil
		}
		event = s.event(protocol.Compared, nil)
		event.Matrices, s.requests.compared = s.requests.compared, nil
	case protocol.Pair, protocol.Examine:
		if done, err := s.requests.pairs.advance(s.stage, c); !done {
			return nil, err
		}
		event = s.reportPairs(c)
	}
	s.requests.done(c.Kind)
	return []protocol.Event{event}, nil
}

// look answers a Look with responses to a held-out prompt.
func (s *Session) look(c protocol.Command) protocol.Event {
	level := 0
	for s.lane.Task.Levels[level].Name != c.Level {
		level++
	}
	problem, responses := s.suite.Look(s.policy.network, level, c.Prompt, c.Samples)
	event := s.event(protocol.Looked, nil)
	for _, r := range responses {
		sample := s.shown(problem, r.Tokens)
		sample.Logp = rollout.Scatter(r.PolicyAt, r.Logp, len(r.Tokens))
		event.Samples = append(event.Samples, sample)
	}
	return event
}

// answer answers an Ask with responses to a prompt that somebody wrote.
func (s *Session) answer(c protocol.Command) protocol.Event {
	problem, err := s.lane.Task.Problem(c.Text)
	event := s.event(protocol.Asked, nil)
	for _, r := range s.suite.Ask(s.policy.network, c.Text, c.Samples) {
		sample := protocol.Sample{Prompt: s.lane.Task.Canonical(c.Text),
			Words: s.lane.Task.Words != nil}
		if err == nil {
			sample = s.shown(problem, r.Tokens)
		} else {
			sample.Response, sample.Finished = s.lane.Task.Decode(r.Tokens)
		}
		event.Samples = append(event.Samples, sample)
	}
	return event
}

// compareNext compares the next weight matrix with the base's, appends the result to compared, and
// reports whether all matrices are compared.
func (s *Session) compareNext(compared *[]protocol.Matrix) (done bool) {
	if m, ok := eval.Matrix(s.lane.Base, s.policy.Params, len(*compared)); ok {
		*compared = append(*compared, m)
	}
	return len(*compared) == len(s.policy.Blocks())
}

// sample returns a response as text, with its reward.
func (s *Session) sample(p task.Problem, response []int32) protocol.Sample {
	return sampleOf(s.lane.Task, p, response)
}

// shown returns a response as text, with its reward. It also has what the reward of somebody's own
// says of it, if there is one, which is not heard of a response that it cannot judge: training
// stops at such a response, but looking at one does no harm.
func (s *Session) shown(p task.Problem, response []int32) protocol.Sample {
	sample := s.sample(p, response)
	if own := s.stage.ownReward(); own != nil {
		if parts, err := own.Of(s.lane.Task, p, response, sample.Reward); err == nil {
			addOwn(&sample, own, parts)
		}
	}
	return sample
}

// addOwn adds to a sample what a reward of somebody's own says of it (parts).
func addOwn(s *protocol.Sample, own *reward.Own, parts []float64) {
	s.Judge, s.Judged = own.Name, own.Sum(parts)
	if len(parts) > 1 {
		s.Parts = parts
	}
}

// sampleOf returns a response to a problem of a task as text, with the verifier's reward.
func sampleOf(t task.Task, p task.Problem, response []int32) protocol.Sample {
	text, finished := t.Decode(response)
	sample := protocol.Sample{Level: p.Level, Prompt: p.Prompt, Response: text, Finished: finished,
		Words: t.Words != nil, Reward: t.Score(p, response)}
	sample.Mark = t.Mark(p, sample.Reward)
	if played, places := t.PlayTurns(p, response); len(places) < len(played) && places != nil {
		for i := range response {
			_, own := slices.BinarySearch(places, i)
			sample.World = append(sample.World, !own)
		}
	}
	return sample
}
