package objective

import (
	"github.com/posttrain/posttrain/core/param"
)

// Proximal returns PPO's clipped objective for the row's advantage at the settings of
// [knob.Proximal], with KL penalty and entropy bonus as in [Penalised].
func Proximal(v param.Values, r Row) Sum { return Penalised(v, Clipped(v, r)) }

// Clipped returns the row on rollouts with the ratio to the behaviour policy and PPO's clip.
func Clipped(v param.Values, r Row) Row {
	r.Mask = ClipAt(v)
	return ImportanceSampled(r)
}

// ClipAt returns [Clip] at the settings eps_low and eps_high, with the bound of [DualClip] if there
// is a setting dual_clip.
func ClipAt(v param.Values) func(ratio, advantage float64) float64 {
	clip := Clip(v.Float("eps_low"), v.Float("eps_high"))
	if v.Has("dual_clip") {
		return DualClip(v.Float("dual_clip"), clip)
	}
	return clip
}

// ImportanceSampled returns the row on rollouts with the ratio to the behaviour policy.
func ImportanceSampled(r Row) Row {
	r.From, r.Denom = Rollout, OverBehaviour
	return r
}

// WithEntropyBonus returns the row with an entropy bonus, averaged as the row is.
func WithEntropyBonus(v param.Values, r Row) Sum {
	return Sum{{1, r}, {v.Float("entropy"), EntropyBonus{r.Reduce}}}
}

// CollectRollouts returns a description of steps with groups of rollouts and, for each batch, as
// many updates as the knob epochs says.
func CollectRollouts(v param.Values) Collect {
	return Collect{Group: v.Int("group"), Epochs: v.Int("epochs")}
}

// CollectDynamicSampling is [CollectRollouts] without the groups whose rollouts all have the same
// reward.
func CollectDynamicSampling(v param.Values) Collect {
	c := CollectRollouts(v)
	c.Keep = RewardsDiffer
	return c
}

// CollectWithDemos is [CollectRollouts] with a demonstration for each prompt.
func CollectWithDemos(v param.Values) Collect {
	c := CollectRollouts(v)
	c.Demos = 1
	return c
}
