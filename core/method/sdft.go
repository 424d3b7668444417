package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// SDFT is self-distillation fine-tuning: Yang et al. 2024, arXiv:2402.13669.
var SDFT = Method{
	Name:   "sdft",
	Title:  "Self-distillation fine-tuning",
	Cite:   "Yang et al. 2024, arXiv:2402.13669",
	Family: "imitation",
	Formula: "J = (1/N) Σ_i Σ_t log π(a_it|s_it), over the N tokens of one answer to every " +
		"prompt: a right one of the model that the stage starts from, or else the demonstration",
	Doc: `Fine-tunes on demonstrations in the model's own words. Before it starts, the model itself answers every training
prompt a few times; where one of the answers is right, it takes the demonstration's place, and only elsewhere is the expert
imitated. So most of what is imitated is already likely, the weights have less far to go, and less is forgotten on the way; what
the model never gets right it is still shown. It needs demonstrations and a verifier.`,
	Deviations: `In the paper the model writes its answer while it sees the demonstration in its prompt, and is asked to put it
into its own words; the bases here never saw such a prompt, so theirs are answers to the prompt alone. Another method of the
same name (arXiv:2601.19897) has the model that sees the demonstration as the teacher of the one that does not; for the same
reason it is not here.`,
	Knobs: []param.Knob{knob.LR, knob.Batch.With(64), knob.Group.With(4), knob.Temp,
		knob.Tempered.With(false)},
	Apart: "it is the sum of two rows, one on right answers and one on demonstrations for " +
		"the prompts without any",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Group: v.Int("group"), Epochs: 1, Best: true,
			Buffer: &objective.Buffer{Keep: objective.Correct, Demonstrate: true}}
	},
	Build: imitateRightAndDemos,
}
