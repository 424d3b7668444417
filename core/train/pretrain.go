package train

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// Pretraining is the recipe of a base model: imitation of a task's pretraining
// examples, each seen once, from fresh weights.
type Pretraining struct {
	Task   task.Task
	Config model.Config
	Values param.Values // for the knobs of PretrainingKnobs
}

// PretrainingKnobs returns the knobs of the pretraining of a task's base.
func PretrainingKnobs(t task.Task) []param.Knob {
	knobs := []param.Knob{
		param.Integer("steps", "updates", 3000, 0, 100_000,
			"Updates of the pretraining. 0 leaves the base its random weights.").Logarithmic(),
		param.Integer("seed", "", 1, 0, 1<<53-1,
			"Which of many bases of the same kind: it decides the random weights at the start "+
				"and every example."),
		param.Integer("batch", "examples", 96, 1, 512,
			"Examples per update, each seen once.").Logarithmic(),
		param.Number("lr", "", 2e-3, 1e-6, 1e-1,
			"Highest learning rate; it falls along a cosine.").
			Called("learning rate").Logarithmic(),
		param.Integer("warmup", "updates", 50, 0, 100_000,
			"Over how many updates the learning rate rises from zero.").Called("warm-up"),
		param.Number("decay", "", 0.1, 0, 1, "Weight decay (AdamW).").Called("weight decay"),
		param.Number("mistakes", "", 1, 0, 1,
			"Share of the examples that the task's careless writer has written, with "+
				"mistakes; an expert has written the others. 0 is a base without mistakes."),
		param.Number("prior", "", 1, 0, 1,
			"How often an example of the prior skill is kept; otherwise another example is "+
				"drawn in its place. 1 keeps the share that the task gives it, 0 makes a base "+
				"without the skill."),
	}
	if foreignStyle(t) != nil {
		knobs = append(knobs, param.Number("foreign", "", 0, 0, 1,
			"Share of the examples that an expert has written in the task's second style, "+
				"which is otherwise foreign to the base."))
	}
	if t.Twin != nil {
		knobs = append(knobs, param.Number("confused", "", 0, 0, 1,
			"Share of the examples that are answered by the wrong one of two rules."))
	}
	return knobs
}

// foreignStyle returns the settings of the task's second style of demonstrations, or nil if the
// task has only one.
func foreignStyle(t task.Task) *param.Values {
	v := param.Defaults(t.Knobs)
	for _, k := range t.Knobs {
		if k.Name == "style" && v.Set(k.Name, k.Choices[1]) == nil {
			return &v
		}
	}
	return nil
}

// Run trains a base and returns its weights, rounded to bfloat16 as bases are stored.
// It calls progress after every step, with the loss in nats per token. If progress
// returns an error, Run stops and returns that.
func (p Pretraining) Run(threads int, progress func(step int, loss float64) error) (*model.Params,
	error) {
	t := p.Start(threads)
	for !t.Done() {
		loss, err := t.Advance()
		if err != nil {
			return nil, err
		}
		if err := progress(t.Steps()-1, loss); err != nil {
			return nil, err
		}
	}
	return t.Base(), nil
}

func (p Pretraining) examples(step int) []rollout.Group {
	groups := make([]rollout.Group, p.Values.Int("batch"))
	for i := range groups {
		problem, text := p.example(step*len(groups) + i)
		response, at := p.Task.PlayTurns(problem, append(p.Task.MustEncode(text), task.End))
		groups[i] = rollout.Group{{
			Completion: objective.Completion{Source: objective.Demo},
			Problem:    problem, Prompt: p.Task.MustEncode(problem.Prompt), Response: response,
			PolicyAt: at, ScoredAt: -1,
		}}
		groups[i][0].Logp = make([]float64, groups[i][0].PolicyLen())
	}
	return groups
}

// example returns the i-th problem of the pretraining and the response that is imitated.
func (p Pretraining) example(i int) (task.Problem, string) {
	const another = 1 << 40 // beyond every i
	v, t, seed := p.Values, p.Task, uint64(p.Values.Int("seed"))
	r := num.NewRand(seed, "quality", t.Name, uint64(i))
	problem, text := t.PretrainExample(seed, i)
	for n := 1; problem.Level == "prior" && r.Float64() >= v.Float("prior"); n++ {
		problem, text = t.PretrainExample(seed, n*another+i)
	}
	expert := func(style param.Values) string {
		r := num.NewRand(seed, "careful", t.Name, uint64(i))
		return t.Demonstrate(&r, problem, style)
	}
	switch {
	case v.Has("foreign") && r.Float64() < v.Float("foreign"):
		text = expert(*foreignStyle(t))
	case r.Float64() >= v.Float("mistakes"):
		text = expert(param.Defaults(t.Knobs))
	}
	if v.Has("confused") && r.Float64() < v.Float("confused") {
		problem = t.Twin(problem)
	}
	return problem, text
}
