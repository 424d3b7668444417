package method

import (
	"math"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// PrefixRFT is Prefix-RFT, in which one answer of the group begins as the expert's: Huang et al.
// 2025, arXiv:2507.01679.
var PrefixRFT = Method{
	Name:   "prefix_rft",
	Title:  "Prefix-RFT: one answer of the group begins as the expert's",
	Cite:   "Huang et al. 2025, arXiv:2507.01679",
	Family: "hybrid",
	Formula: "J = (1/n) Σ_i Σ_t m_it·min(ρ_it·A_i, clip(ρ_it, 1−eps_low, 1+eps_high)·A_i), A_i = " +
		"r_i − mean in the group; the last answer of a " +
		"group begins with ⌊l·|y*|⌋ tokens of the demonstration y*, l ~ U(low, 0.95), low " +
		"falling from 0.95 to 0.05 along a cosine; m = 1 but for given tokens whose entropy is " +
		"not in the highest share",
	Doc: `One of the answers to each prompt is begun by the expert and finished by the model. It is judged among the others: when it
earns more than they do, all of it is made likelier, the expert's part too, so that a start is imitated as far as it leads the
model to where it succeeds. Of the expert's tokens only those count at which the model was most undecided, because the others would
pull in too many directions at once. The given part is nearly the whole demonstration at first and shrinks as the
stage goes on, which turns imitation into exploration. It needs demonstrations and a verifier.`,
	Deviations: `A given token was not sampled, so π_old of it is the policy when the batch was begun. The End of a demonstration is never
given.`,
	Unverified: "which average and which advantage the paper takes (Dr. GRPO's here), and " +
		"whether the tokens with the highest entropy are sought in a batch, as here, or in " +
		"each answer",
	Knobs: knob.Hinted(
		param.Number("share", "", 0.2, 0, 1,
			"Share of the given tokens that are learned from: those with the highest entropy. "+
				"1 takes all of them.").
			Called("given tokens learned from")),
	Apart: "one rollout of a group begins with a part of the expert's answer, and of that " +
		"part only some tokens are pushed",
	Collect: func(v param.Values) objective.Collect {
		c := objective.CollectRollouts(v)
		c.Hint = &objective.Hint{Rollouts: 1, Length: shrinkingPrefix}
		return c
	},
	Build: func(v param.Values) objective.Objective {
		return objective.Proximal(v, objective.Row{
			Advantage: objective.InGroup(objective.Rollout, objective.Reward, objective.Centred),
			Select:    undecidedHints(v.Float("share")),
			Requires:  objective.Entropy,
			Reduce:    objective.SeqSum,
		})
	},
}

// shrinkingPrefix returns the length of Prefix-RFT's hint: a share of the tokens between 0.95 and a
// bound that falls along half a cosine.
func shrinkingPrefix(r *num.Rand, tokens, step, steps int) int {
	low := cosine(0.95, 0.05, float64(step)/float64(steps))
	share := low + float64((0.95-low)*r.Float64())
	return int(math.Floor(float64(share * float64(tokens))))
}

// cosine returns a number between from and to that follows half a cosine as done goes from 0 to 1.
func cosine(from, to, done float64) float64 {
	return to + float64((from-to)*(0.5+float64(0.5*num.Cos(math.Pi*math.Min(1, done)))))
}

// undecidedHints selects every sampled token and the share of hint tokens with the highest entropy.
func undecidedHints(share float64) objective.Select {
	return func(batch []objective.Group) func(g, i, t int) float64 {
		var given []objective.Position
		for _, p := range objective.Positions(batch, objective.Rollout) {
			if p.T < batch[p.G][p.I].HintLen {
				given = append(given, p)
			}
		}
		top := objective.TopShareOf(share, batch, given, entropyAt)
		return func(g, i, t int) float64 {
			if t >= batch[g][i].HintLen {
				return 1
			}
			return top.At(g, i, t)
		}
	}
}
