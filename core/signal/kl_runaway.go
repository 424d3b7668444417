package signal

import "fmt"

// klRunaway is found where a policy has moved far from its base in learning from reward.
var klRunaway = Signal{
	Name:  "kl_runaway",
	Title: "The KL from the base runs away",
	Rule: `In a stage that learns from reward alone and has begun near the base (below 0.5),
KL(policy‖base) is at least 1 nat per token of the policy's own answers: each token is on average
e times as likely as under the base. Policies that solve their task, and are certain of it, get to
0.6 in the studies of this project. Imitation of another style goes further on purpose, so it does
not count.`,
	Why: `Nothing in the reward speaks for the base. Where many answers earn the same, the policy
drifts, and what the base could do besides is lost on the way. A KL penalty or smaller updates
hold it back.`,
	Cite:    "Shenfeld et al. 2025, arXiv:2509.04259",
	Term:    "kl",
	Exhibit: "failure_collapse",
	Reads:   []string{klMetric},
	applies: rewarded,
	measured: func(s Series) string {
		const near, far = 0.5, 1.0
		from, to, ok := s.both(s.first(), s.Last(), klMetric)
		if !ok || s.updates() < 20 || from >= near || to < far {
			return ""
		}
		return fmt.Sprintf("KL(policy‖base) is %.2f nats per token. It was %.2f when this stage "+
			"began.", to, from)
	},
	cures: func(s Series) []Cure {
		cures := raise(s.Stage, "beta", 0.1, "Stay near the base by a KL penalty:")
		return append(cures, lowerRate(s.Stage, 4, "Take a quarter of the learning rate:")...)
	},
}
