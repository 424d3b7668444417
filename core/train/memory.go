package train

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// memory is what a stage keeps from one batch to the next.
type memory struct {
	buffer  []kept // what was kept of the newest filling
	shown   []bool // which training prompts were demonstrated one by one, if only in part; nil: none
	waiting []int  // training prompts that wait for their demonstration
	pool
}

// remembers says whether a stage of a method has a memory that does not follow from its start.
func remembers(c objective.Collect) bool {
	return c.Hint != nil || c.Backlog != nil || c.Pool != nil || c.Buffer != nil && c.Buffer.Every > 0
}

// show is the expert's demonstration for training prompt i, which is paid for by itself.
func (c *collector) show(i int) *rollout.Sequence {
	if c.shown == nil {
		c.shown = make([]bool, len(c.prompts))
	}
	c.shown[i] = true
	return c.expert("demonstrate", c.prompts, i)
}

// shownCount is how many different prompts were demonstrated one by one.
func (m *memory) shownCount() (n int) {
	for _, yes := range m.shown {
		if yes {
			n++
		}
	}
	return n
}

// recall copies the collector's memory after so many updates of the stage; nil where none is wanted, or nothing is kept yet.
func (c *collector) recall(stageStep int) *Memory {
	if !remembers(c.spec) || stageStep == 0 {
		return nil
	}
	m := &Memory{Waiting: slices.Clone(c.waiting), Open: c.open}
	for _, k := range c.buffer {
		m.Answers = append(m.Answers, answer(k.prompt, k.group[0]))
	}
	for _, a := range c.solved {
		if a != nil {
			m.Answers = append(m.Answers, *a)
		}
	}
	for i, yes := range c.shown {
		if yes {
			m.Shown = append(m.Shown, i)
		}
	}
	return m
}

func answer(prompt int, s *rollout.Sequence) Answer {
	if s.Source == objective.Demo {
		return Answer{Prompt: prompt, Demo: true}
	}
	return Answer{Prompt: prompt, Response: slices.Clone(s.Response), Logp: slices.Clone(s.OldLogp), Entropy: slices.Clone(s.Entropy), Reward: s.Reward}
}

// memorise takes over the memory of a state after so many updates of the stage. The error says what is wrong with it.
func (c *collector) memorise(m *Memory, stageStep int) error {
	wanted := remembers(c.spec) && stageStep > 0
	switch {
	case m == nil && !wanted:
		return nil
	case m == nil:
		return errors.New("memory is missing, and the stage's method wants one")
	case !wanted:
		return errors.New("memory is there, and the stage's method wants none here")
	}
	for _, i := range slices.Concat(m.Shown, m.Waiting) {
		if i < 0 || i >= len(c.prompts) {
			return fmt.Errorf("memory: prompt %d was shown or waits, want 0 to %d", i, len(c.prompts)-1)
		}
	}
	for _, i := range m.Shown {
		c.show(i)
	}
	c.waiting = slices.Clone(m.Waiting)
	for _, a := range m.Answers {
		if err := c.check(a); err != nil {
			return fmt.Errorf("memory: %w", err)
		}
		switch {
		case c.spec.Pool == nil:
			c.buffer = append(c.buffer, kept{a.Prompt, rollout.Group{c.revive(a)}})
		case a.Demo || a.Right < 1 || a.Right >= c.spec.Group || c.solved != nil && c.solved[a.Prompt] != nil:
			return fmt.Errorf("memory: %d of %d right at prompt %d, which is no place in the pool or is taken", a.Right, c.spec.Group, a.Prompt)
		default:
			c.pooled(a)
		}
	}
	c.open = m.Open
	return nil
}

// check says what is wrong with an answer.
func (c *collector) check(a Answer) error {
	if a.Prompt < 0 || a.Prompt >= len(c.prompts) {
		return fmt.Errorf("an answer to prompt %d, want 0 to %d", a.Prompt, len(c.prompts)-1)
	}
	if a.Demo {
		return nil
	}
	n, longest := len(a.Response), c.lane.Task.MaxResponse
	for _, token := range a.Response {
		if token < 0 || int(token) >= c.lane.Base.Config.Vocab {
			return fmt.Errorf("an answer with token %d, want 0 to %d", token, c.lane.Base.Config.Vocab-1)
		}
	}
	s := c.revive(a)
	if own := s.PolicyLen(); n == 0 || n > longest || len(a.Logp) != own || len(a.Entropy) != own || !slices.Equal(s.Response, a.Response) {
		return fmt.Errorf("an answer of %d tokens, %d of them the policy's, with %d log-probabilities and %d entropies: want as many of each, and at most %d tokens", n, own, len(a.Logp), len(a.Entropy), longest)
	}
	for t := range a.Logp {
		if !finite(a.Logp[t]) || !finite(a.Entropy[t]) || !finite(a.Reward) {
			return fmt.Errorf("an answer with log-probability %v, entropy %v and reward %v", a.Logp[t], a.Entropy[t], a.Reward)
		}
	}
	return nil
}

// revive makes a sequence of an answer again.
func (c *collector) revive(a Answer) *rollout.Sequence {
	if a.Demo {
		return c.expert("demonstrate", c.prompts, a.Prompt)
	}
	p := c.prompts[a.Prompt]
	response, at := c.lane.Task.PlayTurns(p.Problem, a.Response)
	return &rollout.Sequence{
		Completion: objective.Completion{Source: objective.Rollout, Reward: a.Reward, Logp: slices.Clone(a.Logp), OldLogp: slices.Clone(a.Logp), Entropy: slices.Clone(a.Entropy)},
		Problem:    p.Problem, Prompt: p.tokens, Response: response, PolicyAt: at, ScoredAt: -1,
	}
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
