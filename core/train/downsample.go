package train

import (
	"cmp"
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/rollout"
)

// keepRule is a choice of the knob downsample. It chooses which of a prompt's rollouts are learned
// from, after all were sampled and verified.
type keepRule struct {
	name string
	// mark returns keep rollouts of a group, in any order. nil means that all are learned from.
	mark func(group rollout.Group, keep int) []*rollout.Sequence
}

var keepRules = []keepRule{
	{"none", nil},
	{"pods", widest},
	{"gfpo", highest(func(s *rollout.Sequence) float64 { return -float64(s.PolicyLen()) })},
	{"gfpo_rate", highest(func(s *rollout.Sequence) float64 {
		return s.Reward / float64(s.PolicyLen())
	})},
}

// downsampleKnobs belong to every method that samples afresh and sees rewards.
var downsampleKnobs = []param.Knob{
	param.Choice("downsample", "none", ruleNames(keepRules),
		"Which of a prompt's sampled answers are learned from; all are paid for. none: all. "+
			"pods: those whose rewards vary most (arXiv:2504.13818), which are some of "+
			"the best and "+
			"some of the worst. "+
			"gfpo: the shortest (arXiv:2508.09726). gfpo_rate: those with the most reward "+
			"per token. "+
			"They are compared with each other alone."),
	param.Integer("keep", "rollouts", 4, 1, 64,
		"How many of a prompt's answers downsample keeps. If there are not more than that, "+
			"all are kept.").
		Called("answers kept").Logarithmic(),
}

func (r keepRule) called() string { return r.name }

// keepRuleOf returns the rule that a stage's settings choose.
func keepRuleOf(v param.Values) (r keepRule) {
	if v.Has("downsample") {
		r = keepRules[slices.IndexFunc(keepRules,
			func(r keepRule) bool { return r.name == v.Choice("downsample") })]
	}
	return r
}

// learnedOf returns how many of a prompt's rollouts are learned from.
func learnedOf(v param.Values, group int) int {
	if keepRuleOf(v).mark == nil {
		return group
	}
	return min(group, v.Int("keep"))
}

// downsample removes from every group the rollouts that the stage's rule does not keep.
func (p plan) downsample(groups []rollout.Group) {
	if p.downsampling.mark == nil || p.learned == p.Group {
		return
	}
	for g, group := range groups {
		marked := p.downsampling.mark(group[:p.Group], p.learned)
		groups[g] = slices.DeleteFunc(group, func(s *rollout.Sequence) bool {
			return s.Source == objective.Rollout && !slices.Contains(marked, s)
		})
	}
}

// highest returns a function that marks the rollouts with the highest score, and of equal ones the
// earlier.
func highest(score func(*rollout.Sequence) float64) func(rollout.Group, int) []*rollout.Sequence {
	return func(group rollout.Group, keep int) []*rollout.Sequence {
		ranked := slices.Clone(group)
		slices.SortStableFunc(ranked,
			func(a, b *rollout.Sequence) int { return cmp.Compare(score(b), score(a)) })
		return ranked[:keep]
	}
}

// widest marks the rollouts whose rewards have the largest variance. Those are always some with the
// lowest rewards and some with the highest (arXiv:2504.13818), so widest tries every number of low
// ones. Of equally good numbers it takes the smallest.
func widest(group rollout.Group, keep int) (marked []*rollout.Sequence) {
	ranked, most := slices.Clone(group), -1.0
	slices.SortStableFunc(ranked,
		func(a, b *rollout.Sequence) int { return cmp.Compare(a.Reward, b.Reward) })
	for low := range keep + 1 {
		tried := slices.Concat(ranked[:low], ranked[len(ranked)-keep+low:])
		if s := spread(tried); s > most {
			marked, most = tried, s
		}
	}
	return marked
}

// spread returns the variance of rewards times the square of their number, as the sum of squared
// differences over all pairs. That is exact where rewards are 0 and 1, so ties are recognised.
func spread(group []*rollout.Sequence) (s float64) {
	for i, a := range group {
		for _, b := range group[:i] {
			s += float64((a.Reward - b.Reward) * (a.Reward - b.Reward))
		}
	}
	return s
}
