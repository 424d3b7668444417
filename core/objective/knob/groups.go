package knob

import (
	"slices"

	"github.com/posttrain/posttrain/core/param"
)

// Proximal returns the knobs of PPO's clipped objective on groups of rollouts, which GRPO's descendants share, changed by a
// method's own: a knob of the same name takes the place of a shared one, any other is added.
func Proximal(own ...param.Knob) []param.Knob {
	return Replace([]param.Knob{LR, Batch, Group, Epochs, EpsLow, EpsHigh, Beta, KL, Temp, Tempered, Entropy}, own...)
}

// Hinted returns the knobs of [Proximal] for a method whose rollouts begin with a part of a demonstration. There is no choice of
// where the KL is paid: it is always in the loss, on the sampled tokens.
func Hinted(own ...param.Knob) []param.Knob {
	return slices.DeleteFunc(Proximal(own...), func(k param.Knob) bool { return k.Name == KL.Name })
}

// Blend returns the knobs of GRPO beside imitation.
func Blend(own ...param.Knob) []param.Knob { return Proximal(append([]param.Knob{Mu}, own...)...) }

// Preference returns the knobs of a method that learns from labelled rollouts: the shared ones, its own, and the annotator's.
func Preference(own ...param.Knob) []param.Knob {
	return slices.Concat([]param.Knob{LR.With(1e-4), Batch, Group, Temp, Tempered.With(false)}, own, Annotator())
}

// Critic returns the knobs of a method with a critic. The trainer makes a critic for every method whose objective needs one.
func Critic() []param.Knob {
	return []param.Knob{
		param.Number("lr_value", "", 1e-3, 1e-6, 1e-1, "Learning rate of the critic, which has an optimiser of its own; it follows the same schedule as lr.").Logarithmic(),
		param.Number("gamma", "", 1, 0.5, 1, "Discount: how much a reward counts for the token before, and so on backwards. At 1 a token of an answer counts on its whole reward."),
		param.Number("lambda", "", 0.95, 0, 1, "How far a token's advantage looks ahead before it trusts the critic: at 0 one token, at 1 to the end of the answer."),
		param.Number("vf_coef", "", 0.1, 0, 10, "Weight of the critic's loss. The critic has an optimiser of its own that rescales what it is given, so this matters where its gradient would be clipped. 0 stops the critic, which then says 0.").Logarithmic(),
		param.Number("value_clip", "reward", 0.2, 0, 10, "How far the critic may move from what it said of a token when that was sampled before the token stops teaching it.").Logarithmic(),
	}
}

// RewardModel returns the knobs of a method whose reward is a reward model's score, the annotator's among them.
func RewardModel() []param.Knob {
	return append([]param.Knob{
		param.Integer("pairs", "labels", 1000, 1, 100_000, "Pairs of answers that the annotator compares before training starts. A pair without a difference is paid for and teaches nothing.").Logarithmic(),
		param.Integer("steps_reward", "updates", 150, 1, 100_000, "Updates of the reward model, each on 32 of the pairs.").Logarithmic(),
		param.Number("lr_reward", "", 1e-3, 1e-6, 1e-1, "Learning rate of the reward model.").Logarithmic(),
		param.Integer("ensemble", "models", 1, 1, 16, "Reward models that are trained on the same labels from different beginnings. Where they disagree, they have not learned what is better."),
		param.Choice("join", "mean", []string{"mean", "worst", "uwo"}, "How the scores of an ensemble make one: their mean, the worst of them, or uwo: their mean less penalty times their variance."),
		param.Number("penalty", "", 0.5, 0, 100, "Weight of the ensemble's variance with join=uwo.").Logarithmic(),
	}, Annotator()...)
}

// Annotator returns the knobs of the simulated annotator.
func Annotator() []param.Knob {
	return []param.Knob{
		param.Number("doubt", "reward", 0, 0, 10,
			"How unsure the annotator is: the difference in reward at which the better of two answers is preferred 73 times in 100. 0 always sees the difference.").Logarithmic(),
		param.Number("flip", "", 0, 0, 0.5, "Share of the annotator's labels that come out the wrong way round. At 0.5 they say nothing."),
		param.Number("length_bias", "reward", 0, -1, 1, "How much reward one more symbol is worth to the annotator, though not to the task. Above 0 the annotator likes long answers."),
	}
}

// Replace returns knobs in which those of own take the places of the knobs with their names. The others of own are appended.
func Replace(knobs []param.Knob, own ...param.Knob) []param.Knob {
	knobs = slices.Clone(knobs)
	for _, k := range own {
		if i := slices.IndexFunc(knobs, func(o param.Knob) bool { return o.Name == k.Name }); i >= 0 {
			knobs[i] = k
		} else {
			knobs = append(knobs, k)
		}
	}
	return knobs
}
