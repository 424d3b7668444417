package train

import (
	"fmt"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// anatomy has what the command Dissect asks for. See docs/decisions/0040-the-anatomy-of-a-step.md.
type anatomy struct {
	at      int         // the number of the update to dissect, from 1 over all stages; 0 means none
	due     bool        // whether a report on last is due
	group   int         // the group of the report; -1 means the one that is pushed most
	samples int         // the most completions of the report
	last    *dissection // nil if there is none, or another update was made after it
}

// dissection is an update that has been made, with the weights before it. Those after it are the
// policy's until the next update.
type dissection struct {
	stage  *training
	before *model.Params
	batch  batch
	event  protocol.Event // of the update
}

// wantAnatomy carries out a Dissect.
func (s *Session) wantAnatomy(c protocol.Command) error {
	switch {
	case c.Steps < 0:
		return fmt.Errorf("command dissect: steps is %d, want at least 0", c.Steps)
	case c.Prompt < 0:
		return fmt.Errorf("command dissect: prompt is %d, want at least 0", c.Prompt)
	case c.Samples < 1 || c.Samples > protocol.MaxLook:
		return fmt.Errorf("command dissect: samples is %d, want 1 to %d", c.Samples,
			protocol.MaxLook)
	}
	a := &s.anatomy
	a.samples = c.Samples
	if c.Steps == 0 {
		a.group, a.due = c.Prompt, a.last != nil
		return nil
	}
	a.at = s.policy.updates + c.Steps
	s.target = a.at
	return nil
}

// beginDissection prepares for an update. It returns nil unless the update is to be dissected.
func (s *Session) beginDissection() *dissection {
	s.anatomy.last, s.anatomy.due = nil, false
	if s.policy.updates+1 != s.anatomy.at {
		return nil
	}
	return &dissection{stage: s.stage, before: s.policy.Clone()}
}

// endDissection takes over the update that has been made, given its event, and makes the report on
// it due. It does nothing if d is nil.
func (s *Session) endDissection(d *dissection, event protocol.Event) {
	if d == nil {
		return
	}
	d.batch, d.event = s.batch, event
	s.anatomy.last, s.anatomy.due, s.anatomy.group = d, true, -1
}

// dissect returns the report on the update that was dissected last.
func (s *Session) dissect() protocol.Event {
	d, strongest := s.anatomy.last, s.anatomy.last.strongest()
	g := min(s.anatomy.group, len(d.batch.groups)-1)
	if g < 0 {
		g = strongest
	}
	group, v := d.batch.groups[g], d.stage.Values
	step := d.stage.step // of the stage, with this update, since there was none after it
	norm := gradientNorm(d.event.Metrics)
	event := d.event
	event.Kind = protocol.Dissected
	event.Anatomy = &protocol.Anatomy{
		Method: d.stage.Method.Name, Formula: method.Pieces(d.stage.formula()),
		Gathers: Estimate(d.stage.Method, v).Data(), Judges: d.stage.judges(),
		Groups: len(d.batch.groups), Group: g, Strongest: strongest, Completions: len(group),
		Epoch: d.batch.epoch, Epochs: d.stage.plan.Epochs,
		Rate: optim.Rate(v.Choice("schedule"), step-1, v.Int("warmup"),
			v.Int("steps")) * v.Float("lr"),
		Scale:     optim.ClipScale(norm, v.Float("clip")),
		Optimiser: v.Choice("optimiser"), Moved: lengthBetween(d.before.Data, s.policy.Data),
	}
	before := model.NewNetwork(d.before)
	shown := group[:min(s.anatomy.samples, len(group))]
	then, now := s.distributions(d.stage.tempered(before), shown),
		s.distributions(d.stage.tempered(s.policy.network), shown)
	for i, seq := range shown {
		sample := s.explained(&d.batch, g, i)
		s.addPlaces(&sample, seq, d.batch.coeffs[g][i], then[i], now[i])
		event.Samples = append(event.Samples, sample)
	}
	event.Anatomy.Answers = s.answers(group, before)
	return event
}

// lengthBetween returns the Euclidean distance between two blocks of weights.
func lengthBetween(a, b []float32) float64 {
	sum := 0.0
	for i, x := range a {
		by := float64(b[i]) - float64(x)
		sum += float64(by * by)
	}
	return math.Sqrt(sum)
}

// gradientNorm returns the norm of the gradient from the metrics of an update.
func gradientNorm(metrics []protocol.Metric) float64 {
	i := slices.IndexFunc(metrics, func(m protocol.Metric) bool { return m.Name == gradientMetric })
	return metrics[i].Value
}

// strongest returns the group whose tokens are pushed most: the first one of equals.
func (d *dissection) strongest() (g int) {
	most := -1.0
	for i, group := range d.batch.groups {
		if s := strength(group, d.batch.coeffs[i]); s > most {
			g, most = i, s
		}
	}
	return g
}

// strength returns the sum of the absolute coefficients of a group. That of a token's
// log-probability counts by how much it moves the token's logit: the less the likelier the token
// is already.
func strength(group rollout.Group, coeffs []objective.Coeff) (sum float64) {
	for i, c := range coeffs {
		for t, x := range c.Logp {
			if x != 0 {
				sum += float64(math.Abs(x) * (1 - num.Exp(min(0, group[i].Logp[t]))))
			}
		}
		for _, channel := range [...][]float64{c.Entropy, c.ExactKL, c.Dense} {
			for _, x := range channel {
				sum += math.Abs(x)
			}
		}
	}
	return sum
}

// formula returns what the stage maximises.
func (s *training) formula() string {
	if s.Method.Name == method.Dials.Name {
		if at := method.FormulaAt(s.Values); at != "" {
			return at
		}
	}
	return s.Method.Formula
}

// judges returns a sentence about who judges what the stage learns from.
func (s *training) judges() string {
	switch p := s.plan; {
	case p.RewardModel != nil:
		return "A reward model scores each answer. It was trained on preference labels before " +
			"the first update. The update does not see the verifier's rewards."
	case p.Label == objective.InPairs:
		return "A simulated annotator compares the answers two by two: the better one becomes " +
			"the chosen one, the other the rejected one. The update does not see the rewards."
	case p.Label == objective.AgainstDemo:
		return "Nothing is judged: in every pair the demonstration is the chosen one and the " +
			"model's own answer the rejected one."
	case p.Label == objective.OneByOne:
		return "A simulated annotator calls each answer good (chosen) or bad (rejected). The " +
			"update does not see the rewards."
	case p.Group == 0:
		return "Nothing is judged: every demonstration is taken to be right."
	case p.IgnoresRewards:
		return "Nothing is judged: the method reads no rewards. Those of the task's verifier " +
			"are shown for comparison."
	case s.judgeName() != "":
		return "The reward of a sampled answer is not the verifier's, but comes from: " +
			s.judgeName() + "."
	}
	return "The task's verifier gives each sampled answer its reward."
}
