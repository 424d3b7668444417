package knob

import (
	"slices"

	"github.com/posttrain/posttrain/core/param"
)

// Proximal returns the knobs of PPO's clipped objective on groups of rollouts, which GRPO and its
// descendants share. A knob of own takes the place of a shared one with its name; any other is
// added.
func Proximal(own ...param.Knob) []param.Knob {
	return Replace([]param.Knob{LR, Batch, Group, Epochs, EpsLow, EpsHigh, DualClip, Beta, KL, Temp,
		Tempered, Entropy}, own...)
}

// Hinted returns the knobs of [Proximal] for a method whose rollouts begin with a part of a
// demonstration. The form of the KL is no choice there: it is always in the loss, on the sampled
// tokens.
func Hinted(own ...param.Knob) []param.Knob {
	return slices.DeleteFunc(Proximal(own...), func(k param.Knob) bool { return k.Name == KL.Name })
}

// Blend returns the knobs of a method that adds imitation to GRPO.
func Blend(own ...param.Knob) []param.Knob { return Proximal(append([]param.Knob{Mu}, own...)...) }

// Preference returns the knobs of a method that learns from labelled rollouts: the shared ones, its
// own, and the annotator's.
func Preference(own ...param.Knob) []param.Knob {
	return slices.Concat([]param.Knob{LR.With(1e-4), Batch, Group, Temp, Tempered.With(false)}, own,
		Annotator())
}

// Mislabelled returns the knob for the share of labels that are taken to be wrong, which is at most
// most.
func Mislabelled(most float64) param.Knob {
	return param.Number("epsilon", "", 0.1, 0, most,
		"How likely a label is taken to be wrong. 0 is DPO.").
		Called("labels taken to be wrong")
}

// Critic returns the knobs of a method with a critic. The trainer makes a critic for every method
// whose objective needs one.
func Critic() []param.Knob {
	return []param.Knob{
		param.Number("lr_value", "", 1e-3, 1e-6, 1e-1,
			"Learning rate of the critic, which has its own optimiser. It follows the same "+
				"schedule as lr.").
			Logarithmic().Called("learning rate of the critic"),
		param.Number("gamma", "", 1, 0.5, 1,
			"Discount: by what factor a reward counts less for each token before it. At 1 every "+
				"token of an answer is credited with the whole reward.").Called("discount"),
		param.Number("lambda", "", 0.95, 0, 1,
			"How far a token's advantage looks ahead before it relies on the critic's estimate: "+
				"at 0 one token, at 1 to the end of the answer.").Called("look ahead (lambda)"),
		param.Number("vf_coef", "", 0.1, 0, 10,
			"Weight of the critic's loss. The critic's own optimiser evens out the size of its "+
				"gradient, so the weight only matters where that gradient would be clipped. "+
				"0 stops the critic, whose estimate then stays 0.").
			Logarithmic().Called("weight of the critic"),
		param.Number("value_clip", "reward", 0.2, 0, 10,
			"Clip of the critic. A token no longer trains the critic once the critic's "+
				"estimate for "+
				"it has moved this far from what it was when the token was sampled.").
			Logarithmic().Called("clip of the critic"),
	}
}

// Judged is how many labels of a person a recipe can have. More would make its link too long.
const Judged = 200

// RewardModel returns the knobs of a method whose reward is a reward model's score, the annotator's
// among them.
func RewardModel() []param.Knob {
	return append([]param.Knob{
		param.Integer("pairs", "labels", 1000, 1, 100_000,
			"Pairs of answers that the annotator compares before training starts. A pair whose "+
				"answers are equally good costs a label and teaches nothing.").
			Logarithmic().Called("labelled pairs"),
		param.Text("judged", Judged, []string{"a", "b", "-"},
			"Labels by a person, in place of those of the simulated annotator: a letter for each "+
				"pair, in the order in which the pairs are sampled. a: the first answer is "+
				"better. b: the second. -: the pair is left to the simulated annotator, as are "+
				"all pairs after the last letter.").Called("labels by a person"),
		param.Integer("steps_reward", "updates", 150, 1, 100_000,
			"Updates of the reward model, each on 32 of the pairs.").
			Logarithmic().Called("updates of the reward model"),
		param.Number("lr_reward", "", 1e-3, 1e-6, 1e-1,
			"Learning rate of the reward model.").
			Logarithmic().Called("learning rate of the reward model"),
		param.Integer("ensemble", "models", 1, 1, 16,
			"Reward models that are trained on the same labels from different starting weights. "+
				"Where their scores differ, none of them can "+
				"be relied on.").Called("reward models"),
		param.Choice("join", "mean", []string{"mean", "worst", "uwo"},
			"How the scores of several reward models make one. mean: their mean. worst: "+
				"the lowest. "+
				"uwo: their mean, minus penalty times their variance.").
			Naming("mean", "lowest score", "mean minus variance").Called("joint score"),
		param.Number("penalty", "", 0.5, 0, 100,
			"Weight of the variance of the scores with join=uwo.").
			Logarithmic().Called("penalty for variance"),
	}, Annotator()...)
}

// Annotator returns the knobs of the simulated annotator.
func Annotator() []param.Knob {
	return []param.Knob{
		param.Number("doubt", "reward", 0, 0, 10,
			"How unsure the annotator is: when two answers differ in reward by this much, the "+
				"annotator prefers the better one 73 times in 100. 0 always prefers the "+
				"better one.").
			Logarithmic().Called("doubt of the annotator"),
		param.Number("flip", "", 0, 0, 0.5,
			"Share of the annotator's labels that come out the wrong way round. "+
				"At 0.5 the labels are chance.").Called("wrong labels"),
		param.Number("length_bias", "reward", 0, -1, 1,
			"How much reward one more symbol is worth to the annotator, though not to the task. "+
				"Above 0 the annotator likes long answers.").Called("liking for length"),
	}
}

// Replace returns knobs in which those of own take the places of the knobs with their names. The
// others of own are appended.
func Replace(knobs []param.Knob, own ...param.Knob) []param.Knob {
	knobs = slices.Clone(knobs)
	for _, k := range own {
		if i := slices.IndexFunc(knobs,
			func(o param.Knob) bool { return o.Name == k.Name }); i >= 0 {
			knobs[i] = k
		} else {
			knobs = append(knobs, k)
		}
	}
	return knobs
}
