package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/method"
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
	return rewardsRollouts(c) && !c.IgnoresRewards
}

// rewardsRollouts reports whether rollouts get rewards that any judge can give.
func rewardsRollouts(c objective.Collect) bool {
	return c.Group > 0 && c.Label == objective.Unlabelled && c.RewardModel == nil &&
		(c.Hint == nil || c.Hint.Step == 0)
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
// verifier's. There are q.size responses to each start.
func (r *responder) rule(q samplingRequest, sequences []*rollout.Sequence) {
	for _, s := range sequences {
		s.Gold = s.Reward
	}
	switch r.judge {
	case judgeMajority:
		for group := range slices.Chunk(sequences, q.size) {
			r.byMajority(group)
		}
	case judgeCertainty:
		for _, s := range sequences {
			s.Reward = certainty(s)
		}
	case judgeRandom:
		for i, s := range sequences {
			draw := r.streams.ofStage(judgeStream+q.stream, q.batch, uint64(q.first*q.size+i))
			s.Reward = float64(draw.IntN(2))
		}
	}
}

// byMajority rewards the finished responses of a group that end as most of them do with 1, and all
// others with 0. Of several endings that are equally frequent, the first one counts.
func (r *responder) byMajority(group []*rollout.Sequence) {
	endings, counts := make([]string, len(group)), map[string]int{}
	for i, s := range group {
		if ending, finished := r.task.FinalOf(s.Problem, s.Response); finished {
			endings[i] = "=" + ending // "" means that there is none
			counts[endings[i]]++
		}
	}
	winner := ""
	for _, ending := range endings {
		if counts[ending] > counts[winner] {
			winner = ending
		}
	}
	for i, s := range group {
		s.Reward = 0
		if winner != "" && endings[i] == winner {
			s.Reward = 1
		}
	}
}

// certainty returns minus the mean entropy of the tokens that the policy has sampled, in nats.
func certainty(s *rollout.Sequence) float64 {
	own := s.Entropy[s.HintLen:]
	if len(own) == 0 {
		return 0
	}
	return -objective.Mean(own)
}
