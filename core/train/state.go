package train

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/protocol"
)

//go:generate go tool msgp -tests=false -io=false

// State is everything a lane needs to go on as if it had never stopped.
type State struct {
	Config    model.Config `msg:"config"`
	Base      string       `msg:"base"` // digest of the lane's base
	Stage     int          `msg:"stage"`
	StageStep int          `msg:"stage_step"`
	Updates   int          `msg:"updates"`
	Weights   Floats       `msg:"weights"`
	Start     Floats       `msg:"start"`               // weights at the start of the stage
	Reference Floats       `msg:"reference,omitempty"` // once it is refreshed
	Adapters  Floats       `msg:"adapters,omitempty"`  // with a rank
	Moments   int          `msg:"moments"`
	M         Floats       `msg:"m"`
	V         Floats       `msg:"v"`
	// with a curriculum: how every training prompt has fared
	Visits []Visits `msg:"visits,omitempty"`
	// with a curriculum: how many were taken
	Turns int `msg:"turns,omitempty"`
	// where the objective may ask: lengths of the stage's gradients of imitation
	Imitation []float64 `msg:"imitation,omitempty"`
	// nil when the stage's method wants none
	Critic *Learner `msg:"critic,omitempty"`
	// nil when the stage's method keeps nothing, or nothing yet
	Memory *Memory       `msg:"memory,omitempty"`
	Cost   protocol.Cost `msg:"cost"`
	// nil before the first demonstration
	Demonstrated *Demonstrated     `msg:"demonstrated,omitempty"`
	Signal       LearningSignal    `msg:"taught"`
	First        []protocol.Metric `msg:"first,omitempty"` // once the base is measured
	Latest       []protocol.Metric `msg:"latest"`
	Measured     bool              `msg:"measured"` // the measurement due at this point is complete
	Done         bool              `msg:"done"`
}

// Demonstrated lists the prompts whose demonstrations the cost counts, in order.
type Demonstrated struct {
	Training []int `msg:"training,omitempty"`
	Prior    []int `msg:"prior,omitempty"` // of the prior skill
}

// LearningSignal counts what the updates of a lane learned from, over all stages.
type LearningSignal struct {
	Updates int     `msg:"updates"`
	Groups  int     `msg:"groups"`  // in the batches, counted again at every update with them
	Active  int     `msg:"active"`  // those with a coefficient that is not zero
	Batches int     `msg:"batches"` // with rollouts, counted likewise
	Reward  float64 `msg:"reward"`  // sum over them of train/reward_mean
}

// Visits records how the answers to a training prompt did whenever it was sampled in this stage.
type Visits struct {
	Count   int     `msg:"count"`
	Success float64 `msg:"success"` // mean reward of its answers at the latest visit
	// latest visits in a row at which all answers earned the same, so that they taught nothing
	Alike int `msg:"alike"`
}

// Learner is the state of a model that learns beside the policy.
type Learner struct {
	Weights Floats `msg:"weights"`
	Moments int    `msg:"moments"`
	M       Floats `msg:"m"`
	V       Floats `msg:"v"`
}

// Memory is what a stage keeps from one batch to the next and cannot work out from its start.
type Memory struct {
	Answers []Answer `msg:"answers,omitempty"` // in the buffer, or in the pool
	Open    bool     `msg:"open,omitempty"`    // the pool may be drawn from
	Waiting []int    `msg:"waiting,omitempty"` // training prompts whose demonstrations are to come
}

// Answer is a response to a training prompt: the policy's own, or the demonstration, for which the
// prompt is enough.
type Answer struct {
	Prompt   int     `msg:"prompt"`
	Demo     bool    `msg:"demo,omitempty"`
	Response []int32 `msg:"response,omitempty"` // (T)
	// (T) of the policy's own tokens, when it was sampled
	Logp    []float64 `msg:"logp,omitempty"`
	Entropy []float64 `msg:"entropy,omitempty"` // (T) when it was sampled
	Reward  float64   `msg:"reward,omitempty"`
	// in the pool: how many rollouts were right at the prompt's latest visit with any
	Right int `msg:"right,omitempty"`
}

// Floats is float32s as little-endian bytes.
type Floats []byte

// PackFloats copies x.
func PackFloats(x []float32) Floats {
	out := make(Floats, 0, 4*len(x))
	for _, v := range x {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(v))
	}
	return out
}

// Unpack copies the floats into x. It returns an error if there are more or fewer than x has.
func (f Floats) Unpack(x []float32) error {
	if len(f) != 4*len(x) {
		return fmt.Errorf("holds %d bytes, want %d", len(f), 4*len(x))
	}
	for i := range x {
		x[i] = math.Float32frombits(binary.LittleEndian.Uint32(f[4*i:]))
	}
	return nil
}

// Resumable reports whether State can be taken now: between batches, with nothing measured, no
// responses sampled and no reward model trained halfway.
func (s *Session) Resumable() bool {
	between := s.phase == collecting || s.phase == measuring && s.resume == collecting
	return s.Done() || between && s.level == 0 && s.current == nil && !s.stage.collector.underway()
}

