package train

import (
	"fmt"

	"posttrain/core/method"
	"posttrain/core/model"
	"posttrain/core/num"
	"posttrain/core/optim"
	"posttrain/core/param"
	"posttrain/core/rollout"
	"posttrain/core/task"
)

// Pretraining is the recipe of a base model: imitation of a task's pretraining
// examples from fresh weights.
type Pretraining struct {
	Task   task.Task
	Config model.Config
	Seed   uint64
	Steps  int
	Batch  int     // examples per step, each seen once
	LR     float64 // peak; falls along a cosine
	Warmup int     // steps
	Decay  float64 // weight decay

	// Careful lets the expert answer every problem, so that the model grows up without mistakes: a teacher.
	Careful bool
}

// Run pretrains and rounds the weights to bfloat16, as bases are stored.
// progress hears of every step and its loss, in nats per token; its error stops
// the run.
func (p Pretraining) Run(threads int, progress func(step int, loss float64) error) (*model.Params, error) {
	params := model.NewParams(p.Config)
	params.Init(p.Seed)
	network, optimiser, gradients := model.NewNetwork(params), optim.NewAdamW(len(params.Data)), newGradients(p.Config, throughLogits, threads)
	sft, err := method.Lookup("sft")
	if err != nil {
		return nil, err
	}
	objective := sft.Build(sft.Defaults())
	for step := range p.Steps {
		groups := p.examples(step)
		seen, flat := rollout.Completions(groups), rollout.Flatten(groups)
		coeffs := method.NewCoeffs(seen)
		objective.Add(coeffs, seen)
		gradient := gradients.compute(network, flat, coeffs)
		loss := lossMetrics(flat)[0].Value
		if loss != loss {
			return nil, fmt.Errorf("pretraining diverged at step %d: try a lower lr than %g", step, p.LR)
		}
		scale := optim.ClipScale(optim.Norm(gradient.Data), 1)
		optimiser.Step(params.Data, gradient.Data, scale, p.LR*optim.Rate("cosine", step, p.Warmup, p.Steps), p.Decay)
		network.Refresh()
		if err := progress(step, loss); err != nil {
			return nil, err
		}
	}
	params.RoundBF16()
	return params, nil
}

func (p Pretraining) examples(step int) []rollout.Group {
	groups := make([]rollout.Group, p.Batch)
	for i := range groups {
		problem, text := p.Task.PretrainExample(p.Seed, step*p.Batch+i)
		if p.Careful {
			r := num.NewRand(p.Seed, "careful", p.Task.Name, uint64(step*p.Batch+i))
			text = p.Task.Demonstrate(&r, problem, param.Defaults(p.Task.Knobs))
		}
		response := append(p.Task.MustEncode(text), task.End)
		groups[i] = rollout.Group{{
			Completion: method.Completion{Source: method.Demo, Logp: make([]float64, len(response))},
			Problem:    problem, Prompt: p.Task.MustEncode(problem.Prompt), Response: response, ScoredAt: -1,
		}}
	}
	return groups
}
