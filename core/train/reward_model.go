package train

import (
	"fmt"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/gradient"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

const (
	rewardBatch = 32   // pairs of an update of a reward model
	rewardClip  = 1    // longest gradient that is applied as it is
	centring    = 0.01 // weight of the squared sum of a pair's scores, as in TRL

	// comparedBatch takes the place of a batch's number in the address of the rollouts that are
	// compared. No batch has this number.
	comparedBatch = math.MaxUint64
)

// rewardModels is a stage's ensemble of reward models. At the start of the stage, pairs of
// responses are sampled and compared, and the members learn from the pairs one after the other.
// From then on the joined score of all members is the reward. A State does not have the models,
// because they can be computed again from the start of the stage. nil means that rewards come from
// the verifier.
type rewardModels struct {
	spec      objective.RewardModel
	method    string
	streams   streams
	frozen    *frozen // has the policy at the start of the stage
	training  []prompt
	responder *responder // samples the responses that are compared
	labeller  labeller

	sampling  *sampling       // the sampling of these responses; nil before and after it
	pairs     []rollout.Group // a chosen and a rejected response each, made by forScalar
	members   []*model.Network
	scorer    *rollout.Scorer
	optimiser *optim.AdamW       // of the last member, which may still be in training
	gradients *gradient.Computer // nil once all members are trained
}

// advance does the next part of making the reward models, charges it, and reports whether the
// models are ready to score.
func (r *rewardModels) advance(l *ledger) (ready bool, err error) {
	switch {
	case r == nil || r.gradients == nil:
		return true, nil
	case r.pairs == nil:
		if r.sampleResponses(l) {
			err = r.compare(l)
		}
		return false, err
	default:
		err = r.update(l)
		return r.gradients == nil, err
	}
}

// trained reports whether the models are ready to score.
func (r *rewardModels) trained() bool { return r.gradients == nil }

// underway reports whether the models are being made.
func (r *rewardModels) underway() bool {
	return r != nil && r.gradients != nil && (r.sampling != nil || r.pairs != nil)
}

// firstPairs returns the sampling of the first n of the pairs that are compared. It is the same for
// any n, since a response depends only on the number of its pair.
func (r *rewardModels) firstPairs(n int) *sampling {
	chosen := make([]int, n)
	for i := range chosen {
		chosen[i] = i % len(r.training)
	}
	return &sampling{chosen: chosen, batch: comparedBatch, size: 2}
}

// sampleResponses samples some more of the responses that are compared, from the policy at the
// start of the stage, and reports whether all are sampled.
func (r *rewardModels) sampleResponses(l *ledger) (done bool) {
	if r.sampling == nil {
		r.sampling = r.firstPairs(r.spec.Pairs)
	}
	return r.sampling.advance(r.responder, r.training, r.frozen.startPolicy(), l)
}

// compare has the pairs labelled. It drops pairs between which the simulated annotator sees no
// difference, and returns an error if there are no others.
func (r *rewardModels) compare(l *ledger) error {
	groups := make([]rollout.Group, len(r.sampling.chosen))
	r.sampling.distribute(groups)
	r.sampling = nil
	for i, group := range groups {
		if pair := r.label(group, i, l); len(pair) > 0 {
			r.pairs = append(r.pairs, rollout.Group{forScalar(pair[0]), forScalar(pair[1])})
		}
	}
	if len(r.pairs) == 0 {
		return fmt.Errorf("%s: the annotator sees no difference between the answers of any of "+
			"the %d pairs, so a reward model has nothing to learn from; raise pairs, or start "+
			"from another base",
			r.method, r.spec.Pairs)
	}
	return nil
}

// label returns pair i as the person or the simulated annotator labels it, the chosen response
// first. It returns nothing if the simulated annotator sees no difference.
func (r *rewardModels) label(pair rollout.Group, i int, l *ledger) rollout.Group {
	if second, ok := r.spec.Label(i); ok {
		l.Labels++
		return reward.Choose(pair, second)
	}
	return r.labeller.label(pair, comparedBatch, i, l)
}

// forScalar returns a copy of a sequence whose last value is the score of the whole response. It
// has one more token at its end, because a network computes values only before each token.
func forScalar(s *rollout.Sequence) *rollout.Sequence {
	return &rollout.Sequence{
		Completion: objective.Completion{Source: s.Source},
		Prompt:     s.Prompt, Response: append(slices.Clip(s.Response), task.End),
	}
}

// update makes one update of the member in training. If that is trained, it begins the next one.
func (r *rewardModels) update(l *ledger) error {
	if len(r.members) == 0 || r.optimiser.Steps == r.spec.Steps {
		params := r.frozen.start.Scalar()
		params.InitHead(r.streams.seed,
			fmt.Sprintf("reward/%s/%d", r.streams.name(), len(r.members)))
		r.members, r.optimiser = append(r.members,
			model.NewNetwork(params)), optim.NewAdamW(len(params.Data))
	}
	member := uint64(len(r.members) - 1)
	n := r.members[member]
	var groups []rollout.Group
	for _, i := range endless(len(r.pairs), r.optimiser.Steps*rewardBatch, rewardBatch,
		func(round int) num.Rand {
			return r.streams.ofStage(rewardOrderStream, member, uint64(round))
		}) {
		better, worse := *r.pairs[i][0], *r.pairs[i][1] // a pair may be drawn twice
		groups = append(groups, rollout.Group{&better, &worse})
	}
	flat := rollout.Flatten(groups)
	valuesInto(r.scorer, n, flat)
	seen := rollout.Completions(groups)
	coeffs := objective.NewCoeffs(seen)
	objective.BradleyTerry{Centre: centring}.Add(coeffs, seen)
	gradient := r.gradients.Compute(n, flat, coeffs)
	norm := optim.Norm(gradient.Data)
	if math.IsNaN(norm) || math.IsInf(norm, 0) {
		return fmt.Errorf("the reward model diverged at its update %d: its gradient is no longer "+
			"finite; try a lower lr_reward than %g", r.optimiser.Steps, r.spec.LR)
	}
	r.optimiser.Step(n.Data, gradient.Data, optim.ClipScale(norm, rewardClip), r.spec.LR, 0)
	n.Refresh()
	l.FLOPs += float64(3 * scalarFLOPs(n.Config, flat)) // a backward pass is two
	if r.optimiser.Steps == r.spec.Steps && len(r.members) == r.spec.Members {
		r.gradients, r.optimiser, r.pairs = nil, nil, nil
	}
	return nil
}

// score sets the rewards to the scores, and Gold to the verifier's rewards.
func (r *rewardModels) score(sequences []*rollout.Sequence, l *ledger) {
	for i, score := range r.scores(sequences, l) {
		sequences[i].Gold, sequences[i].Reward = sequences[i].Reward, score
	}
}

// scores returns the joined scores of all members.
func (r *rewardModels) scores(sequences []*rollout.Sequence, l *ledger) []float64 {
	inputs := make([]*rollout.Sequence, len(sequences))
	scores := make([][]float64, len(sequences)) // (sequences, members)
	for i, s := range sequences {
		inputs[i] = forScalar(s)
	}
	for _, n := range r.members {
		valuesInto(r.scorer, n, inputs)
		for i, s := range inputs {
			scores[i] = append(scores[i], s.Value[len(s.Value)-1])
		}
		l.FLOPs += scalarFLOPs(n.Config, inputs)
	}
	joined := make([]float64, len(sequences))
	for i := range joined {
		joined[i] = r.spec.Join(scores[i])
	}
	return joined
}

// goldRewards returns the verifier's mean reward of all rollouts, and of the rollout with the
// highest score in each group. A group is this many rollouts in a row.
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

// scalarFLOPs returns the FLOPs of a forward pass over sequences made by forScalar.
func scalarFLOPs(c model.Config, inputs []*rollout.Sequence) (flops float64) {
	for _, s := range inputs {
		flops += c.ForwardFLOPs(len(s.Prompt) + len(s.Response) - 1)
	}
	return flops
}

// newRewardModels returns the reward models of a stage, before any work on them.
func newRewardModels(spec objective.RewardModel, s *training, of streams,
	r *responder) *rewardModels {
	shape, threads := s.start.Config.Scalar(), s.options.Threads
	return &rewardModels{
		spec: spec, method: s.Method.Name, streams: of, frozen: &s.frozen, training: s.prompts,
		responder: r,
		labeller:  labeller{objective.InPairs, s.plan.Annotator, of},
		scorer:    rollout.NewScorer(shape, threads), gradients: gradient.Scalar(shape, threads),
	}
}
