package signal

import (
	"fmt"

	"github.com/posttrain/posttrain/core/prose"
)

// diverged is found where updates destroy what the policy could do.
var diverged = Signal{
	Name:  "diverged",
	Title: "Training has diverged",
	Rule: `Learning from reward: the score at what is practised is less than a third of that at
the start of the stage, by more than chance explains, and KL(policy‖base) is at least 1 nat per
token, so that it is no dip on the way. Imitation: at two points in a row the loss on the
demonstrations is at least one and a half times the first one. A new style costs less than that
after twenty updates.`,
	Why: `A gradient says which direction is better from here, but not how far. If an update goes
much too far, the next answers are all bad, and a group of answers that are all wrong gives no
direction back. Smaller updates keep to where the gradient holds.`,
	Cite:    "Schulman et al. 2017, arXiv:1707.06347",
	Term:    "kl",
	Exhibit: "failure_hot",
	Reads:   []string{practisedMetric, klMetric, lossMetric},
	Explains: []string{"entropy_gone", "kl_runaway", "reward_flat", "longer",
		"idle_groups", "no_reward", "clipped"},
	applies: func(Stage) bool { return true },
	measured: func(s Series) string {
		if s.Stage.Collect.Group > 0 && !s.Stage.Collect.Demonstrates() {
			return lost(s)
		}
		return unlearned(s)
	},
	cures: func(s Series) []Cure {
		return lowerRate(s.Stage, 10, "Take a tenth of the learning rate:")
	},
}

// lost returns a sentence if a stage that learns from its own answers has lost what was practised.
func lost(s Series) string {
	const share, farAway = 1. / 3, 1.0 // of the score; nats per token
	from, to, ok := s.scores(s.first(), s.Last())
	kl, known := s.at(s.Last(), klMetric)
	if !ok || !known || to > share*from || !s.higher(to, from) || kl < farAway {
		return ""
	}
	return fmt.Sprintf("%s since this stage began. KL(policy‖base) is %.1f nats per token.",
		prose.Capital(s.went(from, to)), kl)
}

// unlearned returns a sentence if the loss of a stage that imitates has risen.
func unlearned(s Series) string {
	const times = 1.5
	values := s.newest(2, lossMetric)
	first, ok := s.at(s.first(), lossMetric)
	if s.updates() < 20 || values == nil || !ok || min(values[0], values[1]) < times*first {
		return ""
	}
	return fmt.Sprintf("The loss on the demonstrations is %.2f nats per token. It was %.2f when "+
		"this stage began.", values[1], first)
}
