package train

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// plan is what a stage gathers for a batch: the method's [objective.Collect] at the stage's
// settings, worked out once. The trainer follows the plan, and [Estimate] counts it.
type plan struct {
	objective.Collect

	prompts int // training prompts in a batch
	sampled int // responses to a prompt without a hint, greedy ones included
	learned int // rollouts of a prompt that are learned from

	// Demonstrations of the prior skill in a batch, from Replay and from the setting prior.
	rehearsals int

	// Whether verifier calls are charged: something learns from the verifier's rewards.
	verifierCalls bool

	downsampling keepRule

	demonstrated int  // how many of the training prompts have a demonstration; 0 means all
	compares     bool // whether they are chosen by comparing the demonstrations of all prompts

	// The most demonstrations of the prior skill on which the importance of weights is measured.
	consolidated int
}

// newPlan returns the plan of a stage from its method's Collect and its settings.
func newPlan(c objective.Collect, v param.Values) plan {
	p := plan{
		Collect: c, prompts: v.Int("batch") - rehearsed(v), rehearsals: c.Replay + rehearsed(v),
		sampled: c.Group + c.Greedy, learned: learnedOf(v, c.Group), downsampling: keepRuleOf(v),
		demonstrated: demonstratedOf(c, v), consolidated: consolidatedOf(v),
	}
	if c.Hint != nil {
		p.sampled -= c.Hint.Rollouts
	}
	p.compares = p.demonstrated > 0 && v.Choice("select") == "fisher"
	p.verifierCalls = judged(c, v) && c.Label == objective.Unlabelled && c.RewardModel == nil &&
		!p.sampleSteps() && !selfJudged(v)
	return p
}

// sampleSteps reports whether single steps of demonstrations are sampled, not whole responses.
func (p plan) sampleSteps() bool { return p.Hint != nil && p.Hint.Step > 0 }

// judged reports whether anything learns from rewards: the method, or a rule that chooses among
// prompts or rollouts. If nothing does, rewards are only reported.
func judged(c objective.Collect, v param.Values) bool {
	return !c.IgnoresRewards || v.Choice("prompts") != promptRules[0].name ||
		v.Choice("downsample") != keepRules[0].name
}
