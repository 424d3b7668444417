package train

import (
	"fmt"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/task"
)

// Lane is what a [Session] runs: a chain of stages that starts from a base.
type Lane struct {
	Label   string // the name in events and errors
	Task    task.Task
	Base    *model.Params
	Teacher *model.Params // for methods that learn from a teacher; nil if no stage needs one
	Seed    uint64
	Stages  []Stage
	// Reward is what methods of reinforcement learning learn from instead of the verifier's reward;
	// nil if it is that.
	Reward *reward.Own

	EvalEvery   int // updates between measurements; the start and the end are always measured
	EvalPrompts int // held-out prompts per level

	// How many answers to each held-out prompt are sampled for pass@k, in the measurement of the
	// base and in the last one: from 0, which means none, to [eval.MaxAnswers].
	FirstAnswers, LastAnswers int
}

// Stage is one method at its settings.
type Stage struct {
	Method method.Method
	Values param.Values // for the knobs of StageKnobs
}

// trainerKnobs belong to every method.
var trainerKnobs = []param.Knob{
	param.Integer("steps", "updates", 200, 1, 1_000_000,
		"How many times the stage updates the weights.").Logarithmic().ShownFirst(),
	param.Choice("schedule", "constant", optim.Schedules(),
		"How the learning rate goes on after the warm-up: constant, or falling to zero, "+
			"linearly or along a cosine.").
		Called("learning-rate schedule"),
	param.Integer("warmup", "updates", 0, 0, 100_000,
		"Updates at the start of the stage over which the learning rate rises from zero.").
		Called("warm-up"),
	param.Number("decay", "", 0, 0, 1,
		"Weight decay: the share of each weight, times the learning rate, that an update "+
			"takes away (decoupled, as in AdamW).").
		Called("weight decay"),
	param.Choice("optimiser", optim.NameAdamW, optim.Names(),
		"How an update makes a step of the gradient. adamw divides a running mean of each "+
			"weight's gradient by its usual size. sgd follows the gradient itself, with momentum; "+
			"its learning rate is 30 to 100 times that of AdamW. lion moves every weight by the "+
			"same length, at a third to a tenth of AdamW's rate. muon moves each matrix of a "+
			"layer by about the same length in all directions and leaves the other weights to "+
			"AdamW, at one to three times AdamW's rate. Critics and reward models always have "+
			"AdamW.").
		Naming("the mean gradient over its usual size", "along the gradient, with momentum",
			"the sign of the mean gradient", "all directions of a matrix alike"),
	param.Number("beta1", "", optim.Defaults().Beta1, 0, 0.9999,
		"Momentum of the optimiser: the share of the old value in the running mean of "+
			"gradients. Lion steps along the sign of this mean.").
		Called("momentum (β₁)"),
	param.Number("beta2", "", optim.Defaults().Beta2, 0, 0.99999,
		"The share of the old value in AdamW's running mean of squared gradients; 0.99 "+
			"averages over about a hundred updates. Lion has a second running mean, of "+
			"gradients, which it keeps with this share. sgd does not read it.").
		Called("second moment (β₂)"),
	param.Number("eps", "", optim.Defaults().Eps, 1e-12, 1,
		"What AdamW adds to the usual size of a weight's gradient before it divides by it (ε), "+
			"so that weights with hardly any gradient hardly move. sgd and lion do not read it.").
		Called("ε of AdamW").Logarithmic(),
	param.Integer("rank", "", 0, 0, 64,
		"Rank of the change that the stage may make to each matrix of a layer (LoRA, "+
			"arXiv:2106.09685): instead of the matrix, the product of two thin matrices that is "+
			"added to it is trained, and all other weights stay as they are. 0 trains every "+
			"weight.").
		Called("LoRA rank"),
	param.Number("anchor", "", 0, 0, 10,
		"How strongly every weight is pulled back to where the stage started (L2-SP), a plain "+
			"way to forget less. 0 switches it off.").
		Called("pull to the start").Logarithmic(),
	param.Number("ewc", "", 0, 0, 1e6,
		"How strongly each weight is pulled back to where the stage started, in proportion to "+
			"how much the prior skill depends on it: elastic weight consolidation "+
			"(arXiv:1612.00796). The dependence is measured when the stage starts, on 128 "+
			"demonstrations of that skill, as the mean squared gradient of their log-probability. "+
			"0 switches it off.").
		Called("pull by importance (EWC)").Logarithmic(),
	param.Number("blend", "", 0, 0, 1,
		"Share of the stage's starting weights in the weights that it ends with (WiSE-FT): at "+
			"0.5 they are the mean of before and after, 1 undoes the stage.").
		Called("blend with the start"),
	param.Number("clip", "", 1, 0, 1000,
		"Largest length of the gradient: a longer one is shortened to this. 0 never shortens.").
		Called("gradient clip"),
}

