package train

import (
	"fmt"

	"github.com/posttrain/posttrain/core/gradient"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// Pretrainer is a base in pretraining. It advances by one update at a time.
type Pretrainer struct {
	pretraining Pretraining
	steps       int // updates made
	params      *model.Params
	network     *model.Network
	optimiser   *optim.AdamW
	gradients   *gradient.Computer
	imitate     objective.Objective
	buffer      objective.CoeffBuffer
}

// Start returns the pretraining before its first update.
func (p Pretraining) Start(threads int) *Pretrainer {
	params := model.NewParams(p.Config)
	params.Init(uint64(p.Values.Int("seed")))
	t := &Pretrainer{pretraining: p, params: params, network: model.NewNetwork(params),
		optimiser: optim.NewAdamW(len(params.Data)),
		gradients: gradient.Policy(p.Config, threads),
		imitate:   method.SFT.Build(method.SFT.Defaults())}
	team := p.Config.Team(threads)
	t.network.Use(team)
	t.optimiser.Use(team)
	return t
}

// Steps returns the number of updates so far.
func (t *Pretrainer) Steps() int { return t.steps }

// Done reports whether all updates have been made.
func (t *Pretrainer) Done() bool { return t.steps >= t.pretraining.Values.Int("steps") }

// Advance makes one update. It returns the loss before it, in nats per token. After an error the
// pretraining cannot go on.
func (t *Pretrainer) Advance() (loss float64, err error) {
	defer task.Catch(&err)
	p, v, step := t.pretraining, t.pretraining.Values, t.steps
	groups := p.examples(step)
	seen, flat := rollout.Completions(groups), rollout.Flatten(groups)
	coeffs := t.buffer.Zeros(seen)
	t.imitate.Add(coeffs, seen)
	gradient := t.gradients.Compute(t.network, flat, coeffs)
	lr := v.Float("lr")
	if loss = lossMetrics(flat)[0].Value; loss != loss {
		return loss, fmt.Errorf("pretraining diverged at step %d: try a lower lr than %g", step, lr)
	}
	scale := optim.ClipScale(optim.Norm(gradient.Data), 1)
	t.optimiser.Step(t.params.Data, gradient.Data, scale,
		lr*optim.Rate("cosine", step, v.Int("warmup"), v.Int("steps")), v.Float("decay"))
	t.network.Refresh()
	t.steps++
	return loss, nil
}

// Base returns the weights so far, rounded to bfloat16 as bases are stored. The pretraining cannot
// go on afterwards.
func (t *Pretrainer) Base() *model.Params {
	t.params.RoundBF16()
	return t.params
}

// State returns all that is needed to go on later. It shares its numbers with the pretraining, so
// it is valid until the next call of Advance.
func (t *Pretrainer) State() *PretrainingState {
	return &PretrainingState{Config: t.params.Config, Steps: t.steps, Weights: t.params.Data,
		M: t.optimiser.M, V: t.optimiser.V}
}

// Restore continues from a state of the same pretraining. After an error the pretraining is as
// before.
func (t *Pretrainer) Restore(state *PretrainingState) error {
	if err := state.Check(); err != nil {
		return err
	}
	if state.Config != t.params.Config {
		return fmt.Errorf("its model has %v, and this base has %v", state.Config, t.params.Config)
	}
	if most := t.pretraining.Values.Int("steps"); state.Steps > most {
		return fmt.Errorf("it has made %d updates, and this base has %d", state.Steps, most)
	}
	copy(t.params.Data, state.Weights)
	copy(t.optimiser.M, state.M)
	copy(t.optimiser.V, state.V)
	t.steps, t.optimiser.Steps = state.Steps, state.Steps
	t.network.Refresh()
	return nil
}
