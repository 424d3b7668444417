package train

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// inState reports whether a State has the memory after step updates of the stage. It does not if
// the memory can be computed again from the start of the stage.
func (m *memory) inState(step int) bool {
	refilled := m.buffer != nil && m.buffer.plan.Buffer.Every > 0
	return step > 0 && (m.waiting != nil || m.pool != nil || refilled)
}

// snapshot returns a copy of the memory after step updates of the stage, or nil if a State does not
// have it.
func (m *memory) snapshot(step int) *Memory {
	if !m.inState(step) {
		return nil
	}
	var to Memory
	if m.waiting != nil {
		to.Waiting = slices.Clone(m.waiting.prompts)
	}
	if m.buffer != nil {
		for _, k := range m.buffer.kept {
			to.Answers = append(to.Answers, newAnswer(k.prompt, k.group[0]))
		}
	}
	if m.pool != nil {
		to.Open = m.pool.open
		for _, a := range m.pool.solved {
			if a != nil {
				to.Answers = append(to.Answers, *a)
			}
		}
	}
	return &to
}

func newAnswer(prompt int, s *rollout.Sequence) Answer {
	if s.Source == objective.Demo {
		return Answer{Prompt: prompt, Demo: true}
	}
	return Answer{Prompt: prompt, Response: slices.Clone(s.Response), Logp: slices.Clone(s.OldLogp),
		Entropy: slices.Clone(s.Entropy), Reward: s.Reward}
}

// restore copies the memory of a State that was taken after step updates of the stage. It returns
// an error if the memory cannot be one of this stage.
func (c *collector) restore(m *Memory, step int) error {
	switch wanted := c.inState(step); {
	case m == nil && !wanted:
		return nil
	case m == nil:
		return errors.New("memory is missing, and the stage's method wants one")
	case !wanted && len(m.Answers)+len(m.Waiting) == 0:
		return nil
	case !wanted:
		return errors.New("memory is there, and the stage's method wants none here")
	}
	if c.waiting != nil {
		for _, i := range m.Waiting {
			if i < 0 || i >= len(c.training) {
				return fmt.Errorf("memory: prompt %d waits, want 0 to %d", i, len(c.training)-1)
			}
		}
		c.waiting.prompts = slices.Clone(m.Waiting)
	}
	for _, a := range m.Answers {
		if err := c.check(a); err != nil {
			return fmt.Errorf("memory: %w", err)
		}
		if err := c.restoreAnswer(a); err != nil {
			return fmt.Errorf("memory: %w", err)
		}
	}
	if c.pool != nil {
		c.pool.open = m.Open
	}
	return nil
}

// restoreAnswer puts an answer into the pool or the buffer.
func (c *collector) restoreAnswer(a Answer) error {
	switch {
	case c.pool != nil && (a.Demo || a.Right < 1 || a.Right >= c.pool.group ||
		c.pool.solved[a.Prompt] != nil):
		return fmt.Errorf("%d of %d right at prompt %d, which is no place in the pool or is taken",
			a.Right, c.pool.group, a.Prompt)
	case c.pool != nil:
		c.pool.solved[a.Prompt] = &a
	case c.buffer != nil:
		c.buffer.kept = append(c.buffer.kept, kept{a.Prompt, rollout.Group{c.sequence(a)}})
	default:
		return fmt.Errorf("an answer to prompt %d, and the stage's method keeps none", a.Prompt)
	}
	return nil
}

// check returns an error if an answer cannot be one to a training prompt.
func (s *sources) check(a Answer) error {
	if a.Prompt < 0 || a.Prompt >= len(s.training) {
		return fmt.Errorf("an answer to prompt %d, want 0 to %d", a.Prompt, len(s.training)-1)
	}
	if a.Demo {
		return nil
	}
	n, longest, vocab := len(a.Response), s.expert.task.MaxResponse, s.expert.task.Vocab()
	for _, token := range a.Response {
		if token < 0 || int(token) >= vocab {
			return fmt.Errorf("an answer with token %d, want 0 to %d", token, vocab-1)
		}
	}
	seq := s.sequence(a)
	if own := seq.PolicyLen(); n == 0 || n > longest || len(a.Logp) != own ||
		len(a.Entropy) != own || !slices.Equal(seq.Response, a.Response) {
		return fmt.Errorf("an answer of %d tokens, %d of them the policy's, with %d "+
			"log-probabilities and %d entropies: want as many of each, and at "+
			"most %d tokens", n, own, len(a.Logp), len(a.Entropy), longest)
	}
	for t := range a.Logp {
		if !finite(a.Logp[t]) || !finite(a.Entropy[t]) || !finite(a.Reward) {
			return fmt.Errorf("an answer with log-probability %v, entropy %v and reward %v",
				a.Logp[t], a.Entropy[t], a.Reward)
		}
	}
	return nil
}

// sequence returns the sequence of which an answer was made.
func (s *sources) sequence(a Answer) *rollout.Sequence {
	if a.Demo {
		return s.demonstrate(a.Prompt)
	}
	p := s.training[a.Prompt]
	response, at := s.expert.task.PlayTurns(p.Problem, a.Response)
	return &rollout.Sequence{
		Completion: objective.Completion{
			Source: objective.Rollout, Reward: a.Reward,
			Logp: slices.Clone(a.Logp), OldLogp: slices.Clone(a.Logp),
			Entropy: slices.Clone(a.Entropy),
		},
		Problem: p.Problem, Prompt: p.tokens, Response: response, PolicyAt: at, ScoredAt: -1,
	}
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
