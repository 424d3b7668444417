package method

import "posttrain/core/param"

// held completes a policy gradient on rollouts: it is held to the reference model as the knobs beta and kl say, and the entropy
// bonus stands beside it. A KL in the reward is the advantage's business; see [earned].
func held(v param.Values, r Row) Sum {
	beta := v.Float("beta")
	switch klForm(v) {
	case "loss":
		r.KL = beta
	case "reward":
		r.Requires |= paying(v)
	}
	sum := withBonus(v, r)
	if klForm(v) == "exact" {
		sum = append(sum, Weighted{-beta, ExactKL{r.Reduce}})
	}
	return sum
}

// klForm is the knob kl, or loss where there is no choice.
func klForm(v param.Values) string {
	if !v.Has("kl") {
		return "loss"
	}
	return v.Choice("kl")
}

// inReward is β where the KL is in the reward, and 0 where it is not.
func inReward(v param.Values) float64 {
	if klForm(v) != "reward" {
		return 0
	}
	return v.Float("beta")
}

// paying is what a KL in the reward reads; nothing when there is none.
func paying(v param.Values) Needs {
	if inReward(v) == 0 {
		return 0
	}
	return OldLogp | RefLogp
}

// earned is a reward, less β times the k1 estimate of the KL where that is in the reward.
func earned(v param.Values, reward func(*Completion) float64) func(*Completion) float64 {
	if beta := inReward(v); beta != 0 {
		return lessKL(beta, reward)
	}
	return reward
}

// lessKL is a reward less β times the k1 estimate of KL(π_old‖π_ref) from the sampled completion: k1 in the reward.
func lessKL(beta float64, reward func(*Completion) float64) func(*Completion) float64 {
	return func(c *Completion) float64 { return reward(c) - float64(beta*k1(c)) }
}

// k1 estimates KL(π_old‖π_ref) over a sampled completion, in nats.
func k1(c *Completion) (s float64) {
	for t, old := range c.OldLogp {
		s += old - c.RefLogp[t]
	}
	return s
}

// besideKL is an advantage that follows from which answers are right, and so takes no other reward. Where the KL is in the
// reward, β times how much more of it an answer has than the group's rollouts on average is subtracted from the advantage itself.
func besideKL(v param.Values, advantage Advantage) Advantage {
	beta := inReward(v)
	if beta == 0 {
		return advantage
	}
	return func(batch []Group) func(g, i int) []float64 {
		own, excess := advantage(batch), InGroup(Rollout, k1, Centred)(batch)
		return func(g, i int) []float64 { return []float64{own(g, i)[0] - float64(beta*excess(g, i)[0])} }
	}
}

// ExactKL is KL(π‖π_ref) over the whole vocabulary at every token of a rollout, averaged as its neighbours in a sum are. What was
// sampled before a token is held fixed.
type ExactKL struct{ Reduce Reduce }

// Needs is the reference model's whole distributions, which the network's side of the channel reads.
func (ExactKL) Needs() Needs { return Rollouts | RefDist }

// Add writes the KL channel.
func (k ExactKL) Add(dst Coeffs, batch []Group) {
	k.Reduce.spread(dst, batch, func(c Coeff) []float64 { return c.KL })
}
