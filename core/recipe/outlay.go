package recipe

import (
	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// Outlay is an estimate of the arithmetic that a recipe takes, in FLOPs.
type Outlay struct {
	Training  float64 `json:"training"`  // what the ledger will count as cost/flops
	Measuring float64 `json:"measuring"` // which no ledger counts

	// The largest model that is trained, and the longest sequence; for whoever measures how fast
	// this machine is at such work.
	Shape  model.Config `json:"-"`
	Tokens int          `json:"-"`
}

// Outlay returns an estimate for all lanes, whose responses it takes to be as long as the expert's.
// It is 0 without a network.
func (r *Recipe) Outlay() (sum Outlay) {
	for _, lane := range r.Lanes {
		b, err := r.baseNamed(r.base(lane))
		if err != nil {
			continue
		}
		c, updates := b.Config(), 0
		for _, stage := range lane {
			steps, tokens := stage.Values.Int("steps"), demonstrationTokens(r.Task, stage)
			sum.Training += train.Estimate(stage.Method, stage.Values).Stage(c, tokens, steps,
				r.trainingPrompts())
			sum.Tokens = max(sum.Tokens, tokens)
			updates += steps
		}
		if c.Weights() > sum.Shape.Weights() {
			sum.Shape = c
		}
		sum.Measuring += r.measuring(c, updates)
	}
	return sum
}

// trainingPrompts returns how many prompts a lane trains on.
func (r *Recipe) trainingPrompts() int {
	if r.data != nil {
		return r.data.Len()
	}
	return r.Task.Prompts
}

// demonstrationTokens returns the length of a prompt with the response that the expert would
// demonstrate to a stage.
func demonstrationTokens(t task.Task, s train.Stage) int {
	v := param.Defaults(t.Knobs)
	if s.Method.Collect(s.Values).Demonstrates() {
		v = s.Values
	}
	return tokensOf(t, Demonstration(t, v))
}

// tokensOf returns the number of tokens of a prompt and its response, End included.
func tokensOf(t task.Task, e Example) int {
	return len(t.MustEncode(t.Join(e.Prompt, e.Response))) + 1
}

// measuring returns the arithmetic of measuring a lane with a number of updates.
func (r *Recipe) measuring(c model.Config, updates int) float64 {
	prompts, every := r.EvalPrompts(), r.Values.Int("eval_every")
	each, passes := 0.0, 0.0 // of a prompt, in a measurement and for pass@k
	for i, l := range r.Task.Levels {
		e := demonstrate(r.Task, l.Name, r.Task.EvalPrompts(l.Name, 1)[0],
			param.Defaults(r.Task.Knobs))
		one := c.ForwardFLOPs(tokensOf(r.Task, e))
		answers := 2.0 // a sampled one and a greedy one
		if i == 0 {
			answers += 2 // distances from the base, in both directions
		}
		each += float64(answers * one)
		if eval.HasPassAtK(l.Name) {
			passes += float64(float64(r.Values.Int("passk")) * one)
		}
	}
	measurements := float64((updates+every-1)/every + 1)
	return float64(prompts) * (float64(measurements*each) + float64(2*passes))
}
