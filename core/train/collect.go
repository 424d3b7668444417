package train

import (
	"cmp"
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/rollout"
)

// collector gathers the batches of one stage, a bounded part at a time. A batch depends only on the
// lane, the stage, the number of the batch, the policy, and the stage's [memory] of earlier
// batches.
type collector struct {
	sources
	rewards *rewardModels // nil means that rewards come from the verifier
	way     gatherer
	memory
}

// A gatherer gathers batches in one way. [fresh] samples each batch anew. [buffered] samples
// responses to all training prompts at once and draws several batches from them.
type gatherer interface {
	// gather does the next part of gathering a batch, and reports whether the batch is complete.
	// step is the number of updates before the batch. The policy must not change until the batch
	// is complete.
	gather(policy *policy, step int, l *ledger) (b gathered, done bool, err error)
	// underway reports whether a batch has been begun and is not complete.
	underway() bool
}

// gathered is a batch as a gatherer returns it.
type gathered struct {
	groups  []rollout.Group
	sampled []*rollout.Sequence // all rollouts that were sampled for it, before any filter
	restart bool                // whether the policy first goes back to the start of the stage
}

// sources has what all ways of gathering use.
type sources struct {
	plan         plan
	steps        int      // updates of the whole stage
	training     []prompt // the training prompts
	prior        []prompt // prompts of the prior skill; nil if no stage uses any
	streams      streams
	expert       expert
	responder    *responder
	labeller     labeller
	demonstrated demonstrated
}

// memory is what a stage keeps from one batch to the next. A field is nil if the method does not
// keep that.
type memory struct {
	curriculum *curriculum
	buffer     *buffered
	pool       *pool
	waiting    *waiting
}

// underway reports whether work has been begun that a State does not hold: prompts are being
// selected, responses sampled or reward models trained.
func (c *collector) underway() bool {
	return c.demonstrated.selection != nil || c.way.underway() || c.rewards.underway()
}

// demonstrate returns the demonstration for training prompt i.
func (s *sources) demonstrate(i int) *rollout.Sequence {
	return s.expert.demonstrate(s.training[i], i)
}

// label labels the rollouts of training prompt i, as the plan says. Where each is compared with the
// demonstration, none is left if the prompt has no demonstration.
func (s *sources) label(group rollout.Group, batch uint64, i int, l *ledger) rollout.Group {
	if s.plan.Label != objective.AgainstDemo {
		return s.labeller.label(group, batch, i, l)
	}
	if !s.demonstrated.has(i) {
		return nil
	}
	l.demonstration(i)
	var pairs rollout.Group
	for _, own := range group {
		pairs = append(pairs, reward.Choose(rollout.Group{s.demonstrate(i), own}, false)...)
	}
	return pairs
}

// fresh samples every batch anew.
type fresh struct {
	*sources
	curriculum *curriculum
	hints      hinter    // nil means that no rollout begins with a hint
	pool       *pool     // nil means that no answer is learned from again
	waiting    *waiting  // nil means that no prompt waits for its demonstration
	sampling   *sampling // the sampling for the current batch; nil between batches
	replayed   int       // how many prompts of the batch come from the pool; they are the last ones
}

// A hinter adds rollouts that begin with a part of the demonstration: [hinted] to every group, and
// [branched] in place of those groups in which every rollout fails.
type hinter interface {
	// hint changes groups; groups[i] has the rollouts of training prompt chosen[i]. plain has all
	// rollouts without a hint. It returns the rollouts whose mean reward is reported.
	hint(policy *policy, chosen []int, step int, groups []rollout.Group, plain []*rollout.Sequence,
		l *ledger) []*rollout.Sequence
}

func (f *fresh) underway() bool { return f.sampling != nil }

func (f *fresh) gather(policy *policy, step int, l *ledger) (b gathered, done bool, err error) {
	if f.waiting.full(f.plan.prompts) {
		return gathered{groups: f.waiting.batch(f.sources, f.plan.prompts, l)}, true, nil
	}
	if f.sampling == nil {
		f.begin(step / f.plan.Epochs)
	}
	if !f.sampling.advance(f.responder, f.training, policy, l) {
		return gathered{}, false, nil
	}
	b = f.finish(policy, step, l)
	f.sampling = nil
	return b, true, nil
}

// begin chooses the prompts of a batch.
func (f *fresh) begin(batch int) {
	chosen, replayed := f.practised(batch), f.pool.draw(batch, f.plan.prompts)
	f.replayed = len(replayed)
	f.sampling = &sampling{
		chosen: append(chosen[:f.plan.prompts-f.replayed], replayed...),
		batch:  uint64(batch), size: f.plan.sampled, greedy: f.plan.Greedy,
	}
}

// practised returns the numbers of the training prompts of a batch. A method that only imitates
// practises only prompts that have a demonstration.
func (f *fresh) practised(batch int) []int {
	demonstrated, size := f.demonstrated.prompts, f.plan.prompts
	if demonstrated == nil || f.plan.Group > 0 {
		return f.curriculum.choose(batch, size)
	}
	chosen := f.streams.order(len(demonstrated), batch*size, size)
	for k, i := range chosen {
		chosen[k] = demonstrated[i]
	}
	return chosen
}

// finish returns the batch, made of the responses that were sampled for it.
func (f *fresh) finish(policy *policy, step int, l *ledger) (b gathered) {
	chosen, batch := f.sampling.chosen, step/f.plan.Epochs
	b.groups = make([]rollout.Group, len(chosen))
	if f.plan.Group > 0 {
		b.sampled = f.sampling.distribute(b.groups)
		if f.hints != nil {
			b.sampled = f.hints.hint(policy, chosen, step, b.groups, b.sampled, l)
		}
		f.curriculum.record(chosen, b.sampled)
		f.pool.replay(f.sources, chosen, f.replayed, b.groups)
		f.waiting.queue(f.sources, chosen, b.groups)
		f.plan.downsample(b.groups)
	}
	for g, i := range chosen {
		b.groups[g] = f.complete(b.groups[g], uint64(batch), i, l)
	}
	b.groups = append(b.groups, f.rehearsals(batch, l)...)
	if f.plan.Keep != nil {
		b.groups = slices.DeleteFunc(b.groups, func(g rollout.Group) bool {
			return !f.plan.Keep(rollout.Completions([]rollout.Group{g})[0])
		})
	}
	return b
}

// complete returns the group that is learned from, given the rollouts of training prompt i. As the
// plan says, it labels the rollouts, keeps only the best one, or adds the demonstration.
func (f *fresh) complete(group rollout.Group, batch uint64, i int, l *ledger) rollout.Group {
	if f.plan.Label != objective.Unlabelled {
		group = f.label(group, batch, i, l)
	}
	if f.plan.Best {
		group = best(group)
	}
	if f.plan.Demos > 0 && f.demonstrated.has(i) {
		l.demonstration(i)
		group = append(group, f.demonstrate(i))
	}
	return group
}

// rehearsals returns the demonstrations of the prior skill in a batch, each in a group of its own.
func (f *fresh) rehearsals(batch int, l *ledger) (groups []rollout.Group) {
	for k := range f.plan.rehearsals {
		i := (batch*f.plan.rehearsals + k) % len(f.prior)
		l.priorDemonstration(i)
		groups = append(groups, rollout.Group{f.expert.rehearse(f.prior[i], i)})
	}
	return groups
}

// best returns the rollout with the highest reward, the first of equals, as a group.
func best(group rollout.Group) rollout.Group {
	return rollout.Group{slices.MaxFunc(group,
		func(a, b *rollout.Sequence) int { return cmp.Compare(a.Reward, b.Reward) })}
}
