package objective_test

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// Worked out by hand: the ratios of the tokens are 1/4, 1, 3/2 and 4, their product is 3/2, and
// their geometric mean is its fourth root.
func TestWeightsByHand(t *testing.T) {
	ratios := []float64{0.25, 1, 1.5, 4}
	var logs []float64
	for _, r := range ratios {
		logs = append(logs, math.Log(r))
	}
	mean := math.Pow(1.5, 0.25)
	all := func(x float64) []float64 { return []float64{x, x, x, x} }
	for _, c := range []struct {
		name    string
		correct objective.Correction
		want    []float64
		stopped int
	}{
		{"none", objective.Correction{Cap: 2}, nil, 0},
		{"tis", objective.Correction{How: objective.Truncated, Cap: 2}, []float64{0.25, 1, 1.5, 2},
			1},
		{"mis", objective.Correction{How: objective.Masked, Cap: 2}, []float64{0, 1, 1.5, 0}, 2},
		{"tis, answer", objective.Correction{How: objective.Truncated, Cap: 1.25,
			Span: objective.OfAnswer}, all(1.25), 4},
		{"tis, mean", objective.Correction{How: objective.Truncated, Cap: 1.25,
			Span: objective.OfMean}, all(mean), 0},
		{"mis, answer", objective.Correction{How: objective.Masked, Cap: 1.25,
			Span: objective.OfAnswer}, all(0), 4},
		{"mis, mean", objective.Correction{How: objective.Masked, Cap: 2, Span: objective.OfMean},
			all(mean), 0},
	} {
		got, stopped := c.correct.Weights(logs)
		if !slices.EqualFunc(got, c.want,
			func(x, y float64) bool { return math.Abs(x-y) < 1e-12 }) || stopped != c.stopped {
			t.Errorf("%s: %v with %d stopped, want %v with %d", c.name, got, stopped, c.want,
				c.stopped)
		}
	}
}

// Equal log-probabilities weigh exactly 1, whatever the correction.
func TestWeightsWithoutMismatch(t *testing.T) {
	for _, how := range []objective.CorrectionKind{objective.Truncated, objective.Masked} {
		for _, span := range []objective.Span{objective.OfToken, objective.OfMean,
			objective.OfAnswer} {
			got, stopped := objective.Correction{How: how, Span: span,
				Cap: 1}.Weights(make([]float64, 3))
			if !slices.Equal(got, []float64{1, 1, 1}) || stopped != 0 {
				t.Errorf("kind %d, span %d: %v, %d stopped", how, span, got, stopped)
			}
		}
	}
}

// staleAbove is the threshold of the textbooks below, in nats.
const staleAbove = 0.1

// sampledElsewhere is an objective for rollouts whose TeacherLogp are the log-probabilities of what
// sampled them.
type sampledElsewhere struct {
	objective.Objective
	correct objective.Correction
}

func (o sampledElsewhere) Add(dst objective.Coeffs, batch []objective.Group) {
	batch = lab.CloneBatch(batch)
	for _, group := range batch {
		for _, c := range group {
			gap := make([]float64, c.Len())
			for t, old := range c.OldLogp {
				gap[t] = old - c.TeacherLogp[t]
			}
			c.Weight, _ = o.correct.Weights(gap)
			c.Stale = lab.Total(c.TeacherLogp)-lab.Total(c.Logp) > staleAbove*float64(c.Len())
		}
	}
	o.Objective.Add(dst, batch)
}

// factor is the textbook of a correction: what token t of a rollout is multiplied by. It is held
// fixed, as is whether the rollout is left out.
type factor func(ratios []float64, t int) float64

func product(x []float64) float64 {
	p := 1.0
	for _, v := range x {
		p *= v
	}
	return p
}

// inRange returns x, and 0 outside of [1/1.3, 1.3].
func inRange(x float64) float64 {
	if x < 1/1.3 || x > 1.3 {
		return 0
	}
	return x
}

