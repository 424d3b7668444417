package train

import (
	"fmt"
	"math"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/gradient"
	"github.com/posttrain/posttrain/core/model"
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
	passAtK                 // some prompts of pass@k, at the end of a measurement
	collecting              // some responses of a batch, or one update of a reward model
	updating                // one optimiser update
	finished
)

// Session advances one lane. It is not safe for concurrent use.
type Session struct {
	trainer
	stage  *training // the stage at hand
	phase  phase
	target int // updates after which to stand still
	signal LearningSignal
	measurer
	requests requests
}

// trainer is what outlives a stage: the lane, the policy, what it is trained with, and what
// training has used up.
type trainer struct {
	lane      Lane
	options   Options
	policy    policy
	teacher   *model.Network // nil without one
	scorer    *rollout.Scorer
	gradients *gradient.Computer
	prompts   []prompt // the training prompts
	prior     []prompt // those of the prior skill; nil until a stage needs them
	ledger    ledger
	batch     batch // what the current updates learn from
}

// policy is the model in training.
type policy struct {
	*model.Params
	network *model.Network
	updates int // over all stages
}

// NewSession prepares a lane at its start; it runs to the end unless a Command
// says otherwise.
func NewSession(lane Lane, options Options) (*Session, error) {
	if err := lane.check(); err != nil {
		return nil, err
	}
	c, base := lane.Base.Config, model.NewNetwork(lane.Base)
	s := &Session{
		trainer: trainer{
			lane: lane, options: options,
			scorer:    rollout.NewScorer(c, options.Threads),
			gradients: gradient.Policy(c, options.Threads),
			prompts:   encode(lane.Task, lane.Task.TrainPrompts(lane.Seed, lane.Task.Prompts)),
		},
		target: math.MaxInt,
		measurer: measurer{
			resume: collecting,
			suite: eval.NewSuite(lane.Task, base, lane.EvalPrompts, lane.Seed,
				options.Threads),
		},
	}
	if lane.Teacher != nil {
		s.teacher = model.NewNetwork(lane.Teacher)
	}
	s.setWeights(lane.Base.Clone())
	s.stage = s.begin(0, lane.Base)
	s.stage.network = base
	return s, nil
}

func (t *trainer) setWeights(p *model.Params) {
	t.policy = policy{Params: p, network: model.NewNetwork(p)}
	t.policy.network.Use(p.Config.Team(t.options.Threads))
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
	case protocol.Look, protocol.Ask, protocol.Explain, protocol.Compare:
		if err := s.checkRequest(c); err != nil {
			return err
		}
		s.requests.add(c)
	default:
		return fmt.Errorf("unknown command %q: want %s, %s, %s, %s, %s, %s, %s or %s", c.Kind,
			protocol.Run, protocol.Pause, protocol.Step, protocol.Measure, protocol.Look,
			protocol.Ask, protocol.Explain, protocol.Compare)
	}
	return nil
}

// Done reports whether the lane has reached its end.
func (s *Session) Done() bool { return s.phase == finished }

// Idle reports whether Advance has nothing to do: the lane is done or was told to stand still here,
// and nothing is to be shown.
func (s *Session) Idle() bool {
	_, due := s.requests.next(s.canShow)
	return !due && (s.Done() || s.phase > passAtK && s.policy.updates >= s.target)
}

// Advance does one bounded unit of work: it shows something that was asked for, measures with some
// prompts, samples some responses of a batch or makes one update, of the policy or of a reward
// model. An error means that the lane cannot go on; its weights are those of the last good update.
func (s *Session) Advance() ([]protocol.Event, error) {
	if s.Idle() {
		return nil, nil
	}
	if r, due := s.requests.next(s.canShow); due {
		return s.show(r), nil
	}
	switch s.phase {
	case measuring:
		return s.measure(), nil
	case passAtK:
		return s.measurePass(), nil
	case collecting:
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
		event.Cost = s.ledger.Cost // with this update's seconds
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
	s.ledger.Seconds += s.options.Clock() - start
	return err
}

// collect does the next part of gathering a batch.
func (s *Session) collect() error {
	done, err := s.stage.collect()
	if err != nil {
		return fmt.Errorf("lane %s: %w", s.lane.Label, err)
	}
	if done {
		s.phase = updating
	}
	return nil
}

// update makes one update of the policy, and decides what follows.
func (s *Session) update() (protocol.Event, error) {
	metrics, err := s.stage.update()
	if err != nil {
		return protocol.Event{}, err
	}
	s.signal.add(s.batch)
	event := s.event(protocol.Updated, metrics)
	s.phase = collecting
	switch {
	case s.batch.epoch < s.stage.plan.Epochs && !s.stage.over():
		s.phase = updating
	case s.stage.over() && !s.atEnd():
		s.stage = s.begin(s.stage.number+1, s.policy.Clone())
	}
	if s.atEnd() || s.policy.updates%s.lane.EvalEvery == 0 {
		s.phase, s.resume = measuring, s.phase
	}
	return event, nil
}

// event returns an event that happens now.
func (s *Session) event(kind protocol.EventKind, metrics []protocol.Metric) protocol.Event {
	return protocol.Event{
		Kind: kind, Lane: s.lane.Label, Stage: s.stage.number, Step: s.policy.updates,
		Metrics: metrics, Cost: s.ledger.Cost,
	}
}

// atEnd reports whether the lane has made all its updates.
func (s *Session) atEnd() bool {
	return s.stage.number == len(s.lane.Stages)-1 && s.stage.over()
}

// Weights returns the policy's, to be read only.
func (s *Session) Weights() *model.Params { return s.policy.Params }

// Digest returns the digest of the policy's weights.
func (s *Session) Digest() string { return s.policy.Digest() }

// Cost returns what training has used up so far.
func (s *Session) Cost() protocol.Cost { return s.ledger.Cost }

// Updates returns how many optimiser updates were made, over all stages.
func (s *Session) Updates() int { return s.policy.updates }
