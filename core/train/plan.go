package train

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// plan is what a stage gathers for a batch: the method's [objective.Collect] at the stage's
// settings, worked out once. The trainer follows the plan, and [Estimate] counts it.
type plan struct {
	objective.Collect

	prompts int // training prompts of a batch
	// demonstrations of the prior skill in a batch: Replay, and those of the setting prior
	rehearsals    int
	sampled       int  // responses to a prompt from its start, greedy ones included
	learned       int  // rollouts of a prompt that are learned from
	verifierCalls bool // whether the verifier is asked for the rewards that something learns from
	downsampling  keepRule
	demonstrated  int  // how many of the training prompts have a demonstration; 0: all of them
	compares      bool // whether all demonstrations are written in order to choose these
	// on how many demonstrations of the prior skill, at most, the importance of weights is measured
	consolidated int
}

// newPlan returns the plan of a method's Collect at a stage's settings.
func newPlan(c objective.Collect, v param.Values) plan {
	p := plan{
		Collect: c, prompts: v.Int("batch") - rehearsed(v), rehearsals: c.Replay + rehearsed(v),
		sampled: c.Group + c.Greedy, learned: learnedOf(v, c.Group), downsampling: keepRuleOf(v),
		demonstrated: demonstratedOf(v), consolidated: consolidatedOf(v),
	}
	if c.Hint != nil {
		p.sampled -= c.Hint.Rollouts
	}
	p.compares = p.demonstrated > 0 && v.Choice("select") == "fisher"
	p.verifierCalls = judged(c, v) && c.Label == objective.Unlabelled && c.RewardModel == nil &&
		!p.sampleSteps()
	return p
}

// sampleSteps reports whether single steps of demonstrations are sampled, not whole responses.
func (p plan) sampleSteps() bool { return p.Hint != nil && p.Hint.Step > 0 }

// judged reports whether anything learns from the verifier's rewards: the method, or a rule that
// chooses among prompts or rollouts. If not, the verifier is only asked for what is reported.
func judged(c objective.Collect, v param.Values) bool {
	return !c.IgnoresRewards || v.Choice("prompts") != promptRules[0].name ||
		v.Choice("downsample") != keepRules[0].name
}
