package train

import (
	"cmp"
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
	Config    model.Config `msg:"config"`
	Base      string       `msg:"base"`       // digest of the lane's base
	Stage     int          `msg:"stage"`      // which stage, from 0
	StageStep int          `msg:"stage_step"` // updates made in this stage
	Updates   int          `msg:"updates"`    // updates made in all stages
	Weights   Floats       `msg:"weights"`
	Start     Floats       `msg:"start"`               // the weights at the start of the stage
	Reference Floats       `msg:"reference,omitempty"` // empty unless it was refreshed
	Earlier   []Floats     `msg:"earlier,omitempty"`   // the policies that are yet to sample
	Adapters  Floats       `msg:"adapters,omitempty"`  // empty unless the stage trains adapters
	Optimiser string       `msg:"optimiser,omitempty"` // its name; empty means AdamW
	Moments   int          `msg:"moments"`             // steps of the optimiser
	M         Floats       `msg:"m"`                   // its first moments
	V         Floats       `msg:"v"`                   // its second moments, those that it keeps

	// By training prompt, and the turns taken so far; both are empty without a curriculum.
	Visits []Visits `msg:"visits,omitempty"`
	Turns  int      `msg:"turns,omitempty"`

	// The norms of the gradients of imitation so far; empty unless the objective can read them.
	Imitation []float64 `msg:"imitation,omitempty"`

	// The mean entropies of the stage's batches so far; empty unless the objective can read them.
	Entropies []float64 `msg:"entropies,omitempty"`

	// The mean log-ratios of the stage's labelled answers so far; empty unless the objective can
	// read them.
	Shifts []float64 `msg:"shifts,omitempty"`

	Critic *Learner      `msg:"critic,omitempty"` // nil without a critic
	Memory *Memory       `msg:"memory,omitempty"` // nil if nothing of it has to be kept
	Cost   protocol.Cost `msg:"cost"`

	Demonstrated *Demonstrated     `msg:"demonstrated,omitempty"` // nil if there are none yet
	Signal       LearningSignal    `msg:"taught"`
	First        []protocol.Metric `msg:"first,omitempty"` // empty until the base is measured
	Latest       []protocol.Metric `msg:"latest"`          // the newest measurement
	Measured     bool              `msg:"measured"`        // whether no measurement is due now
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
	Groups  int     `msg:"groups"`  // groups learned from, counted at every update with them
	Active  int     `msg:"active"`  // those of Groups with a coefficient that is not zero
	Batches int     `msg:"batches"` // batches with rollouts, counted at every update with them
	Reward  float64 `msg:"reward"`  // the sum of train/reward_mean over Batches

	// Tokens counts the tokens that were looked at in later updates with a batch, and Clipped those
	// of them that the clip stopped; see clipCount.
	Tokens  int `msg:"tokens,omitempty"`
	Clipped int `msg:"clipped,omitempty"`
}

// Visits sums up the rewards of the answers to a training prompt in this stage. A visit is one time
// that the prompt was sampled.
type Visits struct {
	Count   int     `msg:"count"`
	Success float64 `msg:"success"` // mean reward at the latest visit
	Alike   int     `msg:"alike"`   // latest visits in a row in which all rewards were equal
}

// Learner is the state of a model that learns beside the policy.
type Learner struct {
	Weights Floats `msg:"weights"`
	Moments int    `msg:"moments"`
	M       Floats `msg:"m"`
	V       Floats `msg:"v"`
}

// Memory is what a stage keeps from one batch to the next and cannot compute again from its start.
type Memory struct {
	Answers []Answer `msg:"answers,omitempty"` // in the buffer or in the pool
	Open    bool     `msg:"open,omitempty"`    // whether prompts are drawn from the pool yet
	Waiting []int    `msg:"waiting,omitempty"` // the training prompts that wait, the oldest first
}

// Answer is a response to a training prompt: one of the policy, or the demonstration. Of a
// demonstration only the prompt is kept, since the expert writes it again.
type Answer struct {
	Prompt   int       `msg:"prompt"` // the number of the training prompt
	Demo     bool      `msg:"demo,omitempty"`
	Response []int32   `msg:"response,omitempty"` // all tokens
	Logp     []float64 `msg:"logp,omitempty"`     // (T) of the policy's tokens when it was sampled
	Entropy  []float64 `msg:"entropy,omitempty"`  // (T) of the policy's tokens when it was sampled
	Reward   float64   `msg:"reward,omitempty"`

	// In the pool: how many rollouts were right at the prompt's latest visit with a right one.
	Right int `msg:"right,omitempty"`
}

// Floats has float32 numbers as little-endian bytes.
type Floats []byte

// PackFloats returns a copy of x.
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

// Resumable reports whether State may be called now: between batches, while no measurement, no
// sampling and no training of a reward model is half done.
func (s *Session) Resumable() bool {
	between := s.phase == collecting || s.phase == measuring && s.resume == collecting
	return s.Done() || between && s.level == 0 && s.current == nil && !s.stage.collector.underway()
}

