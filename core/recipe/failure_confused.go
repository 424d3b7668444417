package recipe

// FailureConfused is the exhibit "A base with a wrong rule".
var FailureConfused = Exhibit{
	Name:   "failure_confused",
	Title:  "A base with a wrong rule",
	Group:  GroupFailures,
	Asks:   "What if the base has learned a wrong rule?",
	Museum: true,
	Claim: `Reward makes likelier what the base already does now and then. If the base confuses
two rules and one of them is practised, the policy learns to follow that one always, and never
learns the other.`,
	Cite: "after Chu et al. 2025, arXiv:2501.17161, whose generalisation needs a base that tells " +
		"the rules apart; made for this page",
	Counter: `With both rules among the prompts nothing would stay confused: reward repairs
what it is asked about. In a study on five other bases, pretrained alike but for the confusion, the
other rule came out at .76 from a clear base and .35 from a confused one where .85 of the practised
one are right; five bases do not make that certain.`,
	Question: `Both practise rule A. One base mistook one rule for the other in three of ten
hands. Who will be better at rule B?`,
	Decides: "eval/ood/accuracy",
	Doc: `Two bases know both rules of a card game and are careless. One of them was pretrained
on hands of which three in ten were answered by the wrong rule. Both are trained by reward on rule
A, with the same settings.`,
	Sign: `Accuracy rises to 1 at what is practised and does not rise at its sibling, and a
higher penalty for leaving the base changes little: look for the mistake in the base, not in the
method.`,
	Cure: `base=cards: a base whose mistakes have nothing to do with the rule. Clean the data
of the pretraining, or practise both rules. A base that confuses less is made by: posttrain
pretrain cards_confused --set confused=0.1 --out FILE.`,
	Why: `Carelessness is the same under both rules, so what is learned about being careful
carries over. Confusion is not: while A is practised, reading every hand by rule A is right,
however the rule is marked, and nothing says that the mark matters.`,
	Next: []Change{
		{Says: "Hold the confused lane near its base.", Lane: 1, Set: "beta=0.5"},
	},
	Link:  "cards?base=cards_confused&lane=grpo,beta=0,steps=100&lane=grpo,beta=0,steps=100,base=cards",
	Lanes: []string{"confused base", "clear base"},
	Hypotheses: []Hypothesis{
		{Says: "Both learn the practised rule", Metric: "eval/id/accuracy", Higher: "grpo",
			By: 0.85},
		{Says: "From a clear base the other rule is learned as well", Metric: "eval/ood/accuracy",
			Higher: "grpo-2", Lower: "grpo", By: 0.3},
	},
}
