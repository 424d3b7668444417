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
	for i := range min(c.Samples, len(s.batch.groups[g])) {
		event.Samples = append(event.Samples, s.explained(&s.batch, g, i))
	}
	return event
}

// explained returns sequence i of group g of a batch as text, with its log-probabilities, its
// reward, and the coefficients of its tokens in the newest update with their factors, if the
// objective has any.
func (s *Session) explained(b *batch, g, i int) protocol.Sample {
	seq := b.groups[g][i]
	sample := s.sample(seq.Problem, seq.Response)
	n := len(seq.Response)
	sample.Logp, sample.Source = rollout.Scatter(seq.PolicyAt, seq.Logp, n), seq.Source.String()
	if b.judge != "" && seq.Source != objective.Demo {
		sample.Judge, sample.Judged = b.judge, seq.Reward
	}
	var why []objective.Factors
	if explainer, ok := b.objective.(objective.Explainer); ok {
		why = explainer.Explain(b.seen, g, i)
	}
	sample.Pushes = rollout.Scatter(seq.PolicyAt,
		pushes(b.coeffs[g][i], seq.PolicyTokens(), why), n)
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
