package train

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/protocol"
)

//go:generate go tool msgp -tests=false -io=false

// State is everything a lane needs to go on as if it had never stopped.
type State struct {
	Config    model.Config      `msg:"config"`
	Base      string            `msg:"base"` // digest of the lane's base
	Stage     int               `msg:"stage"`
	StageStep int               `msg:"stage_step"`
	Updates   int               `msg:"updates"`
	Weights   Floats            `msg:"weights"`
	Start     Floats            `msg:"start"`               // weights at the start of the stage
	Reference Floats            `msg:"reference,omitempty"` // once it is refreshed
	Adapters  Floats            `msg:"adapters,omitempty"`  // with a rank
	Moments   int               `msg:"moments"`
	M         Floats            `msg:"m"`
	V         Floats            `msg:"v"`
	Visits    []Visits          `msg:"visits,omitempty"`    // with a curriculum: how every training prompt has fared
	Turns     int               `msg:"turns,omitempty"`     // with a curriculum: how many were taken
	Imitation []float64         `msg:"imitation,omitempty"` // where the objective may ask: lengths of the stage's gradients of imitation
	Critic    *Learner          `msg:"critic,omitempty"`    // nil when the stage's method wants none
	Memory    *Memory           `msg:"memory,omitempty"`    // nil when the stage's method keeps nothing, or nothing yet
	Cost      protocol.Cost     `msg:"cost"`
	Taught    Taught            `msg:"taught"`
	First     []protocol.Metric `msg:"first,omitempty"` // once the base is measured
	Latest    []protocol.Metric `msg:"latest"`
	Measured  bool              `msg:"measured"` // the measurement due at this point is complete
	Done      bool              `msg:"done"`
}

// Taught is what the updates of a lane had to learn from, over all stages.
type Taught struct {
	Updates int     `msg:"updates"`
	Groups  int     `msg:"groups"`  // in the batches, counted again at every update with them
	Active  int     `msg:"active"`  // those with a coefficient that is not zero
	Batches int     `msg:"batches"` // with rollouts, counted likewise
	Reward  float64 `msg:"reward"`  // sum over them of train/reward_mean
}

// Visits is how a training prompt has fared in this stage whenever it was sampled.
type Visits struct {
	Count   int     `msg:"count"`
	Success float64 `msg:"success"` // mean reward of its answers at the latest visit
	Alike   int     `msg:"alike"`   // latest visits in a row at which all answers earned the same, so that they taught nothing
}

// Learner is what is kept of a model that learns beside the policy.
type Learner struct {
	Weights Floats `msg:"weights"`
	Moments int    `msg:"moments"`
	M       Floats `msg:"m"`
	V       Floats `msg:"v"`
}

// Memory is what a stage keeps from one batch to the next, where it does not follow from the stage's start.
type Memory struct {
	Answers []Answer `msg:"answers,omitempty"` // in the buffer, or in the pool
	Open    bool     `msg:"open,omitempty"`    // the pool may be drawn from
	Waiting []int    `msg:"waiting,omitempty"` // training prompts whose demonstrations are to come
	Shown   []int    `msg:"shown,omitempty"`   // training prompts whose demonstrations were paid for one by one, in order
}

