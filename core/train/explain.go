package train

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// explain answers an Explain: it returns the coefficients of a group's tokens in the newest update,
// with the factors that they are made of. The batch still has what the objective has read, so the
// objective can explain it now.
func (s *Session) explain(c protocol.Command) protocol.Event {
	g := min(c.Prompt, len(s.batch.groups)-1)
	event := s.event(protocol.Explained, nil)
	explainer, _ := s.batch.objective.(objective.Explainer)
	for i, seq := range s.batch.groups[g][:min(c.Samples, len(s.batch.groups[g]))] {
		var why []objective.Factors
		if explainer != nil {
			why = explainer.Explain(s.batch.seen, g, i)
		}
		event.Samples = append(event.Samples, s.explained(seq, s.batch.coeffs[g][i], why))
	}
	return event
}

// explained returns a sequence of the newest batch as text, with its log-probabilities, its reward
// and its coefficients. why has the factors of each token; nil means that the objective has none.
func (s *Session) explained(seq *rollout.Sequence, coeff objective.Coeff,
	why []objective.Factors) protocol.Sample {
	sample := s.sample(seq.Problem, seq.Response)
	n := len(seq.Response)
	sample.Logp, sample.Source = rollout.Scatter(seq.PolicyAt, seq.Logp, n), seq.Source.String()
	if s.batch.judge != "" && seq.Source != objective.Demo {
		sample.Judge, sample.Judged = s.batch.judge, seq.Reward
	}
	sample.Pushes = rollout.Scatter(seq.PolicyAt, pushes(coeff, seq.PolicyTokens(), why), n)
	if len(why) > 0 && why[0].Paired {
		sample.Paired, sample.Margin = true, why[0].Margin
	}
	return sample
}

// pushes returns the coefficients of a response's own tokens (T), with their factors if why is not
// nil.
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
				Mask: f.Mask, Ratio: f.Ratio, Advantage: f.Advantage, K3Term: f.K3Term,
				Extra: f.Extra, Share: f.Share,
				Other: total - f.Coefficient, Coefficient: total,
			}
		}
	}
	return all
}
