package method

import (
	"posttrain/core/num"
	"posttrain/core/param"
)

// annotatorKnobs are the settings of the simulated annotator, for every method that learns from preferences.
var annotatorKnobs = []param.Knob{
	param.Number("doubt", "reward", 0, 0, 10,
		"How unsure the annotator is: the difference in reward at which the better of two answers is preferred 73 times in 100. 0 always sees the difference.").Logarithmic(),
	param.Number("flip", "", 0, 0, 0.5, "Share of the annotator's labels that come out the wrong way round. At 0.5 they say nothing."),
	param.Number("length_bias", "reward", 0, -1, 1, "How much reward one more symbol is worth to the annotator, though not to the task. Above 0 the annotator likes long answers."),
}

// labelled is what a method collects that learns from labelled rollouts: those of the model that the stage starts from,
// sampled once, or fresh ones at every step.
func labelled(v param.Values, how Labelling, once bool) Collect {
	c := Collect{Group: v.Int("group"), Epochs: 1, Label: how, Annotator: annotator(v)}
	if once {
		c.Buffer = &Buffer{}
	}
	return c
}

// annotator is the simulated annotator at the settings of annotatorKnobs.
func annotator(v param.Values) Annotator {
	return Annotator{Temp: v.Float("doubt"), Flip: v.Float("flip"), LengthBias: v.Float("length_bias")}
}

// preferenceKnobs are those of a method on labelled rollouts: the shared ones, its own, and the annotator's.
func preferenceKnobs(own ...param.Knob) []param.Knob {
	knobs := append([]param.Knob{knob.LR.With(1e-4), knob.Batch, knob.Group, knob.Temp, knob.Tempered.With(false)}, own...)
	return append(knobs, annotatorKnobs...)
}

// implicitReward is DPO's: β times how much likelier a completion is than under the reference model.
func implicitReward(beta float64) func(*Completion) (score, slope float64) {
	return func(c *Completion) (float64, float64) { return beta * sequenceLogRatio(c), beta }
}

// sequenceLogRatio is log π/π_ref of a whole completion, in nats.
func sequenceLogRatio(c *Completion) (s float64) {
	for t, lp := range c.Logp {
		s += lp - c.RefLogp[t]
	}
	return s
}

// preferBy is the slope of log σ in the margin, for labels of which a share is believed to be wrong.
func preferBy(wrong float64) func(margin float64) float64 {
	return func(margin float64) float64 {
		return float64((1-wrong)*sigmoid(-margin)) - float64(wrong*sigmoid(margin))
	}
}

// sigmoid is 1/(1+e^-x).
func sigmoid(x float64) float64 {
	if x < 0 {
		return 1 - sigmoid(-x)
	}
	return 1 / (1 + num.Exp(-min(x, 700)))
}
