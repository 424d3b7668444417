package method

import (
	"slices"

	"posttrain/core/param"
)

// proximalKnobs are the settings of PPO's clipped objective on groups of rollouts, which GRPO's descendants share. A knob of
// the same name takes the place of one, any other is added.
func proximalKnobs(own ...param.Knob) []param.Knob {
	return withKnobs([]param.Knob{
		knob.LR, knob.Batch, knob.Group, knob.Epochs, knob.EpsLow, knob.EpsHigh, knob.Beta, knob.KL, knob.Temp, knob.Tempered, knob.Entropy,
	}, own...)
}

// hintedKnobs are proximalKnobs of a method whose rollouts begin as a demonstration does. Its KL is always in the loss, on what the
// objective calls sampled.
func hintedKnobs(own ...param.Knob) []param.Knob {
	return slices.DeleteFunc(proximalKnobs(own...), func(k param.Knob) bool { return k.Name == knob.KL.Name })
}

// withKnobs replaces knobs by those of the same name and adds the others.
func withKnobs(knobs []param.Knob, own ...param.Knob) []param.Knob {
	for _, k := range own {
		if i := slices.IndexFunc(knobs, func(o param.Knob) bool { return o.Name == k.Name }); i >= 0 {
			knobs[i] = k
		} else {
			knobs = append(knobs, k)
		}
	}
	return knobs
}

// proximal completes a row to PPO's clipped objective at the settings of proximalKnobs, with the KL and the entropy bonus. A KL
// in the reward is the advantage's business; see [earned].
func proximal(v param.Values, r Row) Sum { return held(v, clipping(v, r)) }

// clipping completes a row to PPO's clipped objective on rollouts.
func clipping(v param.Values, r Row) Row {
	r.Mask = Clip(v.Float("eps_low"), v.Float("eps_high"))
	return importance(r)
}

// importance completes a row to a policy gradient with importance sampling on rollouts.
func importance(r Row) Row {
	r.From, r.Denom = Rollout, OverBehaviour
	return r
}

// withBonus adds the entropy bonus to a row, averaged alike.
func withBonus(v param.Values, r Row) Sum {
	return Sum{{1, r}, {v.Float("entropy"), EntropyBonus{r.Reduce}}}
}

// rollouts collects groups of rollouts and makes as many updates with them as the knob epochs says.
func rollouts(v param.Values) Collect {
	return Collect{Group: v.Int("group"), Epochs: v.Int("epochs")}
}

// informative collects like rollouts and leaves out the groups whose rollouts all earn the same.
func informative(v param.Values) Collect {
	c := rollouts(v)
	c.Keep = mixed
	return c
}

// guided collects a demonstration besides a group of rollouts.
func guided(v param.Values) Collect {
	c := rollouts(v)
	c.Demos = 1
	return c
}
