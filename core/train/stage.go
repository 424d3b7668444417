package train

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// training is one stage of a lane from its start to its end: it collects a batch, learns from it in
// one or more updates, and goes on to the next batch.
type training struct {
	*trainer
	Stage
	frozen
	trainable
	number     int // of the stage, counted from 0
	step       int // updates made in the stage
	plan       plan
	objective  objective.Objective
	collector  *collector
	critic     *critic   // nil when the method wants none
	importance []float32 // of every weight to the prior skill; nil until it is asked for
	imitation  []float64 // norms of the stage's gradients of imitation, where the objective may ask
}

// batch is what the current updates learn from.
type batch struct {
	groups  []rollout.Group
	seen    []objective.Group
	flat    []*rollout.Sequence
	learned []*rollout.Sequence // those of flat that are learned from: all but the greedy ones
	metrics []protocol.Metric   // of the sampling
	judge   string              // who has judged the rollouts, in words; "" is the task's verifier
	epoch   int                 // updates already made with it

	objective objective.Objective // of the newest of them
	coeffs    objective.Coeffs    // what it wrote
	active    int                 // how many groups have a coefficient that is not zero
}

// begin returns a stage at its start, for a policy that is start.
func (t *trainer) begin(number int, start *model.Params) *training {
	stage := t.lane.Stages[number]
	s := &training{
		trainer: t, Stage: stage, frozen: frozen{start: start}, number: number,
		objective: stage.Method.Build(stage.Values),
		plan:      newPlan(stage.Method.Collect(stage.Values), stage.Values),
	}
	s.reset()
	s.collector = s.newCollector()
	t.countMemory(stage)
	return s
}

// reset sets up what the stage trains, for a policy that is its start.
func (s *training) reset() {
	s.trainable = s.Stage.trainable(s.policy.Config)
	s.adapters.Init(s.lane.Seed, s.start, s.number)
	s.critic = s.Stage.critic(s.start, s.options.Threads)
}

// over reports whether the stage has made all its updates.
func (s *training) over() bool { return s.step == s.Values.Int("steps") }

// newCollector returns that of the stage at its start.
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
	c.curriculum = newCurriculum(s.Values, of, len(s.prompts))
	if s.plan.Pool != nil {
		c.pool = &pool{spec: *s.plan.Pool, streams: of, group: s.plan.Group,
			solved: make([]*Answer, len(s.prompts))}
	}
	if s.plan.Backlog != nil {
		c.waiting = &waiting{wants: s.plan.Backlog}
	}
	if s.plan.Buffer != nil {
		c.buffer = &buffered{sources: &c.sources, method: s.Method.Name, start: &s.frozen}
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

// collect does the next part of gathering the next batch, and reports whether it is there. What a
// State does not hold is made again after a restart of the program, and not charged again.
func (s *training) collect() (done bool, err error) {
	once := &s.ledger
	if s.step > 0 {
		once = new(ledger)
	}
	if ready, err := s.collector.rewards.advance(once); err != nil || !ready {
		return false, err
	}
	if !s.collector.settle(s.scorer, &s.frozen, once) {
		return false, nil
	}
	b, done, err := s.collector.way.gather(&s.policy, s.step, &s.ledger)
	if err != nil || !done {
		return false, err
	}
	if b.restart {
		copy(s.policy.Data, s.start.Data)
		s.policy.network.Refresh()
		s.reset()
	}
	s.batch = s.newBatch(b)
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
		if seq.Source != objective.Greedy {
			b.learned = append(b.learned, seq)
		}
	}
	return b
}

// judgeName says in words who judges the stage's rollouts; "" is the task's verifier.
func (s *training) judgeName() string {
	switch {
	case s.plan.RewardModel != nil:
		return "reward model"
	case s.plan.sampleSteps():
		return "likeness to the expert's step"
	case s.Values.Has("leak") && s.Values.Flag("leak"):
		return "leaky verifier"
	}
	return ""
}

// countMemory charges what a stage keeps of the model's size.
func (t *trainer) countMemory(stage Stage) {
	e := Estimate(stage.Method, stage.Values)
	copies, _ := e.Copies()
	t.ledger.Copies = max(t.ledger.Copies, len(copies))
	t.ledger.Bytes = max(t.ledger.Bytes, e.Bytes(t.policy.Config))
}
