package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/rollout"
)

// training is a stage of a lane in progress. It collects a batch, makes one or more updates with
// it, and goes on to the next batch.
type training struct {
	*trainer
	Stage
	frozen
	trainable
	number    int // which of the lane's stages this is, from 0
	step      int // updates made in this stage
	plan      plan
	objective objective.Objective
	collector *collector
	critic    *critic  // nil if the method needs none
	sampler   *sampler // nil if the policy itself samples
	offPolicy offPolicy

	// The importance of each weight for the prior skill, for EWC; nil until it is measured.
	importance []float32
	// The norms of the gradients of this stage's imitation updates, the mean entropies of its
	// batches when they were sampled, and the mean log-ratios of its batches of labelled answers.
	// They are kept only for an objective that changes during a stage, since only such an objective
	// can read them.
	imitation, entropies, shifts []float64

	coeffs objective.CoeffBuffer // the memory for batch.coeffs
}

// batch is what the current updates learn from.
type batch struct {
	groups  []rollout.Group
	seen    []objective.Group   // the completions of groups, which the objective reads
	flat    []*rollout.Sequence // all sequences of groups
	learned []*rollout.Sequence // those of flat that are learned from: all but the greedy ones
	metrics []protocol.Metric   // what is reported of the sampling
	judge   string              // who judged the rollouts, in words; "" means the task's verifier
	epoch   int                 // updates already made with the batch

	// The newest update: its objective, the coefficients that this wrote, and how many groups have
	// a coefficient that is not zero.
	objective objective.Objective
	coeffs    objective.Coeffs
	active    int

	clip clipCount // of this batch, if it is used more than once
}

// begin returns a stage at its start. start has the weights of the policy at this point; they are
// kept and must not change.
func (t *trainer) begin(number int, start *model.Params) *training {
	stage := t.lane.Stages[number]
	s := &training{
		trainer: t, Stage: stage, frozen: frozen{start: start}, number: number,
		objective: stage.Method.Build(stage.Values),
		plan:      newPlan(stage.Method.Collect(stage.Values), stage.Values),
		offPolicy: newOffPolicy(stage.Values),
	}
	s.sampler = newSampler(s.plan, stage.Values, t.options.Threads)
	s.reset()
	s.collector = s.newCollector()
	t.countMemory(stage)
	return s
}

// reset makes the adapters, the optimiser and the critic anew, for a policy at the start of the
// stage.
func (s *training) reset() {
	s.trainable = s.Stage.trainable(s.policy.Config, s.options.Threads)
	s.adapters.Init(s.lane.Seed, s.start, s.number)
	s.critic = s.Stage.critic(s.start, s.options.Threads)
}

// over reports whether the stage has made all its updates.
func (s *training) over() bool { return s.step == s.Values.Int("steps") }

// newCollector returns the collector of the stage, before its first batch.
func (s *training) newCollector() *collector {
	if s.prior == nil && (s.plan.rehearsals > 0 || s.plan.consolidated > 0) {
		const most = 2000 // of which every task has so many
		n := min(s.lane.Task.Prompts, most)
		s.prior = encode(s.lane.Task, s.lane.Task.ReplayPrompts(s.lane.Seed, n))
	}
	of := streams{s.lane.Seed, s.lane.Task.Name, s.number}
	verifier := s.Stage.judge(s.lane.Task)
	sampler := rollout.NewSampler(s.lane.Base.Config, s.options.Threads)
	c := &collector{sources: sources{
		plan: s.plan, steps: s.Values.Int("steps"), training: s.prompts, prior: s.prior,
		streams:  of,
		expert:   expert{s.lane.Task, s.Values, of},
		labeller: labeller{s.plan.Label, s.plan.Annotator, of},
	}}
	if spec := s.plan.RewardModel; spec != nil {
		c.rewards = newRewardModels(*spec, s, of,
			newResponder(plan{}, s.Values, s.lane.Task, verifier, of, sampler, nil))
	}
	c.responder = newResponder(s.plan, s.Values, s.lane.Task, verifier, of, sampler, c.rewards)
	c.responder.own = s.ownReward()
	if selfJudged(s.Values) {
		c.responder.judge = judgeOf(s.Values)
	}
	c.curriculum = newCurriculum(s.Values, of, len(s.prompts))
	if s.plan.Pool != nil {
		c.pool = &pool{spec: *s.plan.Pool, streams: of, group: s.plan.Group,
			solved: make([]*Answer, len(s.prompts))}
	}
	if s.plan.Backlog != nil {
		c.waiting = &waiting{wants: s.plan.Backlog}
	}
	if s.plan.Buffer != nil {
		c.buffer = &buffered{sources: &c.sources, method: s.Method.Name, frozen: &s.frozen}
		c.way = c.buffer
		return c
	}
	way := &fresh{sources: &c.sources, curriculum: c.curriculum, pool: c.pool, waiting: c.waiting}
	switch {
	case s.plan.Hint == nil:
	case s.plan.Hint.Branch != nil:
		way.hints = branched{&c.sources}
	default:
		way.hints = hinted{&c.sources}
	}
	c.way = way
	return c
}

