package reward

import (
	"fmt"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// Own is a reward of somebody's own, which is learned from in place of the verifier's. It has one
// part, or several with names.
type Own struct {
	Name   string // what errors call it, such as the name of its file
	Digest string // of its text
	Parts  []Part

	// Score returns the parts of the reward of a finished response (parts). The answer is what the
	// task's verifier looks for.
	Score func(prompt, response, answer string) ([]float64, error)
}

// Part is a part of a reward.
type Part struct {
	Name       string  // "" if it is the only one
	Weight     float64 // its factor in the reward
	Unfinished float64 // what a response that never ends earns
}

// Judge sets the rewards of verified sequences to this one, their Gold to the verifier's, and their
// Parts. An error says what the prompt and the response were.
func (o *Own) Judge(t task.Task, sequences []*rollout.Sequence) error {
	for _, s := range sequences {
		parts, err := o.parts(t, s)
		if err != nil {
			return err
		}
		s.Gold, s.Reward, s.Parts = s.Reward, 0, nil
		for i, part := range parts {
			s.Reward += float64(o.Parts[i].Weight * part)
			s.Parts = append(s.Parts, objective.RewardPart{Value: part, Weight: o.Parts[i].Weight})
		}
	}
	return nil
}

// parts returns the parts of the reward of a sequence (parts).
func (o *Own) parts(t task.Task, s *rollout.Sequence) ([]float64, error) {
	response, finished := t.Decode(s.Response)
	if finished {
		parts, err := o.Score(s.Problem.Prompt, response, s.Problem.Answer)
		if err != nil {
			return nil, fmt.Errorf("%w; the prompt was %s and the response %s", err,
				param.Quote(s.Problem.Prompt), param.Quote(response))
		}
		return parts, nil
	}
	parts := make([]float64, len(o.Parts))
	for i, p := range o.Parts {
		parts[i] = p.Unfinished
	}
	return parts, nil
}
