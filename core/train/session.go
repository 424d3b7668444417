package train

import (
	"fmt"
	"math"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// Options are what a lane's result does not depend on, seconds apart.
type Options struct {
	Threads int            // at least 1
	Clock   func() float64 // seconds; nil counts none
}

// phase is what the next unit of work is.
type phase uint8

const (
	measuring  phase = iota // some prompts of a level, or one matrix
	passing                 // some prompts of pass@k, at the end of a measurement
	collecting              // some responses of a batch, or one update of a reward model
	updating                // one optimiser update
	finished
)

// Session advances one lane. It is not safe for concurrent use.
type Session struct {
	lane    Lane
	options Options

	policy     policy
	start      *model.Params  // the policy at the start of the stage
	imitation  []float64      // lengths of the stage's gradients of imitation, where the objective may ask
	importance []float32      // of every weight to the prior skill; nil until it is asked for
	frozen     *model.Network // the same as a network; nil until it is asked for
	refreshed  *model.Network // the reference model; nil while it is the start of the stage
	teacher    *model.Network // nil without one
	optimiser  *optim.AdamW
	adapters   *model.Adapters // of rank 0 when the stage trains every weight
	critic     *critic         // nil when the stage's method wants none
	stage      int
	stageStep  int // updates made in this stage
	target     int // updates after which to stand still
	cost       protocol.Cost
	taught     Taught
	first      []protocol.Metric // the first measurement, of the base; nil before
	latest     []protocol.Metric // newest measurement of every level

	looking protocol.Command // the newest Look, if any
	lookDue bool

	asking protocol.Command // the newest Ask, if any
	askDue bool

	weighing protocol.Command // the newest Explain, if any
	weighDue bool

	comparing  bool // whether there was a Compare
	compareDue bool
	compared   []protocol.Matrix // what it will tell, so far

	phase       phase
	resume      phase         // what goes on after measuring
	level       int           // next level to measure
	measurement *measurement  // of that level; nil before it is begun
	passes      *eval.PassAtK // while passing
	collector   collector
	objective   objective.Objective
	batch       batch

	suite     *eval.Suite
	scorer    *rollout.Scorer
	gradients *gradients
	prompts   []prompt
	replay    []prompt // nil until a stage needs them
}

// policy is the model in training.
type policy struct {
	*model.Params
	network *model.Network
	updates int // over all stages
}

// batch is what the current updates learn from.
type batch struct {
	groups  []rollout.Group
	seen    []objective.Group
	flat    []*rollout.Sequence
	learned []*rollout.Sequence // those of flat that are learned from: all but the greedy ones
	metrics []protocol.Metric   // of the sampling
	epoch   int                 // updates already made with it

	objective objective.Objective // of the newest of them
	coeffs    objective.Coeffs    // what it wrote
}

// NewSession prepares a lane at its start; it runs to the end unless a Command
// says otherwise.
func NewSession(lane Lane, options Options) (*Session, error) {
	if err := lane.check(); err != nil {
		return nil, err
	}
	c := lane.Base.Config
	s := &Session{
		lane: lane, options: options, target: math.MaxInt, resume: collecting,
		start:     lane.Base,
		scorer:    rollout.NewScorer(c, options.Threads),
		gradients: newGradients(c, throughLogits, options.Threads),
		prompts:   encode(lane.Task, lane.Task.TrainPrompts(lane.Seed, lane.Task.Prompts)),
		suite:     eval.NewSuite(lane.Task, model.NewNetwork(lane.Base), lane.EvalPrompts, lane.Seed, options.Threads),
	}
	if lane.Teacher != nil {
		s.teacher = model.NewNetwork(lane.Teacher)
	}
	s.setWeights(lane.Base.Clone())
	s.beginStage()
	return s, nil
}

func (s *Session) setWeights(p *model.Params) {
	s.policy = policy{Params: p, network: model.NewNetwork(p)}
}

// beginStage sets up the current stage from s.start.
func (s *Session) beginStage() {
	stage := s.lane.Stages[s.stage]
	s.frozen, s.refreshed, s.importance, s.imitation = nil, nil, nil, nil
	s.objective = stage.Method.Build(stage.Values)
	s.collector = s.newCollector(s.stage)
	s.beginTraining()
	s.countMemory()
}

// beginTraining sets up what the current stage trains, for a policy that is s.start.
func (s *Session) beginTraining() {
	stage := s.lane.Stages[s.stage]
	s.adapters = stage.adapters(s.policy.Config)
	s.adapters.Init(s.lane.Seed, s.start, s.stage)
	s.optimiser = optim.NewAdamW(len(trained(s.adapters, s.policy.Data)))
	s.critic = stage.critic(s.start, s.options.Threads)
}

// newCollector is that of a stage at its start.
func (s *Session) newCollector(number int) collector {
	stage := s.lane.Stages[number]
	spec := stage.Method.Collect(stage.Values)
	if s.replay == nil && (spec.Replay+rehearsed(stage.Values) > 0 || stage.Values.Float("ewc") > 0) {
		s.replay = encode(s.lane.Task, s.lane.Task.ReplayPrompts(s.lane.Seed, s.lane.Task.Prompts))
	}
	return collector{lane: &s.lane, stage: number, spec: spec, values: stage.Values,
		prompts: s.prompts, replay: s.replay, sampler: rollout.NewSampler(s.lane.Base.Config, s.options.Threads),
		curriculum: newCurriculum(stage.Values, len(s.prompts))}
}

// Do obeys a command.
func (s *Session) Do(c protocol.Command) error {
	switch c.Kind {
	case protocol.Run:
		s.target = math.MaxInt
	case protocol.Pause:
		s.target = s.policy.updates
	case protocol.Step:
		if c.Steps < 1 {
			return fmt.Errorf("command step: steps is %d, want at least 1", c.Steps)
		}
		s.target = s.policy.updates + c.Steps
	case protocol.Measure:
		if s.phase == collecting || s.phase == updating {
			s.phase, s.resume = measuring, s.phase
		}
	case protocol.Look:
		return s.lookAt(c)
	case protocol.Ask:
		return s.ask(c)
	case protocol.Explain:
		return s.weighOn(c)
	case protocol.Compare:
		s.comparing, s.compareDue = true, true
	default:
		return fmt.Errorf("unknown command %q: want %s, %s, %s, %s, %s, %s, %s or %s", c.Kind,
			protocol.Run, protocol.Pause, protocol.Step, protocol.Measure, protocol.Look, protocol.Ask, protocol.Explain, protocol.Compare)
	}
	return nil
}

// Done says whether the lane has reached its end.
func (s *Session) Done() bool { return s.phase == finished }

// Idle says whether Advance has nothing to do: the lane is done or was told to
// stand still here, and nothing is to be shown.
func (s *Session) Idle() bool {
	return !s.lookDue && !s.askDue && !s.compareDue && !s.canWeigh() && (s.Done() || s.phase > passing && s.policy.updates >= s.target)
}

// Advance does one bounded unit of work: it answers some prompts of what is measured, compares a matrix, looks at a prompt,
// samples some responses of a batch or makes one update, of the policy or of a reward model. An error means that the lane cannot go
// on; its weights are those of the last good update.
func (s *Session) Advance() ([]protocol.Event, error) {
	if s.Idle() {
		return nil, nil
	}
	switch {
	case s.lookDue:
		return []protocol.Event{s.look()}, nil
	case s.askDue:
		return []protocol.Event{s.answer()}, nil
	case s.canWeigh():
		return []protocol.Event{s.weigh()}, nil
	case s.compareDue:
		return s.compare(), nil
	case s.phase == measuring:
		return s.measure(), nil
	case s.phase == passing:
		return s.pass(), nil
	case s.phase == collecting:
		return nil, s.timed(s.collect)
	default:
		var event protocol.Event
		err := s.timed(func() (err error) {
			event, err = s.update()
			return err
		})
		if err != nil {
			return nil, err
		}
		event.Cost = s.cost // with this update's seconds
		return []protocol.Event{event}, nil
	}
}

// timed adds the seconds that work takes to the cost.
func (s *Session) timed(work func() error) error {
	if s.options.Clock == nil {
		return work()
	}
	start := s.options.Clock()
	err := work()
	s.cost.Seconds += s.options.Clock() - start
	return err
}

func (s *Session) event(kind protocol.EventKind, metrics []protocol.Metric) protocol.Event {
	return protocol.Event{Kind: kind, Lane: s.lane.Label, Stage: s.stage, Step: s.policy.updates, Metrics: metrics, Cost: s.cost}
}

func (s *Session) atEnd() bool {
	return s.stage == len(s.lane.Stages)-1 && s.stageStep == s.values().Int("steps")
}

func (s *Session) values() param.Values { return s.lane.Stages[s.stage].Values }

// Weights are the policy's, to be read only.
func (s *Session) Weights() *model.Params { return s.policy.Params }

// Cost is what training has used up so far.
func (s *Session) Cost() protocol.Cost { return s.cost }

// Updates is how many optimiser updates were made, over all stages.
func (s *Session) Updates() int { return s.policy.updates }
