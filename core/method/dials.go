package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// Dials is the unified policy gradient with each of its parts as a setting: Lv et al. 2025,
// arXiv:2509.04419, Table 1. [Method.Position] returns where other methods are on it.
var Dials = Method{
	Name:  "dials",
	Title: "The dial board: a policy gradient put together from its parts",
	Cite: "Lv et al. 2025, arXiv:2509.04419, Table 1; each part comes from a method here, whose " +
		"entry names its source",
	Family: "policy gradient",
	Formula: "J = average over tokens of m_it·f(ρ_it)·A_it·log π(a_it|s_it), where m, f, ρ and A " +
		"are held fixed and each is chosen by a dial, less β·KL",
	Doc: `Most methods here are the same estimator with other parts: what is learned from, by how much
an answer is better than expected (advantage), which policy its probability is divided by
(denominator), how that ratio is limited (limit), which tokens count, how they are averaged, and which
KL holds the policy back. Here each part is a dial that can be turned by itself. Many positions of
the dials are methods with a name, and the others are methods that no paper has named. At its
defaults it is grpo without a KL.`,
	Knobs: knob.Proximal(append(dialKnobs(),
		ownKnob(WREINFORCE, "lambda"), ownKnob(OPMD, "tau"), ownKnob(PassK, "k"),
		ownKnob(REINFORCEPlusPlus, "gamma"), ownKnob(EntropyAdv, "alpha").With(0),
		ownKnob(EntropyAdv, "kappa"), ownKnob(IWSFT, "power"),
		ownKnob(SAPO, "tau_pos"), ownKnob(SAPO, "tau_neg"), ownKnob(VESPO, "k_pos"),
		ownKnob(VESPO, "lambda_pos"), ownKnob(VESPO, "k_neg"), ownKnob(VESPO, "lambda_neg"),
		param.Number("share", "", 0.2, 0, 1,
			"How many tokens the dial tokens selects, as a share of the batch's. With entropy and "+
				"gained these are the tokens that count, with clip_cov those that are left out, "+
				"with kl_cov those that are held back.").
			Called("share of the tokens"),
		ownKnob(ClipCov, "cov_low"), ownKnob(ClipCov, "cov_high"), ownKnob(KLCov, "kl_coef"))...),
	Refuse:  refuseDials,
	Collect: collectDials,
	Build:   buildDials,
}

// ownKnob returns the knob of a method that has this name.
func ownKnob(m Method, name string) param.Knob {
	for _, k := range m.Knobs {
		if k.Name == name {
			return k
		}
	}
	panic("method " + m.Name + " has no knob " + name)
}

// collectDials returns what the position's source gathers.
func collectDials(v param.Values) objective.Collect {
	if isOfDemos(v) {
		return objective.Collect{Demos: 1, Epochs: v.Int("epochs")}
	}
	c := objective.CollectRollouts(v)
	if v.Choice("source") == "varied" {
		c.Keep = objective.RewardsDiffer
	}
	advantage := partOf(v, "advantage")
	if advantage.name == "greedy" {
		c.Greedy = 1
	}
	c.IgnoresRewards = advantage.blind && c.Keep == nil
	return c
}

// buildDials returns the row that the dials' parts add up to, with its KL and entropy bonus. A
// refused position has no objective, so its coefficients are 0.
func buildDials(v param.Values) objective.Objective {
	if refuseDials(v) != "" {
		return objective.Sum{}
	}
	r := rowAt(v)
	if !isOfDemos(v) {
		return objective.Penalised(v, r)
	}
	towards := objective.TowardsReference()
	towards.Reduce = r.Reduce
	return objective.Sum{{Weight: 1, Objective: r},
		{Weight: v.Float("beta"), Objective: towards}}
}

// rowAt returns the row that the dials' parts add up to.
func rowAt(v param.Values) (r objective.Row) {
	for _, d := range dials() {
		if d.turned(v) {
			d.part(v).addTo(v, &r)
		}
		// the parts that follow read the advantage
		if alpha := v.Float("alpha"); d.name == "advantage" && alpha != 0 {
			r.Advantage = addEntropyTerm(r.Advantage, alpha, v.Float("kappa"))
			r.Requires |= objective.Entropy
		}
	}
	return r
}

// isOfDemos reports whether the position learns from demonstrations.
func isOfDemos(v param.Values) bool { return v.Choice("source") == "demos" }

// refuseDials returns why a position cannot be trained, and "" if it can.
func refuseDials(v param.Values) string { return refusalAt(v).why }

// refusal says why a position cannot be trained, and by which dial. Both are "" if it can.
type refusal struct{ dial, why string }

func refusalAt(v param.Values) refusal {
	advantage, tokens := partOf(v, "advantage"), partOf(v, "tokens")
	kl := v.Choice("kl") == "reward" && v.Float("beta") != 0
	eases := v.Choice("limit") == "ease" && v.Choice("denominator") != "policy"
	switch {
	case isOfDemos(v) && !advantage.ofDemos:
		return refusal{"advantage", "advantage=" + advantage.name + " compares sampled answers " +
			"by their rewards, and source=demos has none: want advantage=one, implicit or " +
			"teacher, or source=rollouts"}
	case isOfDemos(v) && !tokens.ofDemos:
		return refusal{"tokens", "tokens=" + tokens.name + " picks tokens of sampled answers, " +
			"and source=demos has none: want tokens=all, entropy or gained, or source=rollouts"}
	case isOfDemos(v) && v.Float("entropy") != 0:
		return refusal{"entropy", "the entropy bonus is for tokens of sampled answers, and " +
			"source=demos has none: want entropy=0, or source=rollouts"}
	case !isOfDemos(v) && kl && advantage.kl == "":
		return refusal{"kl", "kl=reward lowers rewards by the KL, and advantage=" +
			advantage.name + " has no reward that could be lowered: want kl=loss or exact, or " +
			"another advantage"}
	case eases && (advantage.name != "solve_rate" || v.Choice("denominator") != "behaviour"):
		return refusal{"limit", "limit=ease is made for the weights of advantage=solve_rate and " +
			"the ratio of denominator=behaviour: want both of them, or another limit"}
	}
	return refusal{}
}
