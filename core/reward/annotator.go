package reward

import (
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// Label lets an annotator judge verified rollouts of one prompt, in pairs or one by one, with
// random numbers from r. It returns them as chosen and rejected completions and the number of
// labels. In pairs, the chosen half comes first, and pairs in which the annotator sees no
// difference are left out.
func Label(how objective.Labelling, a objective.Annotator, group rollout.Group,
	r *num.Rand) (labelled rollout.Group, labels int) {
	if how == objective.OneByOne {
		for _, s := range group {
			s.Source = objective.Rejected
			if prefers(a, utility(a, s), 0.5, r) {
				s.Source = objective.Chosen
			}
		}
		return group, len(group)
	}
	for i := 0; i+1 < len(group); i += 2 {
		first, second := group[i], group[i+1]
		u, v := utility(a, first), utility(a, second)
		labels++
		if u == v {
			continue
		}
		labelled = append(labelled, Choose(rollout.Group{first, second}, !prefers(a, u, v, r))...)
	}
	return labelled, labels
}

// Choose marks one of two responses as chosen, the second one if second is true, and the other as
// rejected. It returns them in that order.
func Choose(pair rollout.Group, second bool) rollout.Group {
	chosen, rejected := pair[0], pair[1]
	if second {
		chosen, rejected = rejected, chosen
	}
	chosen.Source, rejected.Source = objective.Chosen, objective.Rejected
	return rollout.Group{chosen, rejected}
}

// utility returns what a response is worth to the annotator.
func utility(a objective.Annotator, s *rollout.Sequence) float64 {
	return s.Reward + float64(a.LengthBias*float64(s.PolicyLen()))
}

// prefers reports whether the annotator prefers a response of utility u to one of utility v. It
// always draws two numbers from r, so that settings do not shift the numbers of later calls.
func prefers(a objective.Annotator, u, v float64, r *num.Rand) bool {
	draw, flip := r.Float64(), r.Float64()
	better := u > v
	if a.Temp > 0 {
		better = draw < 1/(1+num.Exp(max(-700, min(700, (v-u)/a.Temp))))
	}
	return better != (flip < a.Flip)
}
