package objective_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
)

func normalised(e objective.Normaliser, r []float64) []float64 {
	r = slices.Clone(r)
	e(r)
	return r
}

func TestNormalisersByHand(t *testing.T) {
	r := []float64{1, 0, 0, 1}
	for name, c := range map[string]struct {
		e    objective.Normaliser
		want float64 // of the first; the others follow by symmetry
	}{"centred": {objective.Centred, 0.5}, "z-score": {objective.ZScore,
		0.5 / (0.5 + 1e-4)}, "leave-one-out": {objective.LeaveOneOut, 1 - 1.0/3}} {
		for i, got := range normalised(c.e, r) {
			want := c.want
			if r[i] == 0 {
				want = -want
			}
			if math.Abs(got-want) > 1e-15 {
				t.Errorf("%s: advantage %d is %v, want %v", name, i, got, want)
			}
		}
	}
}

func TestNormalisersSumToZero(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		rewards := make([]float64, 1+r.IntN(9))
		for i := range rewards {
			rewards[i] = r.NormFloat64()
		}
		for name, e := range map[string]objective.Normaliser{"centred": objective.Centred,
			"z-score": objective.ZScore, "leave-one-out": objective.LeaveOneOut} {
			if s := lab.Total(normalised(e, rewards)); math.Abs(s) > 1e-12 {
				t.Errorf("%s: advantages of %v sum to %v", name, rewards, s)
			}
		}
	}
}

func TestEqualRewardsHaveNoAdvantage(t *testing.T) {
	for _, reward := range []float64{0, 1, 0.1, 1.0 / 3, -1e9} {
		for n := 1; n < 20; n++ {
			for name, e := range map[string]objective.Normaliser{"centred": objective.Centred,
				"z-score": objective.ZScore, "leave-one-out": objective.LeaveOneOut} {
				if got := normalised(e, slices.Repeat([]float64{reward},
					n)); slices.ContainsFunc(got, func(a float64) bool { return a != 0 }) {
					t.Errorf("%s of %d × %v: %v", name, n, reward, got)
				}
			}
		}
	}
}

// On-policy, the k3 penalty differentiated as a loss has the expected gradient of KL(π_ref‖π), not
// of KL(π‖π_ref).
func TestK3InTheLossIsForwardKLInExpectation(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 100 {
		p, q := make([]float64, lab.Vocab), make([]float64, lab.Vocab)
		for j := range p {
			p[j], q[j] = r.NormFloat64(), r.NormFloat64()
		}
		p, q = lab.LogSoftmax(p), lab.LogSoftmax(q)
		var batch []objective.Group // one completion of one token per action
		for a := range p {
			batch = append(batch,
				objective.Group{{Logp: []float64{p[a]}, RefLogp: []float64{q[a]}}})
		}
		got := lab.Add(objective.Row{K3Weight: 1,
			Advantage: objective.InGroup(objective.Rollout, objective.Reward,
				objective.Centred), Reduce: objective.SeqSum}, batch)
		for j := range p {
			k3, forward := 0.0, 0.0 // expected ascent direction on logit j
			for a := range p {
				score := -math.Exp(p[j])
				if a == j {
					score++
				}
				k3 += math.Exp(p[a]) * got[a][0].Logp[0] * lab.Vocab * score
				forward += math.Exp(q[a]) * score
			}
			if math.Abs(k3-forward) > 1e-12 {
				t.Errorf("logit %d: k3 %v, forward KL %v", j, k3, forward)
			}
		}
	}
}
