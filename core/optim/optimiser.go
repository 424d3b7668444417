package optim

import "github.com/posttrain/posttrain/core/internal/parallel"

// Optimiser updates a block of weights along directions of ascent. A step has the same bits on
// every platform and on any number of threads.
type Optimiser interface {
	// Step multiplies the weights by 1 − lr·decay (decoupled weight decay, arXiv:1711.05101) and
	// then moves them by what the optimiser makes of gradient, which is multiplied by scale first,
	// at rate lr.
	Step(weights, gradient []float32, scale, lr, decay float64)
	// Use makes the steps that follow share their work among the workers of a team.
	Use(team *parallel.Team)
	// Kept returns all that the optimiser keeps from one step to the next. A caller that overwrites
	// it sets the optimiser to another state.
	Kept() *Moments
}

// Moments is what an optimiser keeps from one step to the next.
type Moments struct {
	Steps int       // updates taken
	M     []float32 // first moment, like the weights
	V     []float32 // second moment of the weights that AdamW updates, in their order; may be empty
}

// Kept returns m.
func (m *Moments) Kept() *Moments { return m }

// Settings are the constants of an optimiser. An optimiser ignores those that it does not have.
type Settings struct {
	Beta1 float64 // share of the old value in the first moment
	// Share of the old value in the second moment; in Lion in the first moment that is kept.
	Beta2 float64
	Eps   float64 // what AdamW adds to the root of the second moment
}

// Defaults returns the constants that hold where nothing else is said. Runs are a few hundred
// updates long, so the second moment averages over about a hundred
// (docs/decisions/0003-adamw.md).
func Defaults() Settings { return Settings{Beta1: 0.9, Beta2: 0.99, Eps: 1e-8} }

// The names of the optimisers.
const (
	NameAdamW = "adamw"
	NameSGD   = "sgd"
	NameLion  = "lion"
	NameMuon  = "muon"
)

// Names returns the names that [New] accepts, the usual one first.
func Names() []string { return []string{NameAdamW, NameSGD, NameLion, NameMuon} }

// New returns an optimiser of n weights before its first step. It panics if there is none of that
// name. matrices says which of the weights are matrices of hidden layers; only Muon reads it.
func New(name string, s Settings, n int, matrices []Matrix) Optimiser {
	switch name {
	case NameAdamW:
		return newAdamW(n, s)
	case NameSGD:
		return newSGD(n, s)
	case NameLion:
		return newLion(n, s)
	case NameMuon:
		return newMuon(n, s, matrices)
	}
	panic("optim: no optimiser is named " + name)
}

// each calls do for ranges that cover n weights, on the workers of a team if there is one.
func each(team *parallel.Team, n int, do func(from, to int)) {
	if team == nil {
		do(0, n)
		return
	}
	team.Ranges(n, do)
}
