package train

import (
	"fmt"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

const (
	rewardBatch = 32   // pairs of an update of a reward model
	rewardClip  = 1    // longest gradient that is applied as it is
	centring    = 0.01 // weight of the squared sum of a pair's scores, as in TRL

	// comparedBatch addresses the rollouts that are compared. It is no number of a batch.
	comparedBatch = math.MaxUint64
)

// rewardModels are a stage's ensemble. Its members are trained when the stage starts, one update at a time and one after the
// other, and their joined score is then the reward. None of it is kept in a State: it follows from where the stage starts.
type rewardModels struct {
	spec    objective.RewardModel
	address string // of the stage
	seed    uint64
	start   *model.Params
	pairs   []rollout.Group  // (pairs with a difference) chosen and rejected, as [read]
	members []*model.Network // scalar; the last one may still be in training
	scorer  *rollout.Scorer

	optimiser *optim.AdamW // of the last member
	gradients *gradients   // nil when all are trained
}

// asking is the collector of the answers that are compared: pairs, of the policy that the stage starts from.
func (c *collector) asking() *collector {
	a := *c
	a.spec = objective.Collect{Group: 2, Label: objective.InPairs, Annotator: c.spec.Annotator}
	return &a
}

// answerPairs samples some more of the answers that are compared, under the policy that the stage starts from; it reports whether those
// were the last.
func (c *collector) answerPairs(start *policy, cost *protocol.Cost) (done bool) {
	if c.ahead == nil {
		chosen := make([]int, c.spec.RewardModel.Pairs)
		for i := range chosen {
			chosen[i] = i % len(c.prompts)
		}
		c.ahead = c.asking().begin(chosen, comparedBatch)
	}
	return c.asking().advance(c.ahead, start, cost)
}

// compare has the annotator say which of two answers are better, for reward models to learn from.
func (c *collector) compare(start *model.Params, threads int, cost *protocol.Cost) (*rewardModels, error) {
	shape := start.Config.Scalar()
	r := &rewardModels{
		spec: *c.spec.RewardModel, address: fmt.Sprintf("%s/%d", c.lane.Task.Name, c.stage), seed: c.lane.Seed, start: start,
		scorer: rollout.NewScorer(shape, threads), gradients: newGradients(shape, throughValues, threads),
	}
	groups := make([]rollout.Group, len(c.ahead.chosen))
	c.ahead.share(groups)
	c.ahead = nil
	for i, group := range groups {
		if pair := c.asking().label(group, comparedBatch, uint64(i), cost); len(pair) > 0 {
			r.pairs = append(r.pairs, rollout.Group{read(pair[0]), read(pair[1])})
		}
	}
	if len(r.pairs) == 0 {
		return nil, fmt.Errorf("%s: the annotator sees no difference between the answers of any of the %d pairs, so a reward model has nothing to learn from; raise pairs, or start from another base",
			c.lane.Stages[c.stage].Method.Name, r.spec.Pairs)
	}
	return r, nil
}

// read is a sequence for a network that says its number after the last token: one more token stands behind, which the pass
// leaves out.
func read(s *rollout.Sequence) *rollout.Sequence {
	return &rollout.Sequence{
		Completion: objective.Completion{Source: s.Source},
		Prompt:     s.Prompt, Response: append(slices.Clip(s.Response), task.End),
	}
}

// training says whether some members have not been trained.
func (r *rewardModels) training() bool { return r != nil && r.gradients != nil }

// update makes one update of the member in training, or of the next one.
func (r *rewardModels) update(cost *protocol.Cost) error {
	if len(r.members) == 0 || r.optimiser.Steps == r.spec.Steps {
		params := r.start.Scalar()
		params.InitHead(r.seed, fmt.Sprintf("reward/%s/%d", r.address, len(r.members)))
		r.members, r.optimiser = append(r.members, model.NewNetwork(params)), optim.NewAdamW(len(params.Data))
	}
	member := uint64(len(r.members) - 1)
	n := r.members[member]
	var groups []rollout.Group
	for _, i := range endless(len(r.pairs), r.optimiser.Steps*rewardBatch, rewardBatch, func(round int) num.Rand {
		return num.NewRand(r.seed, "reward order", r.address, member, uint64(round))
	}) {
		better, worse := *r.pairs[i][0], *r.pairs[i][1] // a pair may be drawn twice
		groups = append(groups, rollout.Group{&better, &worse})
	}
	flat := rollout.Flatten(groups)
	valuesInto(r.scorer, n, flat)
	seen := rollout.Completions(groups)
	coeffs := objective.NewCoeffs(seen)
	objective.BradleyTerry{Centre: centring}.Add(coeffs, seen)
	gradient := r.gradients.compute(n, flat, coeffs)
	norm := optim.Norm(gradient.Data)
	if math.IsNaN(norm) || math.IsInf(norm, 0) {
		return fmt.Errorf("the reward model diverged at its update %d: its gradient is no longer finite; try a lower lr_reward than %g", r.optimiser.Steps, r.spec.LR)
	}
	r.optimiser.Step(n.Data, gradient.Data, optim.ClipScale(norm, rewardClip), r.spec.LR, 0)
	n.Refresh()
	cost.FLOPs += float64(3 * readFLOPs(n.Config, flat)) // a backward pass is two
	if r.optimiser.Steps == r.spec.Steps && len(r.members) == r.spec.Members {
		r.gradients, r.optimiser, r.pairs = nil, nil, nil
	}
	return nil
}

// score puts the joined score of all members in the place of the verifier's rewards, which stay beside it as Gold.
func (r *rewardModels) score(sequences []*rollout.Sequence, cost *protocol.Cost) {
	reads := make([]*rollout.Sequence, len(sequences))
	scores := make([][]float64, len(sequences)) // (sequences, members)
	for i, s := range sequences {
		reads[i] = read(s)
	}
	for _, n := range r.members {
		valuesInto(r.scorer, n, reads)
		for i, s := range reads {
			scores[i] = append(scores[i], s.Value[len(s.Value)-1])
		}
		cost.FLOPs += readFLOPs(n.Config, reads)
	}
	for i, s := range sequences {
		s.Gold, s.Reward = s.Reward, r.spec.Join(scores[i])
	}
}

// scored is how many rollouts of a prompt a reward model scores; 0 without one.
func (c *collector) scored() int {
	if c.rewards == nil {
		return 0
	}
	return c.spec.Group
}

// goldRewards are the verifier's mean over rollouts, and over the one of every group in a row with the highest score.
func goldRewards(sampled []*rollout.Sequence, group int) (mean, best float64) {
	var scores, gold []float64
	for _, seq := range sampled {
		mean += seq.Gold
		scores, gold = append(scores, seq.Reward), append(gold, seq.Gold)
		if len(scores) == group {
			best += eval.BestOfN(scores, gold, group)
			scores, gold = nil, nil
		}
	}
	n := float64(len(sampled))
	return mean / n, float64(best*float64(group)) / n
}

// readFLOPs is the cost of a forward pass over what read made.
func readFLOPs(c model.Config, reads []*rollout.Sequence) (flops float64) {
	for _, s := range reads {
		flops += c.ForwardFLOPs(len(s.Prompt) + len(s.Response) - 1)
	}
	return flops
}

// rewarded trains the stage's reward models a little further, if it has any; it reports whether they can score.
func (s *Session) rewarded() (ready bool, err error) {
	c := &s.collector
	if c.spec.RewardModel == nil || c.rewards != nil && !c.rewards.training() {
		return true, nil
	}
	cost := &s.cost
	if s.stageStep > 0 { // resumed: this was paid for before
		cost = new(protocol.Cost)
	}
	if c.rewards == nil {
		if c.answerPairs(&policy{Params: s.start, network: s.startNetwork(), updates: -1}, cost) {
			c.rewards, err = c.compare(s.start, s.options.Threads, cost)
		}
		return false, err
	}
	err = c.rewards.update(cost)
	return !c.rewards.training(), err
}
