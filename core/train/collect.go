package train

import (
	"cmp"
	"fmt"
	"slices"

	"posttrain/core/method"
	"posttrain/core/num"
	"posttrain/core/param"
	"posttrain/core/protocol"
	"posttrain/core/reward"
	"posttrain/core/rollout"
	"posttrain/core/task"
)

// collector gathers what a stage's method asks for. What it returns for a batch
// depends on nothing but the lane, the stage, the batch's number, the policy and
// what the curriculum has seen.
type collector struct {
	lane    *Lane
	stage   int
	spec    method.Collect
	values  param.Values
	prompts []prompt // training prompts
	replay  []prompt // of the prior skill, for methods that want them
	sampler *rollout.Sampler
	rewards *rewardModels // with spec.RewardModel
	memory
	curriculum
}

// prompt is a training problem in tokens.
type prompt struct {
	task.Problem
	tokens []int32
}

func encode(t task.Task, problems []task.Problem) []prompt {
	prompts := make([]prompt, len(problems))
	for i, p := range problems {
		prompts[i] = prompt{p, t.MustEncode(p.Prompt)}
	}
	return prompts
}

// collect gathers the groups of the stage's batch with this number under the
// policy, and adds to cost what that took. It says what was sampled before any
// filter.
func (c *collector) collect(policy *policy, batch int, cost *protocol.Cost) (groups []rollout.Group, sampled []*rollout.Sequence, err error) {
	size := c.values.Int("batch")
	if c.spec.Buffer != nil {
		groups, err = c.draw(batch, size)
		return groups, nil, err
	}
	if c.spec.Backlog != nil && len(c.waiting) >= size {
		return c.demonstrateWaiting(size, cost), nil, nil
	}
	chosen := c.choose(batch, size)
	drawn := c.drawPool(batch, size)
	chosen = append(chosen[:size-len(drawn)], drawn...)
	groups = make([]rollout.Group, len(chosen))
	if c.spec.Group > 0 {
		sampled = c.sample(policy, chosen, uint64(batch), groups, cost)
		c.remember(chosen, sampled)
		c.replayPool(chosen, len(drawn), groups)
		c.queue(chosen, groups)
		c.downsample(groups)
	}
	if c.spec.Label != method.Unlabelled {
		for g, i := range chosen {
			groups[g] = c.label(groups[g], uint64(batch), uint64(i), cost)
		}
	}
	if c.spec.Best {
		for g, group := range groups {
			groups[g] = best(group)
		}
	}
	if c.spec.Demos > 0 {
		for g, i := range chosen {
			groups[g] = append(groups[g], c.expert("demonstrate", c.prompts, i))
		}
		cost.Demonstrations = max(cost.Demonstrations, c.seen(batch, size)+min(len(c.replay), (batch+1)*c.spec.Replay))
	}
	for i := range c.spec.Replay {
		groups = append(groups, rollout.Group{c.expert("replay", c.replay, (batch*c.spec.Replay+i)%len(c.replay))})
	}
	if c.spec.Keep != nil {
		kept := groups[:0]
		for _, group := range groups {
			if c.spec.Keep(rollout.Completions([]rollout.Group{group})[0]) {
				kept = append(kept, group)
			}
		}
		groups = kept
	}
	return groups, sampled, nil
}

// label has the annotator look at the rollouts of training prompt i in a batch. What the verifier was asked for them was
// on the annotator's behalf.
func (c *collector) label(group rollout.Group, batch, i uint64, cost *protocol.Cost) rollout.Group {
	cost.VerifierCalls -= len(group)
	r := num.NewRand(c.lane.Seed, "label", fmt.Sprintf("%s/%d", c.lane.Task.Name, c.stage), batch, i)
	labelled, labels := reward.Label(c.spec.Label, c.spec.Annotator, group, &r)
	cost.Labels += labels
	return labelled
}

// best is the rollout with the highest reward, the first of equals.
func best(group rollout.Group) rollout.Group {
	return rollout.Group{slices.MaxFunc(group, func(a, b *rollout.Sequence) int { return cmp.Compare(a.Reward, b.Reward) })}
}

// sample appends to groups[i] the rollouts of prompt chosen[i] and its greedy
// answers behind them; it returns the rollouts.
func (c *collector) sample(policy *policy, chosen []int, batch uint64, groups []rollout.Group, cost *protocol.Cost) []*rollout.Sequence {
	tokens := make([][]int32, len(chosen))
	for i, p := range chosen {
		tokens[i] = c.prompts[p].tokens
	}
	temp := 1.0
	if c.values.Has("temp") {
		temp = c.values.Float("temp")
	}
	size := c.spec.Group + c.spec.Greedy
	responses := c.sampler.Sample(policy.network, rollout.Request{
		Prompts: tokens, Group: size, Greedy: c.spec.Greedy, MaxResponse: c.lane.Task.MaxResponse, Temp: temp,
		Seed: c.lane.Seed, Purpose: "rollout", Name: fmt.Sprintf("%s/%d", c.lane.Task.Name, c.stage), Index: batch,
	})
	sequences := make([]*rollout.Sequence, len(responses))
	var sampled []*rollout.Sequence
	for i, r := range responses {
		p := c.prompts[chosen[i/size]]
		sequences[i] = &rollout.Sequence{
			Completion: method.Completion{Source: method.Rollout, Logp: r.Logp, OldLogp: append([]float64(nil), r.Logp...), Entropy: r.Entropy},
			Problem:    p.Problem, Prompt: p.tokens, Response: r.Tokens, ScoredAt: policy.updates,
		}
		groups[i/size] = append(groups[i/size], sequences[i])
		if i%size < c.spec.Group {
			sampled = append(sampled, sequences[i])
		} else {
			sequences[i].Source = method.Greedy
		}
		cost.TokensGenerated += len(r.Tokens)
		cost.FLOPs += policy.network.Config.ForwardFLOPs(len(p.tokens) + len(r.Tokens))
	}
	calls := reward.Verify(c.lane.Task, sequences)
	if c.rewards != nil {
		c.rewards.score(sequences, cost)
	} else {
		cost.VerifierCalls += calls
	}
	return sampled
}

// expert writes the expert's response to the i-th of some prompts.
func (c *collector) expert(purpose string, prompts []prompt, i int) *rollout.Sequence {
	p, t := prompts[i], c.lane.Task
	r := num.NewRand(c.lane.Seed, purpose, t.Name, uint64(i))
	response := append(t.MustEncode(t.Demonstrate(&r, p.Problem, c.values)), task.End)
	return &rollout.Sequence{
		Completion: method.Completion{Source: method.Demo, Reward: 1, Logp: make([]float64, len(response))},
		Problem:    p.Problem, Prompt: p.tokens, Response: response, ScoredAt: -1,
	}
}

// order returns items from to from+n of an endless sequence that goes through
// all of [0, of) in a fresh random order again and again.
func (c *collector) order(of, from, n int) []int {
	return endless(of, from, n, func(round int) num.Rand {
		return num.NewRand(c.lane.Seed, "order", c.lane.Task.Name, uint64(c.stage), uint64(round))
	})
}

// endless is order with the random numbers of each round from shuffle.
func endless(of, from, n int, shuffle func(round int) num.Rand) []int {
	chosen := make([]int, 0, n)
	var perm []int
	for i := from; i < from+n; i++ {
		if perm == nil || i%of == 0 {
			r := shuffle(i / of)
			perm = r.Perm(of)
		}
		chosen = append(chosen, perm[i%of])
	}
	return chosen
}
