package signal

import "fmt"

// klRunaway is found where a policy has moved far from its base in learning from reward.
var klRunaway = Signal{
	Name:  "kl_runaway",
	Title: "The KL from the base runs away",
	Rule: `In a stage that learns from reward alone, KL(base‖policy) is at least 1.5 nats per token of
the base's own answers and has risen by at least 1 since the stage began. At 1.5 nats the policy
finds a token of the base on average less than a quarter as likely. Imitation of another style goes
that far on purpose, so it does not count.`,
	Why: `Nothing in the reward speaks for the base. Where many answers earn the same, the policy
drifts, and what the base could do besides is forgotten in proportion to the distance. A KL penalty
or smaller updates hold it back.`,
	Cite:    "Shenfeld et al. 2025, arXiv:2509.04259",
	Term:    "kl",
	Exhibit: "failure_collapse",
	Reads:   []string{klMetric},
	applies: rewarded,
	measured: func(s Series) string {
		const far, risen = 1.5, 1.0
		from, to, ok := s.both(s.first(), s.Last(), klMetric)
		if !ok || s.updates() < 20 || to < far || to-from < risen {
			return ""
		}
		return fmt.Sprintf("KL(base‖policy) at %s is %.1f nats per token. It was %.1f when this "+
			"stage began.", s.Level.Title, to, from)
	},
	cures: func(s Series) []Cure {
		cures := raise(s.Stage, "beta", 0.1, "Stay near the base by a KL penalty:")
		return append(cures, lowerRate(s.Stage, 4, "Take a quarter of the learning rate:")...)
	},
}
