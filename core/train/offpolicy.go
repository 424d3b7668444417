package train

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// correctionRule is a choice of the knob correct.
type correctionRule struct {
	name string
	how  objective.CorrectionKind
}

var correctionRules = []correctionRule{
	{"none", objective.Uncorrected}, {"tis", objective.Truncated}, {"mis", objective.Masked},
}

func (r correctionRule) called() string { return r.name }

// spanRule is a choice of the knob correct_level.
type spanRule struct {
	name string
	span objective.Span
}

var spanRules = []spanRule{
	{"token", objective.OfToken}, {"sequence", objective.OfAnswer}, {"mean", objective.OfMean},
}

func (r spanRule) called() string { return r.name }

// correctionKnobs belong to the methods of samplerKnobs.
var correctionKnobs = []param.Knob{
	param.Choice("correct", correctionRules[0].name, ruleNames(correctionRules),
		"What is done about answers that another policy has sampled than the one that learns, "+
			"because of rounding or lag. The ratio is the probability of a token under the policy "+
			"when the batch was gathered, divided by that under the sampler. "+
			"none: nothing. "+
			"tis: the push on a token is multiplied by the ratio, or by correct_cap if that is "+
			"less (truncated importance sampling, as in verl and TRL). "+
			"mis: it is multiplied by the ratio, and by 0 where the ratio is above correct_cap or "+
			"below 1/correct_cap (masked importance sampling; IcePop, arXiv:2510.18855).").
		Naming("nothing", "truncate (TIS)", "mask (MIS)").
		Called("correction for the sampler"),
	param.Choice("correct_level", spanRules[0].name, ruleNames(spanRules),
		"Over which tokens the ratio of correct is taken. token: each has its own. sequence: all "+
			"tokens of an answer have the product of their ratios. mean: all have its "+
			"geometric mean.").
		Called("level of the correction"),
	param.Number("correct_cap", "", 2, 1, 1000,
		"The largest ratio that correct leaves as it is.").
		Called("cap of the correction").Logarithmic(),
	param.Number("mask_stale", "nats per token", 0, 0, 100,
		"An answer with a negative advantage is left out if the policy has moved away from what "+
			"sampled it by more than this: log(π_sampler/π), as a mean over the answer's "+
			"tokens, at every update (DeepSeek-V3.2, arXiv:2512.02556; in TRL "+
			"off_policy_mask_threshold, for which it suggests 0.5). 0 leaves none out.").
		Called("leave out stale answers").Logarithmic(),
}

// offPolicy is what a stage does about rollouts that another policy has sampled.
type offPolicy struct {
	correction objective.Correction
	stale      float64 // the threshold of mask_stale; 0 means none
}

// newOffPolicy returns what the settings of a stage say.
func newOffPolicy(v param.Values) (o offPolicy) {
	if !v.Has("correct") {
		return o
	}
	o.correction.Cap, o.stale = v.Float("correct_cap"), v.Float("mask_stale")
	for _, r := range correctionRules {
		if r.name == v.Choice("correct") {
			o.correction.How = r.how
		}
	}
	for _, r := range spanRules {
		if r.name == v.Choice("correct_level") {
			o.correction.Span = r.span
		}
	}
	return o
}

// isOffPolicy reports whether the rollouts of the stage are weighed against those of the policy.
func (s *training) isOffPolicy() bool {
	return s.sampler != nil || s.offPolicy.stale > 0 ||
		s.offPolicy.correction.How != objective.Uncorrected
}

// weighRollouts sets Weight of the rollouts before the first update with a batch, and Stale before
// every update. The policy must have scored them.
func (s *training) weighRollouts(first bool) {
	var sum mismatch
	for _, seq := range s.batch.learned {
		if seq.Source != objective.Rollout || seq.SampledLogp == nil {
			continue
		}
		moved := movedSince(seq)
		seq.Stale = s.offPolicy.stale > 0 && -objective.Mean(moved) > s.offPolicy.stale
		if !first {
			continue
		}
		weights, stopped := s.offPolicy.correction.Weights(moved)
		if weights != nil {
			hint := make([]float64, seq.HintLen)
			objective.Fill(hint, 1)
			seq.Weight = append(hint, weights...)
		}
		sum.add(moved, stopped)
	}
	if first && s.sampler != nil {
		s.batch.metrics = append(s.batch.metrics, sum.metrics(s.offPolicy.correction)...)
	}
}

// movedSince returns log π − log π_sampler of the tokens that were sampled, which leaves out the
// given ones.
func movedSince(seq *rollout.Sequence) []float64 {
	moved := make([]float64, 0, len(seq.Logp))
	for t, logp := range seq.Logp {
		if t >= seq.HintLen {
			moved = append(moved, logp-seq.SampledLogp[t])
		}
	}
	return moved
}

// mismatch sums up how the policy differs from what sampled a batch.
type mismatch struct {
	tokens, stopped int
	ratio, k3       float64
}

// add adds the tokens of an answer. stopped of them were truncated or masked.
func (m *mismatch) add(moved []float64, stopped int) {
	for _, x := range moved {
		ratio := objective.ExpRatio(x)
		m.ratio += ratio
		m.k3 += ratio - 1 - x
	}
	m.tokens += len(moved)
	m.stopped += stopped
}

// metrics returns the means over the tokens.
func (m *mismatch) metrics(c objective.Correction) []protocol.Metric {
	n := float64(max(1, m.tokens))
	all := []protocol.Metric{
		{Name: "train/sampler_ratio_mean", Value: m.ratio / n},
		{Name: "train/sampler_kl_k3_nats", Value: m.k3 / n},
	}
	if c.How != objective.Uncorrected {
		all = append(all,
			protocol.Metric{Name: "train/corrected_share", Value: float64(m.stopped) / n})
	}
	return all
}

// staleMetrics returns the share of the batch's rollouts that are stale in this update, or nil if
// none is ever left out.
func (s *training) staleMetrics() []protocol.Metric {
	if s.offPolicy.stale == 0 {
		return nil
	}
	stale, all := 0, 0
	for _, seq := range s.batch.learned {
		if seq.Source == objective.Rollout {
			all++
			if seq.Stale {
				stale++
			}
		}
	}
	return []protocol.Metric{{Name: "train/stale_share",
		Value: float64(stale) / float64(max(1, all))}}
}
