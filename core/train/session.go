package train

import (
	"fmt"
	"math"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/gradient"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// Options say how a lane is computed. They do not change its result, except for the seconds that
// it took.
type Options struct {
	Threads int            // at least 1
	Clock   func() float64 // the time in seconds; nil means that none are counted
}

// phase says what the next unit of work is.
type phase uint8

const (
	measuring  phase = iota // some prompts of a level, or one matrix
	passAtK                 // some prompts of pass@k, at the end of a measurement
	collecting              // some responses of a batch, or one update of a reward model
	updating                // one optimiser update
	finished
)

// trains reports whether the next unit of work is part of training, not of a measurement.
func (p phase) trains() bool { return p == collecting || p == updating }

// Session advances one lane. It is not safe for concurrent use.
type Session struct {
	trainer
	measurer
	stage    *training // the current stage
	phase    phase
	target   int // the number of updates at which the lane pauses
	signal   LearningSignal
	requests requests
	anatomy  anatomy
}

// trainer has the state that the stages of a lane share: the policy, the parts that compute, and
// the ledger of what training has used up.
type trainer struct {
	lane      Lane
	options   Options
	policy    policy
	teacher   *model.Network // nil if the lane has none
	scorer    *rollout.Scorer
	gradients *gradient.Computer
	prompts   []prompt // the training prompts
	prior     []prompt // prompts of the prior skill; nil until a stage needs them
	ledger    ledger
	batch     batch // the current batch
}

// policy is the model in training.
type policy struct {
	*model.Params
	network *model.Network
	updates int // over all stages
}

// NewSession returns a session at the start of a lane. It runs to the end of the lane unless a
// command pauses it.
func NewSession(lane Lane, options Options) (_ *Session, err error) {
	defer task.Catch(&err)
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

// Do carries out a command. The next calls of [Session.Advance] do the work that it asks for.
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
		if s.phase.trains() {
			s.beginMeasurement()
		}
	case protocol.Look, protocol.Ask, protocol.Explain, protocol.Compare, protocol.Pair,
		protocol.Examine:
		if err := s.checkRequest(c); err != nil {
			return err
		}
		s.requests.add(c)
	case protocol.Dissect:
		return s.wantAnatomy(c)
	default:
		return fmt.Errorf("unknown command %q: want %s, %s, %s, %s, %s, %s, %s, %s, %s, %s or %s",
			c.Kind, protocol.Run, protocol.Pause, protocol.Step, protocol.Measure, protocol.Look,
			protocol.Ask, protocol.Explain, protocol.Compare, protocol.Dissect, protocol.Pair,
			protocol.Examine)
	}
	return nil
}

// Done reports whether the lane has reached its end.
func (s *Session) Done() bool { return s.phase == finished }

// Idle reports whether Advance has nothing to do: the lane is done or paused, and no request is
// due.
func (s *Session) Idle() bool {
	_, due := s.requests.next(s.canShow)
	paused := s.phase.trains() && s.policy.updates >= s.target
	return !due && !s.anatomy.due && (s.Done() || paused)
}

// Advance does one bounded unit of work and returns the events of it. A unit answers one request,
// measures on some prompts, samples some responses of a batch, or makes one update of the policy or
// of a reward model. An error means that the lane cannot go on; its weights are those of the last
// good update.
func (s *Session) Advance() (_ []protocol.Event, err error) {
	defer task.Catch(&err)
	if s.Idle() {
		return nil, nil
	}
	if r, due := s.requests.next(s.canShow); due {
		return s.show(r)
	}
	if s.anatomy.due {
		s.anatomy.due = false
		return []protocol.Event{s.dissect()}, nil
	}
	switch s.phase {
	case measuring:
		return s.measure(), nil
	case passAtK:
		return s.measurePass(), nil
	case collecting:
		return nil, s.timed(s.collect)
	default:
		begun := s.beginDissection()
		var event protocol.Event
		err := s.timed(func() (err error) {
			event, err = s.update()
			return err
		})
		if err != nil {
			return nil, err
		}
		event.Cost = s.ledger.Cost // including the seconds of this update
		s.endDissection(begun, event)
		return []protocol.Event{event}, nil
	}
}

// timed calls work and charges the seconds that it takes.
func (s *Session) timed(work func() error) error {
	if s.options.Clock == nil {
		return work()
	}
	start := s.options.Clock()
	err := work()
	s.ledger.Seconds += s.options.Clock() - start
	return err
}

// collect gathers the next part of a batch.
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

// update makes one update of the policy and chooses what follows: another update with the same
// batch, the next batch or the next stage, and before that a measurement if one is due.
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
		s.beginMeasurement()
	}
	return event, nil
}

// event returns an event at the current stage and update, with what has been used up so far.
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

// Weights returns the weights of the policy. The caller must not change them.
func (s *Session) Weights() *model.Params { return s.policy.Params }

// Digest returns the digest of the policy's weights.
func (s *Session) Digest() string { return s.policy.Digest() }

// Cost returns what training has used up so far.
func (s *Session) Cost() protocol.Cost { return s.ledger.Cost }

// Updates returns how many optimiser updates were made, over all stages.
func (s *Session) Updates() int { return s.policy.updates }
