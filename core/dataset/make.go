package dataset

import (
	"iter"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// Demonstrations returns the expert's answers to the first n training prompts of a seed, with the
// settings of the task's knobs. They are the ones that a lane of this seed imitates.
func Demonstrations(t task.Task, style param.Values, seed uint64, n int) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for i, p := range t.TrainPrompts(seed, n) {
			r := num.NewRand(seed, "demonstrate", t.Name, uint64(i)) // as in package train
			own := append(t.MustEncode(t.Demonstrate(&r, p, style)), task.End)
			played, _ := t.PlayTurns(p, t.PolicyTokens(p, own))
			text, _ := t.Decode(played)
			if !yield(Row{Prompt: p.Prompt, Completion: text}) {
				return
			}
		}
	}
}

// Sampling says how responses are sampled.
type Sampling struct {
	Task    task.Task
	Model   *model.Params
	Group   int // responses to each prompt at a time, at least 1
	Temp    float64
	Seed    uint64
	Threads int
}

// Rollouts returns responses of the model to the training prompts, with the verifier's rewards. It
// goes through the prompts again and again and does not end.
func (s Sampling) Rollouts() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for group := range s.groups() {
			for _, seq := range group {
				text, finished := s.Task.Decode(seq.Response)
				if !yield(Row{Prompt: seq.Problem.Prompt, Completion: text,
					Rollout: &Rollout{seq.Reward, finished}}) {
					return
				}
			}
		}
	}
}

// Pairs returns pairs of the model's finished responses to a prompt, of which the verifier gives
// the chosen one more reward. It goes through the prompts again and again, and ends when a whole
// round gives no pair.
func (s Sampling) Pairs() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		n, since := s.Task.Prompts, 0 // since is how many prompts in a row gave no pair
		for group := range s.groups() {
			var finished rollout.Group
			for _, seq := range group {
				if seq.Response[len(seq.Response)-1] == task.End {
					finished = append(finished, seq)
				}
			}
			r := num.NewRand(s.Seed, "data", s.Task.Name) // unused by an annotator who never errs
			pairs, _ := reward.Label(objective.InPairs, objective.Annotator{}, finished, &r)
			for i := 0; i < len(pairs); i += 2 {
				chosen, _ := s.Task.Decode(pairs[i].Response)
				rejected, _ := s.Task.Decode(pairs[i+1].Response)
				if !yield(Row{Prompt: pairs[i].Problem.Prompt, Chosen: chosen,
					Rejected: rejected}) {
					return
				}
				since = -1
			}
			if since++; since == n {
				return
			}
		}
	}
}

// groups returns the groups of responses to the training prompts, with their rewards, one prompt
// after the other and round after round.
func (s Sampling) groups() iter.Seq[rollout.Group] {
	return func(yield func(rollout.Group) bool) {
		const together = 32 // prompts
		problems := s.Task.TrainPrompts(s.Seed, s.Task.Prompts)
		network := model.NewNetwork(s.Model)
		sampler := rollout.NewSampler(s.Model.Config, s.Threads)
		for round := uint64(0); ; round++ {
			for first := 0; first < len(problems); first += together {
				part := problems[first:min(first+together, len(problems))]
				for _, group := range s.sample(sampler, network, part, round, first) {
					if !yield(group) {
						return
					}
				}
			}
		}
	}
}

// sample returns the groups of some problems, the first of which has the number first.
func (s Sampling) sample(sampler *rollout.Sampler, network *model.Network, problems []task.Problem,
	round uint64, first int) (groups []rollout.Group) {
	prompts := make([][]int32, len(problems))
	for i, p := range problems {
		prompts[i] = s.Task.MustEncode(p.Prompt)
	}
	responses := sampler.Sample(network, rollout.Request{
		Prompts: prompts, Group: s.Group, MaxResponse: s.Task.MaxResponse, Temp: s.Temp,
		World: eval.World(s.Task, problems),
		Seed:  s.Seed, Purpose: "data", Name: s.Task.Name, Index: round, First: first,
	})
	for i, p := range problems {
		group := make(rollout.Group, s.Group)
		for j := range group {
			r := responses[i*s.Group+j]
			group[j] = &rollout.Sequence{Problem: p, Prompt: prompts[i], Response: r.Tokens,
				PolicyAt: r.PolicyAt}
		}
		reward.Verify(s.Task, group)
		groups = append(groups, group)
	}
	return groups
}
