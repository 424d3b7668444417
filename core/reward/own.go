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
	Text   string // the program
	Digest string // of the text
	Parts  []Part

	// Score returns the parts of the reward of a finished response (parts).
	Score func(Judged) ([]float64, error)
}

// Part is a part of a reward.
type Part struct {
	Name       string  // "" if it is the only one
	Weight     float64 // its factor in the reward
	Unfinished float64 // what a response that never ends earns
}

// Judged is what a reward of somebody's own is asked about.
type Judged struct {
	Prompt, Response string
	Answer           string  // what the task's verifier looks for
	Score            float64 // the verifier's reward of the response
}

// Judge sets the rewards of verified sequences to this one, their Gold to the verifier's, and their
// Parts. An error says what the prompt and the response were.
func (o *Own) Judge(t task.Task, sequences []*rollout.Sequence) error {
	for _, s := range sequences {
		parts, err := o.Of(t, s.Problem, s.Response, s.Reward)
		if err != nil {
			return err
		}
		s.Gold, s.Reward, s.Parts = s.Reward, o.Sum(parts), nil
		for i, part := range parts {
			s.Parts = append(s.Parts, objective.RewardPart{Value: part, Weight: o.Parts[i].Weight})
		}
	}
	return nil
}

// Sum returns the reward whose parts are these (parts).
func (o *Own) Sum(parts []float64) (sum float64) {
	for i, part := range parts {
		sum += float64(o.Parts[i].Weight * part)
	}
	return sum
}

// Of returns the parts of the reward of a response to a problem that the verifier scores so
// (parts). An error says what the prompt and the response were.
func (o *Own) Of(t task.Task, p task.Problem, response []int32, score float64) ([]float64, error) {
	text, finished := t.Decode(response)
	if finished {
		parts, err := o.Score(Judged{p.Prompt, text, p.Answer, score})
		if err != nil {
			return nil, fmt.Errorf("%w; the prompt was %s and the response %s", err,
				param.Quote(p.Prompt), param.Quote(text))
		}
		return parts, nil
	}
	parts := make([]float64, len(o.Parts))
	for i, p := range o.Parts {
		parts[i] = p.Unfinished
	}
	return parts, nil
}