// State copies the state of a Resumable session.
func (s *Session) State() *State {
	t := s.stage
	return &State{
		Config: s.policy.Config, Base: s.lane.Base.Digest(),
		Stage: t.number, StageStep: t.step, Updates: s.policy.updates,
		Weights: PackFloats(s.policy.Data), Start: PackFloats(t.start.Data), Reference: t.pack(),
		Adapters: PackFloats(t.adapters.Data),
		Moments:  t.optimiser.Steps, M: PackFloats(t.optimiser.M), V: PackFloats(t.optimiser.V),
		Visits: slices.Clone(t.collector.curriculum.visits), Turns: t.collector.curriculum.turn,
		Imitation: slices.Clone(t.imitation), Critic: t.critic.state(),
		Memory: t.collector.snapshot(t.step),
		Cost:   s.ledger.Cost, Demonstrated: s.ledger.state(), Signal: s.signal, First: s.first,
		Latest:   s.latest,
		Measured: s.phase != measuring, Done: s.Done(),
	}
}

// Restore continues from a State of the same lane.
func (s *Session) Restore(state *State) error {
	if err := s.check(state); err != nil {
		return err
	}
	weights, start := model.NewParams(state.Config), model.NewParams(state.Config)
	if err := unpack(named{"weights", state.Weights, weights.Data},
		named{"start", state.Start, start.Data}); err != nil {
		return err
	}
	of := s.trainer // so that an error leaves the session as it was
	of.setWeights(weights)
	of.policy.updates = state.Updates
	of.ledger = newLedger(state.Cost, state.Demonstrated)
	of.batch = batch{}
	stage := of.begin(state.Stage, start)
	if err := stage.restore(state); err != nil {
		return err
	}
	s.trainer = of
	stage.trainer = &s.trainer
	s.stage, s.signal = stage, state.Signal
	s.measurer = measurer{suite: s.suite, resume: collecting, first: state.First,
		latest: state.Latest}
	s.phase = collecting
	switch {
	case state.Done:
		s.phase = finished
	case !state.Measured:
		s.phase = measuring
	}
	return nil
}

// restore continues the stage from a State.
func (s *training) restore(state *State) (err error) {
	s.step, s.imitation = state.StageStep, slices.Clone(state.Imitation)
	if err := s.collector.curriculum.restore(state); err != nil {
		return err
	}
	if err := s.collector.restore(state.Memory, state.StageStep); err != nil {
		return err
	}
	moments := s.optimiser
	if err := unpack(named{"adapters", state.Adapters, s.adapters.Data},
		named{"m", state.M, moments.M}, named{"v", state.V, moments.V}); err != nil {
		return err
	}
	moments.Steps = state.Moments
	if s.frozen.refreshed, err = unpackReference(s.Stage, state); err != nil {
		return err
	}
	return s.critic.restore(state.Critic)
}

// named is a part of a State, with its name there and the place to unpack it to.
type named struct {
	name string
	from Floats
	to   []float32
}

func unpack(parts ...named) error {
	for _, part := range parts {
		if err := part.from.Unpack(part.to); err != nil {
			return fmt.Errorf("%s %w", part.name, err)
		}
	}
	return nil
}

// check returns an error that says why this lane cannot continue from a State.
func (s *Session) check(state *State) error {
	if state.Config != s.lane.Base.Config {
		return fmt.Errorf("the checkpoint's model is %+v, the lane's is %+v", state.Config,
			s.lane.Base.Config)
	}
	if base := s.lane.Base.Digest(); state.Base != base {
		return fmt.Errorf("base is %.8s, this program's is %.8s: the run started from other "+
			"weights and cannot go on from these", state.Base, base)
	}
	if state.Stage < 0 || state.Stage >= len(s.lane.Stages) {
		return fmt.Errorf("stage is %d, want 0 to %d", state.Stage, len(s.lane.Stages)-1)
	}
	steps, before := s.lane.Stages[state.Stage].Values.Int("steps"), 0
	for _, stage := range s.lane.Stages[:state.Stage] {
		before += stage.Values.Int("steps")
	}
	if state.StageStep < 0 || state.StageStep > steps || state.Updates != before+state.StageStep ||
		state.Moments < 0 {
		return fmt.Errorf("stage_step is %d and updates %d, want at most %d steps in this "+
			"stage after %d", state.StageStep, state.Updates, steps, before)
	}
	if t := state.Signal; t.Updates < 0 || t.Active < 0 || t.Active > t.Groups || t.Batches < 0 ||
		!(math.Abs(t.Reward) <= float64(t.Batches)) {
		return fmt.Errorf("taught is %+v, want at most as many active groups as there are, and "+
			"at most a reward of 1 a batch", t)
	}
	if len(state.Imitation) > state.StageStep {
		return fmt.Errorf("imitation has %d updates, want at most %d", len(state.Imitation),
			state.StageStep)
	}
	if !state.Demonstrated.valid(len(s.prompts), s.lane.Task.Prompts) {
		return fmt.Errorf("demonstrated lists a prompt that is not among %d and %d of the "+
			"prior skill", len(s.prompts), s.lane.Task.Prompts)
	}
	return nil
}