// MethodKnobs returns the knobs of a method that do not depend on the task: its own
// and those of the trainer.
func MethodKnobs(m method.Method) []param.Knob {
	knobs := append(append([]param.Knob(nil), m.Knobs...), trainerKnobs...)
	knobs = append(knobs, demonstrationKnobs(m)...)
	if readsReference(m) {
		knobs = append(knobs, referenceKnobs...)
	}
	if judgedBy(m) {
		knobs = append(knobs, judgeKnob)
	}
	if samples(m.Collect(m.Defaults())) {
		knobs = append(knobs, curriculumKnobs...)
		if m.Collect(m.Defaults()).Hint == nil {
			knobs = append(knobs, downsampleKnobs...)
		}
	}
	return append(knobs, samplerKnobs(m)...)
}

// StageKnobs returns all knobs of a method on a task. These are [MethodKnobs], the
// task's own for methods that use demonstrations, and leak if the verifier has a
// known hole.
func StageKnobs(t task.Task, m method.Method) []param.Knob {
	knobs := MethodKnobs(m)
	if demonstrates(m) {
		knobs = append(knobs, t.Knobs...)
	}
	if t.Leak != nil && samples(m.Collect(m.Defaults())) {
		knobs = append(knobs, leakKnob)
	}
	return knobs
}

// leakKnob belongs to every method that samples anew and reads rewards, on a task whose verifier
// has a known hole.
var leakKnob = param.Flag("leak", false,
	"Whether the verifier that rewards the answers has a hole: it takes some wrong answers "+
		"for right. Scores are always measured by a verifier without the hole.").
	Called("verifier with a hole")

// judge returns the task with the verifier for the rollouts of this stage.
func (s Stage) judge(t task.Task) task.Task {
	if s.Values.Has("leak") && s.Values.Flag("leak") {
		return t.Leaky()
	}
	return t
}

// Steps returns how many updates the whole lane makes.
func (l Lane) Steps() int {
	total := 0
	for _, s := range l.Stages {
		total += s.Values.Int("steps")
	}
	return total
}

// check returns an error if the lane cannot be run.
func (l Lane) check() error {
	if len(l.Stages) == 0 {
		return fmt.Errorf("lane %s has no stage", l.Label)
	}
	if err := l.Base.Config.Validate(); err != nil {
		return err
	}
	if want, have := l.Task.Vocab(), l.Base.Config.Vocab; want != have {
		return fmt.Errorf("the base has %d tokens, task %s needs %d: take a base of that task",
			have, l.Task.Name, want)
	}
	if l.Teacher != nil && l.Teacher.Config != l.Base.Config {
		return fmt.Errorf("the teacher is a model of %s and the base one of %s: want the same "+
			"vocab, dim, layers, heads, hidden and context", l.Teacher.Config, l.Base.Config)
	}
	gathered := objective.Rollouts | objective.Demos | objective.Pairs | objective.Greedies |
		objective.Replays | objective.Logp | objective.OldLogp | objective.RefLogp |
		objective.Value | objective.Entropy | objective.Dist | objective.RefDist
	if l.Teacher != nil {
		gathered |= objective.TeacherLogp | objective.TeacherDist
	}
	for _, s := range l.Stages {
		if missing := s.Method.Build(s.Values).Needs() &^ gathered; missing != 0 {
			return fmt.Errorf("method %s needs %s, which the trainer does not gather",
				s.Method.Name, missing)
		}
	}
	for _, level := range l.Task.Levels {
		for _, p := range l.Task.EvalPrompts(level.Name, 1) {
			if need := len(l.Task.MustEncode(p.Prompt)) +
				l.Task.MaxResponse; need > l.Base.Config.Context {
				return fmt.Errorf("the base's context is %d tokens, task %s needs %d",
					l.Base.Config.Context, l.Task.Name, need)
			}
		}
	}
	return nil
}
