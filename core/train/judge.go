package train

import (
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/rollout"
)

// The judges that the setting reward_from offers, in the order in which they are offered.
const (
	judgeGiven     = "given"
	judgeVerifier  = "verifier"
	judgeMajority  = "majority"
	judgeCertainty = "certainty"
	judgeRandom    = "random"
)

// judgeKnob belongs to every method that samples and learns from the rewards.
var judgeKnob = param.Choice("reward_from", judgeGiven,
	[]string{judgeGiven, judgeVerifier, judgeMajority, judgeCertainty, judgeRandom},
	"Where the reward of an answer comes from. given: from the recipe's own reward if it has one, "+
		"otherwise from the task's verifier. majority: 1 for the answers that end as most answers "+
		"to the same prompt do, which needs no verifier (TTRL, arXiv:2504.16084). certainty: how "+
		"sure the policy was, minus the mean entropy of its tokens (arXiv:2505.15134). random: 1 "+
		"or 0 by chance. Scores are always measured by the verifier.").
	Naming("as given", "the verifier", "most answers", "the policy's certainty", "chance").
	Called("where rewards come from")

// judgedBy reports whether a method learns from rewards that any judge can give: its rollouts are
// rewarded, not labelled, and no reward model or expert's step stands in between.
func judgedBy(m method.Method) bool {
	c := m.Collect(m.Defaults())
	return c.Group > 0 && !c.IgnoresRewards && c.Label == objective.Unlabelled &&
		c.RewardModel == nil && (c.Hint == nil || c.Hint.Step == 0)
}

// judgeOf returns the judge of a stage.
func judgeOf(v param.Values) string {
	if !v.Has(judgeKnob.Name) {
		return judgeGiven
	}
	return v.Choice(judgeKnob.Name)
}

// selfJudged reports whether a stage needs no verifier for its rewards.
func selfJudged(v param.Values) bool {
	judge := judgeOf(v)
	return judge != judgeGiven && judge != judgeVerifier
}

// rule sets the rewards of verified responses as the stage's judge says, and their Gold to the
// verifier's. There are size responses to each start, which begin at number first of the batch.
func (r *responder) rule(q samplingRequest, sequences []*rollout.Sequence) {
	for i, s := range sequences {
		s.Gold = s.Reward
		group := sequences[i-i%q.size : i-i%q.size+q.size]
		switch r.judge {
		case judgeMajority:
			s.Reward = r.majority(group, s)
		case judgeCertainty:
			s.Reward = certainty(s)
		case judgeRandom:
			draw := r.streams.ofStage(judgeStream+q.stream, q.batch, uint64(q.first*q.size+i))
			s.Reward = chance(&draw)
		}
	}
}

// majority returns 1 if a response ends as the most do among the finished ones of its group, the
// first such end of equally frequent ones, and 0 otherwise.
func (r *responder) majority(group []*rollout.Sequence, s *rollout.Sequence) float64 {
	var ends []string
	best, most := "", 0
	for _, other := range group {
		end, ok := r.task.FinalOf(other.Problem, other.Response)
		if !ok {
			continue
		}
		ends = append(ends, end)
	}
	for _, end := range ends {
		n := 0
		for _, other := range ends {
			if other == end {
				n++
			}
		}
		if n > most {
			best, most = end, n
		}
	}
	if end, ok := r.task.FinalOf(s.Problem, s.Response); ok && end == best {
		return 1
	}
	return 0
}

// certainty returns minus the mean entropy of the tokens that the policy has sampled, in nats.
func certainty(s *rollout.Sequence) float64 {
	own := s.Entropy[s.HintLen:]
	if len(own) == 0 {
		return 0
	}
	return -objective.Mean(own)
}

// chance returns 0 or 1.
func chance(r *num.Rand) float64 { return float64(r.IntN(2)) }