var corrections = []struct {
	name    string
	correct objective.Correction
	want    factor
}{
	{"none", objective.Correction{}, func([]float64, int) float64 { return 1 }},
	{"tis", objective.Correction{How: objective.Truncated, Cap: 1.3},
		func(r []float64, t int) float64 { return math.Min(r[t], 1.3) }},
	{"mis", objective.Correction{How: objective.Masked, Cap: 1.3},
		func(r []float64, t int) float64 { return inRange(r[t]) }},
	{"tis of the answer", objective.Correction{How: objective.Truncated, Cap: 1.3,
		Span: objective.OfAnswer},
		func(r []float64, _ int) float64 { return math.Min(product(r), 1.3) }},
	{"mis of the mean", objective.Correction{How: objective.Masked, Cap: 1.3,
		Span: objective.OfMean},
		func(r []float64, _ int) float64 {
			return inRange(math.Pow(product(r), 1/float64(len(r))))
		}},
}

// With each correction PPO's objective with k3 is, for A = reward - 1/2, the mean over answers of
// the mean over tokens of keep·w·min(ρA, clip(ρ)A) - β·k3, where w = f(π_old/π_sampler) and keep is
// 0 for a stale answer with A < 0.
func TestCorrectionsMatchTheirTextbooks(t *testing.T) {
	const beta = 0.2
	v := param.Defaults([]param.Knob{knob.EpsLow, knob.EpsHigh}) // both 0.2
	half := func(c *objective.Completion) float64 { return c.Reward - 0.5 }
	row := objective.ImportanceSampled(objective.Row{Advantage: objective.PerCompletion(half),
		Mask: objective.ClipAt(v), K3Weight: beta, Reduce: objective.SeqMean})
	row.Requires |= objective.TeacherLogp
	for _, c := range corrections {
		book := func(_ param.Values, b []objective.Group) func() float64 {
			fixed := map[*objective.Completion][]float64{}
			lab.Each(b, objective.Rollout, func(_, _ int, s *objective.Completion) {
				keep := 1.0
				if moved := lab.Total(s.TeacherLogp) - lab.Total(s.Logp); half(s) < 0 &&
					moved/float64(len(s.Logp)) > staleAbove {
					keep = 0
				}
				var ratios []float64
				for k := range s.Logp {
					ratios = append(ratios, math.Exp(s.OldLogp[k]-s.TeacherLogp[k]))
				}
				for k := range ratios {
					fixed[s] = append(fixed[s], keep*c.want(ratios, k))
				}
			})
			return lab.PerRollout(b, func(_, _ int, s *objective.Completion) float64 {
				sum := 0.0
				for k, lp := range s.Logp {
					rho := math.Exp(lp - s.OldLogp[k])
					clipped := math.Max(0.8, math.Min(1.2, rho))
					d := s.RefLogp[k] - lp
					sum += fixed[s][k]*math.Min(rho*half(s), clipped*half(s)) -
						beta*(math.Exp(d)-d-1)
				}
				return sum / float64(len(s.Logp))
			})
		}
		build := func(param.Values) objective.Objective { return sampledElsewhere{row, c.correct} }
		if err := lab.Disagree(build, book, lab.Always(v), lab.ManyBatches); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// A correction reaches the sampled part behind a hint, and the whole vocabulary's push.
func TestWeightsOfPartsAndDistributions(t *testing.T) {
	c := &objective.Completion{Source: objective.Rollout, HintLen: 1, Logp: []float64{-1, -1, -1},
		Dist: make([]float64, 6), Weight: []float64{1, 0.5, 0}}
	batch := []objective.Group{{c}}
	got := lab.Add(objective.HintSplit{Sampled: objective.Row{From: objective.Rollout,
		Reduce: objective.SeqSum}}, batch)[0][0].Logp
	if !slices.Equal(got, []float64{0, 0.5, 0}) {
		t.Errorf("behind a hint the pushes are %v", got)
	}
	dense := objective.Dense{From: objective.Rollout, Reduce: objective.SeqSum,
		Weights: func(*objective.Completion, int) []float64 { return []float64{1, 2} }}
	if got := lab.Add(dense, batch)[0][0].Dense; !slices.Equal(got,
		[]float64{1, 2, 0.5, 1, 0, 0}) {
		t.Errorf("over the vocabulary the pushes are %v", got)
	}
}
