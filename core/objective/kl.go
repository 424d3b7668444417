package objective

import "github.com/posttrain/posttrain/core/param"

// Penalised returns the sum of a policy gradient on rollouts, its KL penalty and its entropy
// bonus, at the settings of v: the knobs beta, kl and entropy. With kl=reward the KL is part of
// the reward, so the advantage of r has to be built from [PenalisedReward].
func Penalised(v param.Values, r Row) Sum { return PenalisedAnd(v, r, v.Float("entropy")) }

// PenalisedAnd is [Penalised] with this weight of the entropy bonus and without the knob entropy.
func PenalisedAnd(v param.Values, r Row, entropy float64) Sum {
	beta := v.Float("beta")
	switch KLForm(v) {
	case "loss":
		r.K3Weight = beta
	case "reward":
		r.Requires |= rewardK1Needs(v)
	}
	sum := Sum{{1, r}, {entropy, EntropyBonus{r.Reduce}}}
	if KLForm(v) == "exact" {
		sum = append(sum, Weighted{-beta, ExactKL{r.Reduce}})
	}
	return sum
}

// KLForm returns how the KL is penalised: "loss", "reward" or "exact". It is "loss" for a method
// without the knob kl.
func KLForm(v param.Values) string {
	if !v.Has("kl") {
		return "loss"
	}
	return v.Choice("kl")
}

// RewardK1Weight returns β if the KL is part of the reward, and 0 otherwise.
func RewardK1Weight(v param.Values) float64 {
	if KLForm(v) != "reward" {
		return 0
	}
	return v.Float("beta")
}

// rewardK1Needs returns what a KL in the reward reads, and nothing if the KL is elsewhere.
func rewardK1Needs(v param.Values) Needs {
	if RewardK1Weight(v) == 0 {
		return 0
	}
	return OldLogp | RefLogp
}

// PenalisedReward returns reward, less β times the k1 estimate of the KL if v puts the KL into
// the reward.
func PenalisedReward(v param.Values, reward func(*Completion) float64) func(*Completion) float64 {
	if beta := RewardK1Weight(v); beta != 0 {
		return LessK1(beta, reward)
	}
	return reward
}

// LessK1 returns reward less β times the k1 estimate of KL(π_old‖π_ref) over the sampled
// completion.
func LessK1(beta float64, reward func(*Completion) float64) func(*Completion) float64 {
	return func(c *Completion) float64 { return reward(c) - float64(beta*k1(c)) }
}

// k1 returns the k1 estimate of KL(π_old‖π_ref) over a sampled completion, in nats.
func k1(c *Completion) (s float64) {
	for t, old := range c.OldLogp {
		s += old - c.RefLogp[t]
	}
	return s
}

// PenalisedAdvantage is [PenalisedReward] for an advantage that is computed from which answers
// are right, not from rewards. If v puts the KL into the reward, it subtracts β times the
// answer's k1 estimate less the mean over the group's rollouts.
func PenalisedAdvantage(v param.Values, advantage Advantage) Advantage {
	beta := RewardK1Weight(v)
	if beta == 0 {
		return advantage
	}
	return func(batch []Group) func(g, i int) []float64 {
		own, excess := advantage(batch), InGroup(Rollout, k1, Centred)(batch)
		return func(g, i int) []float64 {
			return []float64{own(g, i)[0] - float64(beta*excess(g, i)[0])}
		}
	}
}

// ExactKL maximises KL(π‖π_ref), summed over the whole vocabulary, at every token of a rollout and
// averaged as Reduce says. Its weight in a [Sum] is negative. The tokens themselves are held fixed.
type ExactKL struct{ Reduce Reduce }

// Needs returns the rollouts and the reference model's whole distributions, which [Seam] reads.
func (ExactKL) Needs() Needs { return Rollouts | RefDist }

// Add adds to the ExactKL channel.
func (k ExactKL) Add(dst Coeffs, batch []Group) {
	k.Reduce.addShares(dst, batch, func(c Coeff) []float64 { return c.ExactKL })
}