// State returns a copy of the session's state. It may be called only while the session is
// Resumable.
func (s *Session) State() *State {
	t, moments := s.stage, s.stage.optimiser.Kept()
	return &State{
		Config: s.policy.Config, Base: s.lane.Base.Digest(),
		Stage: t.number, StageStep: t.step, Updates: s.policy.updates,
		Weights: PackFloats(s.policy.Data), Start: PackFloats(t.start.Data),
		Reference: t.packReference(), Earlier: t.sampler.pack(),
		Adapters:  PackFloats(t.adapters.Data),
		Optimiser: t.optimiserName(), Moments: moments.Steps, M: PackFloats(moments.M),
		V:      PackFloats(moments.V),
		Visits: slices.Clone(t.collector.curriculum.visits), Turns: t.collector.curriculum.turn,
		Imitation: slices.Clone(t.imitation), Entropies: slices.Clone(t.entropies),
		Shifts: slices.Clone(t.shifts), Critic: t.critic.state(),
		Memory: t.collector.snapshot(t.step),
		Cost:   s.ledger.Cost, Demonstrated: s.ledger.state(), Signal: s.signal,
		First: s.First(), Latest: s.Metrics(),
		Measured: s.phase != measuring, Done: s.Done(),
	}
}

// Restore sets the session to a State of the same lane. After an error the session is as before.
func (s *Session) Restore(state *State) error {
	if err := s.check(state); err != nil {
		return err
	}
	weights, start := model.NewParams(state.Config), model.NewParams(state.Config)
	if err := unpack(named{"weights", state.Weights, weights.Data},
		named{"start", state.Start, start.Data}); err != nil {
		return err
	}
	restored := s.trainer // a copy, so that an error leaves the session as it was
	restored.setWeights(weights)
	restored.policy.updates = state.Updates
	restored.ledger = newLedger(state.Cost, state.Demonstrated)
	restored.batch = batch{}
	stage := restored.begin(state.Stage, start)
	if err := stage.restore(state); err != nil {
		return err
	}
	s.trainer = restored
	stage.trainer = &s.trainer
	s.stage, s.signal, s.anatomy = stage, state.Signal, anatomy{}
	s.measurer = measurer{suite: s.suite, resume: collecting, first: slices.Clone(state.First),
		latest: slices.Clone(state.Latest)}
	s.phase = collecting
	switch {
	case state.Done:
		s.phase = finished
	case !state.Measured:
		s.phase = measuring
	}
	return nil
}

// restore sets a new stage to a State.
func (s *training) restore(state *State) (err error) {
	s.step = state.StageStep
	s.imitation, s.entropies = slices.Clone(state.Imitation), slices.Clone(state.Entropies)
	s.shifts = slices.Clone(state.Shifts)
	if err := s.collector.curriculum.restore(state); err != nil {
		return err
	}
	if err := s.collector.restore(state.Memory, state.StageStep); err != nil {
		return err
	}
	if want := s.optimiserName(); state.Optimiser != want {
		return fmt.Errorf("the checkpoint is of the optimiser %s, the lane has %s",
			cmp.Or(state.Optimiser, optim.NameAdamW), cmp.Or(want, optim.NameAdamW))
	}
	moments := s.optimiser.Kept()
	if err := unpack(named{"adapters", state.Adapters, s.adapters.Data},
		named{"m", state.M, moments.M}, named{"v", state.V, moments.V}); err != nil {
		return err
	}
	moments.Steps = state.Moments
	if s.frozen.refreshed, err = unpackReference(s.Stage, state); err != nil {
		return err
	}
	if err := s.sampler.restore(state); err != nil {
		return err
	}
	return s.critic.restore(state.Critic)
}

// named is a field of a State with its name, for errors, and the slice to unpack it into.
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

// badEntropy reports whether x is no mean of entropies.
func badEntropy(x float64) bool { return !(x >= 0 && x <= math.MaxFloat32) }

// badShift reports whether x is no mean of log-ratios.
func badShift(x float64) bool { return !(math.Abs(x) <= math.MaxFloat32) }

// check returns an error if the State cannot be one of this lane.
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
	if len(state.Entropies) > state.StageStep || slices.ContainsFunc(state.Entropies, badEntropy) {
		return fmt.Errorf("entropies are %v, want at most %d, none below 0", state.Entropies,
			state.StageStep)
	}
	if len(state.Shifts) > state.StageStep || slices.ContainsFunc(state.Shifts, badShift) {
		return fmt.Errorf("shifts are %v, want at most %d finite numbers", state.Shifts,
			state.StageStep)
	}
	if !state.Demonstrated.valid(len(s.prompts), s.lane.Task.Prompts) {
		return fmt.Errorf("demonstrated lists a prompt that is not among %d and %d of the "+
			"prior skill", len(s.prompts), s.lane.Task.Prompts)
	}
	return nil
}
