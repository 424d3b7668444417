package objective

import (
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// CollectPreferences returns a description of steps with labelled rollouts. With once they are
// sampled a single time, when the stage starts; otherwise anew at every step.
func CollectPreferences(v param.Values, how Labelling, once bool) Collect {
	c := Collect{Group: v.Int("group"), Epochs: 1, Label: how, Annotator: annotator(v)}
	if once {
		c.Buffer = &Buffer{}
	}
	return c
}

// annotator returns the simulated annotator at the settings of [knob.Annotator].
func annotator(v param.Values) Annotator {
	return Annotator{Temp: v.Float("doubt"), Flip: v.Float("flip"),
		LengthBias: v.Float("length_bias")}
}

// ImplicitReward returns DPO's reward, β·log π/π_ref of a completion, and its slope in each
// token's log-probability.
func ImplicitReward(beta float64) func(*Completion) (score, slope float64) {
	return func(c *Completion) (float64, float64) { return beta * SequenceLogRatio(c), beta }
}

// SequenceLogRatio returns log π/π_ref of the whole completion, in nats.
func SequenceLogRatio(c *Completion) (s float64) {
	for t, lp := range c.Logp {
		s += lp - c.RefLogp[t]
	}
	return s
}

// LabelledShift returns the mean of [SequenceLogRatio] over the labelled completions of a batch, 0
// if there are none, and their number.
func LabelledShift(batch []Group) (mean, n float64) {
	for _, group := range batch {
		for _, c := range group {
			if c.Source == Chosen || c.Source == Rejected {
				n++
				mean += SequenceLogRatio(c)
			}
		}
	}
	return mean / max(1, n), n
}

// PreferenceSlope returns the slope of log σ(margin) in the margin, where a share wrong of the
// labels is taken to be wrong (conservative DPO).
func PreferenceSlope(wrong float64) func(margin float64) float64 {
	return func(margin float64) float64 {
		return float64((1-wrong)*Sigmoid(-margin)) - float64(wrong*Sigmoid(margin))
	}
}

// Sigmoid returns 1/(1+e^-x).
func Sigmoid(x float64) float64 {
	if x < 0 {
		return 1 - Sigmoid(-x)
	}
	return 1 / (1 + num.Exp(-min(x, 700)))
}