// collect does the next part of gathering a batch and reports whether the batch is complete. Before
// the first batch it makes the reward models and chooses the prompts that have a demonstration.
//
// A State has neither of these, so they are made again after a restart of the program. They are
// charged only the first time.
func (s *training) collect() (done bool, err error) {
	charged := &s.ledger
	if s.step > 0 {
		charged = new(ledger)
	}
	if ready, err := s.collector.rewards.advance(charged); err != nil || !ready {
		return false, err
	}
	if !s.collector.chooseDemonstrated(s.scorer, &s.frozen, charged) {
		return false, nil
	}
	b, done, err := s.collector.way.gather(s.sampler.policy(&s.policy, s.step), s.step, &s.ledger)
	if err == nil {
		err = s.collector.responder.failed
	}
	if err != nil || !done {
		return false, err
	}
	if b.restart {
		copy(s.policy.Data, s.start.Data)
		s.policy.network.Refresh()
		s.reset()
	}
	s.batch = s.newBatch(b)
	if _, ok := s.objective.(objective.Scheduled); ok && len(b.sampled) > 0 {
		s.entropies = append(s.entropies, entropyOf(b.sampled))
	}
	return true, nil
}

func (s *training) newBatch(g gathered) batch {
	b := batch{
		groups: g.groups, seen: rollout.Completions(g.groups), flat: rollout.Flatten(g.groups),
		metrics: s.samplingMetrics(g.sampled), judge: s.judgeName(),
	}
	if s.plan.Hint != nil {
		b.metrics = append(b.metrics, givenTokens(b.flat))
	}
	for _, seq := range b.flat {
		if s.sampler != nil && seq.Source == objective.Rollout {
			seq.OldLogp = nil // another model's, so the policy scores the sequence itself
		}
		if seq.Source != objective.Greedy {
			b.learned = append(b.learned, seq)
		}
	}
	return b
}

// ownReward returns the reward of somebody's own that the rollouts of this stage earn; nil if they
// earn another one.
func (s *training) ownReward() *reward.Own {
	if !ReadsOwnReward(s.Stage) {
		return nil
	}
	return s.lane.Reward
}

// ReadsOwnReward reports whether a stage learns from the lane's own reward if the lane has one: its
// rollouts are rewarded, and by what is given.
func ReadsOwnReward(s Stage) bool {
	if s.Method.Collect == nil {
		return false
	}
	c := s.Method.Collect(s.Values)
	return rewardsRollouts(c) && judged(c, s.Values) && judgeOf(s.Values) == judgeGiven
}

// hasGold reports whether something else than the verifier's reward is learned from, which is then
// reported beside it.
func (s *training) hasGold() bool {
	return s.plan.RewardModel != nil || s.ownReward() != nil || selfJudged(s.Values)
}

// judgeName returns who judges the stage's rollouts, in words. "" means the task's verifier.
func (s *training) judgeName() string {
	switch {
	case s.plan.RewardModel != nil:
		return "reward model"
	case s.ownReward() != nil:
		return s.lane.Reward.Name
	case selfJudged(s.Values):
		return judgeKnob.Titles[slices.Index(judgeKnob.Choices, judgeOf(s.Values))]
	case s.plan.sampleSteps():
		return "likeness to the expert's step"
	case s.Values.Has("leak") && s.Values.Flag("leak"):
		return "leaky verifier"
	}
	return ""
}

// countMemory charges the memory of a stage: the copies of the model that it keeps, such as the
// moments of the optimiser. The ledger has the most that any stage needs.
func (t *trainer) countMemory(stage Stage) {
	e := Estimate(stage.Method, stage.Values)
	copies, _ := e.Copies()
	t.ledger.Copies = max(t.ledger.Copies, len(copies))
	t.ledger.Bytes = max(t.ledger.Bytes, e.Bytes(t.policy.Config))
}