// Answer is a response to a training prompt: the policy's own, or the expert's demonstration, of which nothing else is kept.
type Answer struct {
	Prompt   int       `msg:"prompt"`
	Demo     bool      `msg:"demo,omitempty"`
	Response []int32   `msg:"response,omitempty"` // (T)
	Logp     []float64 `msg:"logp,omitempty"`     // (T) of the policy's own tokens, when it was sampled
	Entropy  []float64 `msg:"entropy,omitempty"`  // (T) when it was sampled
	Reward   float64   `msg:"reward,omitempty"`
	Right    int       `msg:"right,omitempty"` // in the pool: how many rollouts were right at the prompt's latest visit with any
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

// Unpack copies the floats into x; the error says that the number is another.
func (f Floats) Unpack(x []float32) error {
	if len(f) != 4*len(x) {
		return fmt.Errorf("holds %d bytes, want %d", len(f), 4*len(x))
	}
	for i := range x {
		x[i] = math.Float32frombits(binary.LittleEndian.Uint32(f[4*i:]))
	}
	return nil
}

// Digest returns the digest of the policy's weights.
func (s *Session) Digest() string { return s.policy.Digest() }

// Resumable says whether State can be taken now: between batches, with nothing
// measured, no responses sampled and no reward model trained halfway.
func (s *Session) Resumable() bool {
	between := s.phase == collecting || s.phase == measuring && s.resume == collecting
	return s.Done() || between && s.level == 0 && s.measurement == nil && !s.collector.halfway()
}

// State copies the state of a Resumable session.
func (s *Session) State() *State {
	return &State{
		Config: s.policy.Config, Base: s.lane.Base.Digest(), Stage: s.stage, StageStep: s.stageStep, Updates: s.policy.updates,
		Weights: PackFloats(s.policy.Data), Start: PackFloats(s.start.Data), Reference: s.packReference(), Adapters: PackFloats(s.adapters.Data),
		Moments: s.optimiser.Steps, M: PackFloats(s.optimiser.M), V: PackFloats(s.optimiser.V),
		Visits: slices.Clone(s.collector.visits), Turns: s.collector.turn,
		Imitation: slices.Clone(s.imitation), Critic: s.critic.state(), Memory: s.collector.recall(s.stageStep),
		Cost: s.cost, Taught: s.taught, First: s.first, Latest: s.latest, Measured: s.phase != measuring, Done: s.Done(),
	}
}

// suits says what is wrong with a state for this lane, before anything is taken from it.
func (s *Session) suits(state *State) error {
	if state.Config != s.lane.Base.Config {
		return fmt.Errorf("the checkpoint's model is %+v, the lane's is %+v", state.Config, s.lane.Base.Config)
	}
	if base := s.lane.Base.Digest(); state.Base != base {
		return fmt.Errorf("base is %.8s, this program's is %.8s: the run started from other weights and cannot go on from these", state.Base, base)
	}
	if state.Stage < 0 || state.Stage >= len(s.lane.Stages) {
		return fmt.Errorf("stage is %d, want 0 to %d", state.Stage, len(s.lane.Stages)-1)
	}
	steps, before := s.lane.Stages[state.Stage].Values.Int("steps"), 0
	for _, stage := range s.lane.Stages[:state.Stage] {
		before += stage.Values.Int("steps")
	}
	if state.StageStep < 0 || state.StageStep > steps || state.Updates != before+state.StageStep || state.Moments < 0 {
		return fmt.Errorf("stage_step is %d and updates %d, want at most %d steps in this stage after %d", state.StageStep, state.Updates, steps, before)
	}
	if t := state.Taught; t.Updates < 0 || t.Active < 0 || t.Active > t.Groups || t.Batches < 0 || !(math.Abs(t.Reward) <= float64(t.Batches)) {
		return fmt.Errorf("taught is %+v, want at most as many active groups as there are, and at most a reward of 1 a batch", t)
	}
	if len(state.Imitation) > state.StageStep {
		return fmt.Errorf("imitation has %d updates, want at most %d", len(state.Imitation), state.StageStep)
	}
	return nil
}

// Restore continues from a state of the same lane.
func (s *Session) Restore(state *State) error {
	if err := s.suits(state); err != nil {
		return err
	}
	collector := s.newCollector(state.Stage)
	if course := &collector.curriculum; len(state.Visits) != len(course.visits) || state.Turns < 0 {
		return fmt.Errorf("visits are those of %d prompts after %d turns, want those of %d", len(state.Visits), state.Turns, len(course.visits))
	}
	collector.turn = state.Turns
	copy(collector.visits, state.Visits)
	if err := collector.memorise(state.Memory, state.StageStep); err != nil {
		return err
	}
	weights, start := model.NewParams(state.Config), model.NewParams(state.Config)
	adapters := s.lane.Stages[state.Stage].adapters(state.Config)
	moments := optim.NewAdamW(len(trained(adapters, weights.Data)))
	for _, part := range []struct {
		name string
		from Floats
		to   []float32
	}{{"weights", state.Weights, weights.Data}, {"start", state.Start, start.Data}, {"adapters", state.Adapters, adapters.Data}, {"m", state.M, moments.M}, {"v", state.V, moments.V}} {
		if err := part.from.Unpack(part.to); err != nil {
			return fmt.Errorf("%s %w", part.name, err)
		}
	}
	reference, err := unpackReference(s.lane.Stages[state.Stage], state)
	if err != nil {
		return err
	}
	critic := s.lane.Stages[state.Stage].critic(start, s.options.Threads)
	if err := critic.restore(state.Critic); err != nil {
		return err
	}
	s.stage, s.stageStep, s.start = state.Stage, state.StageStep, start
	s.setWeights(weights)
	s.policy.updates = state.Updates
	s.beginStage()
	s.collector = collector
	moments.Steps = state.Moments
	s.adapters, s.optimiser, s.critic, s.refreshed, s.imitation = adapters, moments, critic, reference, slices.Clone(state.Imitation)
	s.cost, s.taught, s.first, s.latest = state.Cost, state.Taught, state.First, state.Latest
	s.countMemory() // which a checkpoint from before it was counted lacks
	s.level, s.phase, s.resume = 0, collecting, collecting
	switch {
	case state.Done:
		s.phase = finished
	case !state.Measured:
		s.phase = measuring
	}
	return nil
}
