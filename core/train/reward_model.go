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

// rewardModels are a stage's ensemble of reward models. When the stage starts, pairs of responses
// are sampled and compared, and the members learn from them one update at a time and one member
// after the other. From then on their joined score is the reward. A State keeps none of it, since
// it follows from where the stage starts. nil means that rewards are the verifier's.
type rewardModels struct {
	spec      objective.RewardModel
	method    string
	streams   streams
	start     *frozen
	training  []prompt
	responder *responder // of the responses that are compared
	labeller  labeller

	sampling  *sampling        // of these; nil before and after
	pairs     []rollout.Group  // (pairs with a difference) chosen and rejected, as [read]
	members   []*model.Network // scalar; the last one may still be in training
	scorer    *rollout.Scorer
	optimiser *optim.AdamW       // of the last member
	gradients *gradient.Computer // nil once all are trained
}

// advance does the next part of making the reward models and reports whether they can score. It
// charges what that took.
func (r *rewardModels) advance(l *ledger) (ready bool, err error) {
	switch {
	case r == nil || r.gradients == nil:
		return true, nil
	case r.pairs == nil:
		if r.answer(l) {
			err = r.compare(l)
		}
		return false, err
	default:
		err = r.update(l)
		return r.gradients == nil, err
	}
}

// underway reports whether the models are being made.
func (r *rewardModels) underway() bool {
	return r != nil && r.gradients != nil && (r.sampling != nil || r.pairs != nil)
}

// answer samples some more of the responses that are compared, under the policy that the stage
// starts from, and reports whether those were the last.
func (r *rewardModels) answer(l *ledger) (done bool) {
	if r.sampling == nil {
		chosen := make([]int, r.spec.Pairs)
		for i := range chosen {
			chosen[i] = i % len(r.training)
		}
		r.sampling = &sampling{chosen: chosen, batch: comparedBatch, size: 2}
	}
	return r.sampling.advance(r.responder, r.training, r.start.startPolicy(), l)
}

// compare has the annotator say which of two responses is better.
func (r *rewardModels) compare(l *ledger) error {
	groups := make([]rollout.Group, len(r.sampling.chosen))
	r.sampling.share(groups)
	r.sampling = nil
	for i, group := range groups {
		if pair := r.labeller.label(group, comparedBatch, i, l); len(pair) > 0 {
			r.pairs = append(r.pairs, rollout.Group{read(pair[0]), read(pair[1])})
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

// read makes a sequence for a scalar network, whose output after the last token counts: one more
// token is put behind it, which the pass leaves out.
func read(s *rollout.Sequence) *rollout.Sequence {
	return &rollout.Sequence{
		Completion: objective.Completion{Source: s.Source},
		Prompt:     s.Prompt, Response: append(slices.Clip(s.Response), task.End),
	}
}

// update makes one update of the member in training, or of the next one.
func (r *rewardModels) update(l *ledger) error {
	if len(r.members) == 0 || r.optimiser.Steps == r.spec.Steps {
		params := r.start.start.Scalar()
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
	l.FLOPs += float64(3 * readFLOPs(n.Config, flat)) // a backward pass is two
	if r.optimiser.Steps == r.spec.Steps && len(r.members) == r.spec.Members {
		r.gradients, r.optimiser, r.pairs = nil, nil, nil
	}
	return nil
}

// score puts the joined score of all members in the place of the verifier's rewards, which become
// Gold.
func (r *rewardModels) score(sequences []*rollout.Sequence, l *ledger) {
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
		l.FLOPs += readFLOPs(n.Config, reads)
	}
	for i, s := range sequences {
		s.Gold, s.Reward = s.Reward, r.spec.Join(scores[i])
	}
}

// goldRewards returns the verifier's mean reward of the rollouts, and of the one with the highest
// score in every group of so many in a row.
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

// readFLOPs returns the FLOPs of a forward pass over sequences made by read.
func readFLOPs(c model.Config, reads []*rollout.Sequence) (flops float64) {
	for _, s := range reads {
		flops += c.ForwardFLOPs(len(s.Prompt) + len(s.Response) - 1)
	}
	return flops
}

// newRewardModels returns those of a stage at its start.
func newRewardModels(spec objective.RewardModel, s *training, of streams,
	r *responder) *rewardModels {
	shape, threads := s.start.Config.Scalar(), s.options.Threads
	return &rewardModels{
		spec: spec, method: s.Method.Name, streams: of, start: &s.frozen, training: s.prompts,
		responder: r,
		labeller:  labeller{objective.InPairs, s.plan.Annotator, of},
		scorer:    rollout.NewScorer(shape, threads), gradients: gradient.Scalar(shape, threads),
	}
}
