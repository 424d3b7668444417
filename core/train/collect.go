package train

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// collector gathers what a stage's method asks for. What it returns for a batch
// depends on nothing but the lane, the stage, the batch's number, the policy and
// what the curriculum has seen.
type collector struct {
	lane     *Lane
	stage    int
	spec     objective.Collect
	values   param.Values
	prompts  []prompt // training prompts
	replay   []prompt // of the prior skill, for methods that want them
	sampler  *rollout.Sampler
	rewards  *rewardModels // with spec.RewardModel
	able     []int         // training prompts that have a demonstration, in order; nil: all
	choosing *selection    // of those; nil but while it is made
	ahead    *sampling     // of the rollouts of the next batch, of a buffer's filling or of what is compared; nil when none are sampled
	drawn    int           // how many of the next batch's prompts, the last ones, come from the pool
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
	replay := c.spec.Replay + rehearsed(c.values)
	size := c.values.Int("batch") - rehearsed(c.values)
	if c.spec.Buffer != nil {
		groups, err = c.draw(batch, size)
		return groups, nil, err
	}
	if c.waits(size) {
		return c.demonstrateWaiting(size, cost), nil, nil
	}
	for !c.gather(policy, batch, cost) { // those that gathered before have left nothing to do
	}
	chosen := c.ahead.chosen
	groups = make([]rollout.Group, len(chosen))
	if c.spec.Group > 0 {
		sampled = c.ahead.share(groups)
		switch h := c.spec.Hint; {
		case h == nil:
		case h.Branch != nil:
			c.branch(policy, chosen, batch, groups, cost)
		default:
			sampled = c.sampleHinted(policy, chosen, batch, groups, cost)
		}
		c.remember(chosen, sampled)
		c.replayPool(chosen, c.drawn, groups)
		c.queue(chosen, groups)
		c.downsample(groups)
	}
	c.ahead = nil
	if c.spec.Label != objective.Unlabelled {
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
			if c.hasDemo(i) {
				groups[g] = append(groups[g], c.expert("demonstrate", c.prompts, i))
			}
		}
		cost.Demonstrations = max(cost.Demonstrations, c.written(batch, size)+max(min(len(c.replay), (batch+1)*replay), consolidatedOf(c.values, len(c.replay))))
	}
	for i := range replay {
		groups = append(groups, rollout.Group{c.expert("replay", c.replay, (batch*replay+i)%len(c.replay))})
	}
	if c.spec.Keep != nil {
		groups = slices.DeleteFunc(groups, func(g rollout.Group) bool { return !c.spec.Keep(rollout.Completions([]rollout.Group{g})[0]) })
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

// start is where responses begin: at a prompt, or after some given tokens of its demonstration.
type start struct {
	prompt
	given []int32 // with what the world says to them
	at    []int   // where the demonstration's own stand among them; nil: everywhere
	next  []int32 // the expert's next step, where steps are sampled
}

// world is the world of the task as the sampler asks it, for responses from these starts; nil of a task without one.
func (c *collector) world(starts []start) rollout.World {
	if c.lane.Task.World == nil {
		return nil
	}
	return func(i int, response []int32) []int32 {
		return c.lane.Task.Reply(starts[i].Problem, slices.Concat(starts[i].given, response))
	}
}

// generate samples responses of a group size from every start, the last ones greedily, and has them judged. The starts are those
// from the first on of all that the batch has for this purpose.
func (c *collector) generate(policy *policy, purpose string, starts []start, first, size, greedy int, batch uint64, cost *protocol.Cost) []*rollout.Sequence {
	if size == 0 {
		return nil
	}
	prompts, room := make([][]int32, len(starts)), make([]int, len(starts))
	for i, s := range starts {
		prompts[i], room[i] = slices.Concat(s.tokens, s.given), c.room(s)
	}
	temp := 1.0
	if c.values.Has("temp") {
		temp = c.values.Float("temp")
	}
	responses := c.sampler.Sample(policy.network.WithTemp(knob.Temperature(c.values)), rollout.Request{
		Prompts: prompts, Group: size, Greedy: greedy, MaxResponse: c.lane.Task.MaxResponse, MaxTokens: room, Temp: temp, World: c.world(starts),
		Seed: c.lane.Seed, Purpose: purpose, Name: fmt.Sprintf("%s/%d", c.lane.Task.Name, c.stage), Index: batch, First: first,
	})
	sequences := make([]*rollout.Sequence, len(responses))
	for i, r := range responses {
		s := starts[i/size]
		sequences[i] = &rollout.Sequence{
			Completion: objective.Completion{Source: objective.Rollout, Logp: r.Logp, OldLogp: append([]float64(nil), r.Logp...), Entropy: r.Entropy},
			Problem:    s.Problem, Prompt: s.tokens, Response: r.Tokens, PolicyAt: r.PolicyAt, ScoredAt: policy.updates,
		}
		if len(s.given) > 0 {
			precede(sequences[i], s.given, s.at)
		}
		cost.TokensGenerated += len(r.Logp)
		cost.FLOPs += policy.network.Config.ForwardFLOPs(len(prompts[i/size]) + len(r.Tokens))
	}
	c.judge(starts, sequences, cost)
	return sequences
}

// judge gives responses their rewards, of as many from one start as from the next.
func (c *collector) judge(starts []start, sequences []*rollout.Sequence, cost *protocol.Cost) {
	if c.steps() {
		compareSteps(starts, sequences)
		return
	}
	calls := reward.Verify(c.lane.Stages[c.stage].judge(c.lane.Task), sequences)
	if c.rewards != nil {
		c.rewards.score(sequences, cost)
	} else if judged(c.spec, c.values) {
		cost.VerifierCalls += calls
	}
}

// judged says whether anything learns from the verifier's rewards: the method, or a rule that chooses among prompts or rollouts. If
// not, the verifier is asked to report alone.
func judged(c objective.Collect, v param.Values) bool {
	return !c.IgnoresRewards || v.Choice("prompts") != promptRules[0].name || v.Choice("downsample") != keepRules[0].name
}

// expert writes the expert's response to the i-th of some prompts; those to training prompts may be wrong.
func (c *collector) expert(purpose string, prompts []prompt, i int) *rollout.Sequence {
	p, t := prompts[i], c.lane.Task
	r := num.NewRand(c.lane.Seed, purpose, t.Name, uint64(i))
	own := t.PolicyTokens(p.Problem, append(t.MustEncode(t.Demonstrate(&r, p.Problem, c.values)), task.End))
	if purpose == "demonstrate" {
		own = c.spoil(p.Problem, i, own)
	}
	response, at := t.PlayTurns(p.Problem, own)
	s := &rollout.Sequence{
		Completion: objective.Completion{Source: objective.Demo, Reward: 1},
		Problem:    p.Problem, Prompt: p.tokens, Response: response, PolicyAt: at, ScoredAt: -1,
	}
	s.Logp = make([]float64, s.PolicyLen())
	return s
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
