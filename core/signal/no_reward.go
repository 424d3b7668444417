package signal

import (
	"fmt"

	"github.com/posttrain/posttrain/core/prose"
)

// noReward is found where no answer earns a reward.
var noReward = Signal{
	Name:  "no_reward",
	Title: "No answer earns a reward",
	Rule: `After at least 40 updates of learning from reward alone, no answer of three batches
has earned anything. They have 384 answers, unless the settings say otherwise: a policy that is
right once in a hundred times would have shown it.`,
	Why: `Reward makes likelier what the policy already does now and then. What it never does
earns nothing, so all answers to a prompt are equally bad and none is made likelier. A few
demonstrations first bring the policy to where some answers succeed.`,
	Cite:     "Yue et al. 2025, arXiv:2504.13837",
	Term:     "reward",
	Exhibit:  "coldstart",
	Reads:    []string{rewardMetric},
	Explains: []string{"idle_groups", "reward_flat", "entropy_gone"},
	applies:  verified,
	measured: func(s Series) string {
		rewards := s.newest(3, rewardMetric)
		if s.updates() < 40 || rewards == nil || mean(rewards) > 0 {
			return ""
		}
		return fmt.Sprintf("After %s the mean reward in training is 0.", prose.Count(s.updates(),
			"update"))
	},
	cures: func(s Series) []Cure {
		const stage = "sft,lr=0.002,steps=40" // as in the exhibit coldstart
		return []Cure{{Says: "Imitate demonstrations for 40 updates first.", Before: stage}}
	},
}
