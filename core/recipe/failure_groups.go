package recipe

// FailureGroups is the exhibit "Groups that teach nothing".
var FailureGroups = Exhibit{
	Name:   "failure_groups",
	Title:  "Groups that teach nothing",
	Group:  GroupFailures,
	Asks:   "What if all answers to a prompt earn the same?",
	Museum: true,
	Claim: `In a group whose answers all earn the same, none is better than another: its
advantages are zero, and its samples are wasted. Where success is rare and groups are small, most
groups are like that, and too few teach anything.`,
	Cite: "Yu et al. 2025, arXiv:2503.14476 (DAPO), section 3.2",
	Counter: `DAPO samples further prompts until enough groups are mixed; Zheng et al. 2025,
arXiv:2506.02177, leave out prompts whose groups were all alike before. Both cure it without larger
groups. And sixteen tries at each lock are also eight times the answers: in a study on five other
bases, in which both had as many answers, groups of two opened nearly as many locks (.74 and .78).`,
	Question: "The base opens one lock in twelve. Will two tries at each do as well as sixteen?",
	Decides:  "eval/id/accuracy",
	Doc: `Two copies of one base learn to open locks from reward, with the same number of
prompts and updates. One tries each lock twice, the other sixteen times.`,
	Sign: `train/active_share is small, and reward does not move: only one prompt in ten
teaches anything. With sixteen tries it is one in two from the start.`,
	Cure: `group=16, which costs eight times the sampling. Where that costs too much, leave out
hopeless prompts (prompts=greso) or start from a better base.`,
	Why: `If an answer succeeds with probability p, a group of G answers teaches something with
probability 1 − p^G − (1−p)^G: for p = 0.08 that is 0.15 with two answers and 0.74 with sixteen.
Locks differ, and those that are never opened lower the share.`,
	Next: []Change{
		{Says: "Spend the same sampling on more prompts: is it the groups or the number " +
			"of answers?", Lane: 1, Set: "batch=128"},
	},
	Link:  "lock?eval_every=10&lane=grpo,group=2,beta=0,steps=60&lane=grpo,group=16,beta=0,steps=60",
	Lanes: []string{"groups of 2", "groups of 16"},
	Hypotheses: []Hypothesis{
		{Says: "Larger groups learn what small ones do not", Metric: "eval/id/accuracy",
			Higher: "grpo-2", Lower: "grpo", By: 0.4},
	},
}
