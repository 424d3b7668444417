package train

import (
	"fmt"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// weighOn obeys an Explain: the group is shown once an update has been made with a batch, and again after every measurement.
func (s *Session) weighOn(c protocol.Command) error {
	switch {
	case c.Prompt < 0:
		return fmt.Errorf("command weigh: prompt is %d, want at least 0", c.Prompt)
	case c.Samples < 1 || c.Samples > protocol.MaxLook:
		return fmt.Errorf("command weigh: samples is %d, want 1 to %d", c.Samples, protocol.MaxLook)
	}
	s.weighing, s.weighDue = c, true
	return nil
}

// canWeigh says whether a group is to be shown and there is one that was learned from.
func (s *Session) canWeigh() bool { return s.weighDue && len(s.batch.coeffs) > 0 }

// weigh says why the newest update pushed the tokens of the group that is asked for. What the objective has read is still
// there, so it can be asked again; that leaves no trace in the lane.
func (s *Session) weigh() protocol.Event {
	s.weighDue = false
	g := min(s.weighing.Prompt, len(s.batch.groups)-1)
	event := s.event(protocol.Explained, nil)
	explainer, _ := s.batch.objective.(objective.Explainer)
	for i, seq := range s.batch.groups[g] {
		if i == s.weighing.Samples {
			break
		}
		var why []objective.Factors
		if explainer != nil {
			why = explainer.Explain(s.batch.seen, g, i)
		}
		sample := s.sample(seq.Problem, seq.Response)
		n := len(seq.Response)
		sample.Logp, sample.Source = rollout.Scatter(seq.PolicyAt, seq.Logp, n), seq.Source.String()
		if sample.Judge = s.judgeOf(seq); sample.Judge != "" {
			sample.Judged = seq.Reward
		}
		sample.Pushes = rollout.Scatter(seq.PolicyAt, pushes(s.batch.coeffs[g][i], seq.PolicyTokens(), why), n)
		if len(why) > 0 && why[0].Paired {
			sample.Paired, sample.Margin = true, why[0].Margin
		}
		event.Samples = append(event.Samples, sample)
	}
	return event
}

// judgeOf says who judged a response of the batch, "" for the task's verifier.
func (s *Session) judgeOf(seq *rollout.Sequence) string {
	switch c := &s.collector; {
	case seq.Source == objective.Demo:
		return ""
	case c.rewards != nil:
		return "reward model"
	case c.steps():
		return "likeness to the expert's step"
	case c.values.Has("leak") && c.values.Flag("leak"):
		return "leaky verifier"
	}
	return ""
}

// pushes are the coefficients of a response's own tokens (T) with their factors, where there are any.
func pushes(c objective.Coeff, own []int32, why []objective.Factors) []protocol.Push {
	all := make([]protocol.Push, len(c.Logp))
	for t := range all {
		total := c.Logp[t]
		if c.Dense != nil {
			total += c.Dense[t*len(c.Dense)/len(all)+int(own[t])]
		}
		all[t] = protocol.Push{Other: total, Coefficient: total}
		if why != nil {
			f := why[t]
			all[t] = protocol.Push{
				Mask: f.Mask, Ratio: f.Ratio, Advantage: f.Advantage, K3Term: f.K3Term, Extra: f.Extra, Share: f.Share,
				Other: total - f.Coefficient, Coefficient: total,
			}
		}
	}
	return all
}
