package recipe

// Densities is the exhibit "Two densities: forgetting without a network".
var Densities = Exhibit{
	Name:  "densities",
	Title: "Two densities: forgetting without a network",
	Group: GroupMemory,
	Asks:  "Does forgetting need a network?",
	Claim: `A policy that imitates samples of the target (SFT, forward KL) loses more of what
it could do before than one that learns from its own samples (RL, reverse KL), if the policy has a
mode for the old and one for the new.`,
	Cite: "Chen et al. 2025, arXiv:2510.18874",
	Counter: `The same paper: with a single mode it is the other way round. And the claim
depends on two settings that were adopted from the paper's simulation. Without the protection of
the old mode (slow=1) RL keeps nothing of it and SFT .25. If RL draws from the whole policy instead
of the component that practises (draws=whole), RL keeps .68, which is less than SFT. In a study in
which each had the best of three rates, RL kept .775 of the old mode and SFT .753.`,
	Question: "All learn nine tenths of the new mode. Who will keep the most of the old one?",
	Decides:  "eval/prior/overlap",
	Doc: `The smallest post-training there is: the policy is a density over numbers, and so is
the target. The policy can already do three quarters of what the target asks for, since it has a
mode near the target's old one. It has to learn the new one. SFT is shown numbers drawn from the
new mode. RL draws numbers itself and is told how likely each of them is under the target. In two
lanes the policy has a mode for each; in the other two it has a single mode for both. Each stops
when it covers nine tenths of the new mode. Look at the densities.`,
	Why: `SFT pulls at whichever part of the policy is nearest to the numbers it is shown, and
first of all at the weights: the new mode takes mass from the old one, long before the new
component is where it should be. RL moves the component that draws, and gives it weight only where
it earns reward. A single mode has to leave the old place: SFT stretches it over both (forward KL
covers), RL carries it across (reverse KL seeks a mode).`,
	Next: []Change{
		{Says: "Take away the protection of the old mode.", Set: "slow=1"},
		{Says: "Let RL draw from all of its density.", Set: "draws=whole"},
	},
	Link:  "densities?lane=sft&lane=reinforce&lane=sft,modes=one,lr=0.05,steps=500&lane=reinforce,modes=one,lr=0.005,steps=500",
	Scene: "densities",
	Lanes: []string{"two-mode SFT", "two-mode RL", "one-mode SFT", "one-mode RL"},
	Hypotheses: []Hypothesis{
		{Says: "With two modes, RL keeps more of the old one", Metric: "eval/prior/overlap",
			Higher: "reinforce", Lower: "sft", By: 0.05},
		{Says: "With one, SFT does", Metric: "eval/prior/overlap", Higher: "sft-2",
			Lower: "reinforce-2", By: 0.15},
		{Says: "Both have learned equally much", Metric: "eval/id/overlap", Higher: "reinforce",
			Lower: "sft", By: -0.03},
	},
}
