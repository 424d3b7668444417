package method

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func estimate(e Estimator, r []float64) []float64 {
	r = slices.Clone(r)
	e(r)
	return r
}

func TestEstimatorsByHand(t *testing.T) {
	r := []float64{1, 0, 0, 1}
	for name, c := range map[string]struct {
		e    Estimator
		want float64 // of the first; the others follow by symmetry
	}{"centred": {Centred, 0.5}, "z-score": {ZScore, 0.5 / (0.5 + 1e-4)}, "leave-one-out": {LeaveOneOut, 1 - 1.0/3}} {
		for i, got := range estimate(c.e, r) {
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

func TestEstimatorsSumToZero(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		rewards := make([]float64, 1+r.IntN(9))
		for i := range rewards {
			rewards[i] = r.NormFloat64()
		}
		for name, e := range map[string]Estimator{"centred": Centred, "z-score": ZScore, "leave-one-out": LeaveOneOut} {
			if s := total(estimate(e, rewards)); math.Abs(s) > 1e-12 {
				t.Errorf("%s: advantages of %v sum to %v", name, rewards, s)
			}
		}
	}
}

func TestEqualRewardsHaveNoAdvantage(t *testing.T) {
	for _, reward := range []float64{0, 1, 0.1, 1.0 / 3, -1e9} {
		for n := 1; n < 20; n++ {
			for name, e := range map[string]Estimator{"centred": Centred, "z-score": ZScore, "leave-one-out": LeaveOneOut} {
				if got := estimate(e, slices.Repeat([]float64{reward}, n)); slices.ContainsFunc(got, func(a float64) bool { return a != 0 }) {
					t.Errorf("%s of %d × %v: %v", name, n, reward, got)
				}
			}
		}
	}
}

// On-policy, the k3 penalty differentiated as a loss has the expected gradient of KL(π_ref‖π), not of KL(π‖π_ref).
func TestK3InTheLossIsForwardKLInExpectation(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 100 {
		p, q := make([]float64, labVocab), make([]float64, labVocab)
		for j := range p {
			p[j], q[j] = r.NormFloat64(), r.NormFloat64()
		}
		p, q = logSoftmax(p), logSoftmax(q)
		var batch []Group // one completion of one token per action
		for a := range p {
			batch = append(batch, Group{{Logp: []float64{p[a]}, RefLogp: []float64{q[a]}}})
		}
		got := coeffs(Row{KL: 1, Advantage: InGroup(Rollout, Reward, Centred), Reduce: SeqSum}, batch)
		for j := range p {
			k3, forward := 0.0, 0.0 // expected ascent direction on logit j
			for a := range p {
				score := -math.Exp(p[j])
				if a == j {
					score++
				}
				k3 += math.Exp(p[a]) * got[a][0].Logp[0] * labVocab * score
				forward += math.Exp(q[a]) * score
			}
			if math.Abs(k3-forward) > 1e-12 {
				t.Errorf("logit %d: k3 %v, forward KL %v", j, k3, forward)
			}
		}
	}
}

// Dr. GRPO on fresh samples is REINFORCE with the group mean, and both are (G−1)/G of leave-one-out.
func TestFirstUpdateIdentities(t *testing.T) {
	build := func(name string) Objective {
		m, err := Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		return m.Build(m.Defaults())
	}
	for seed := range uint64(50) {
		var b []Group
		for _, group := range newLab(seed, mustDefaults("dr_grpo")).batch {
			group = slices.DeleteFunc(group, func(c *Completion) bool { return c.Source != Rollout })
			for _, c := range group {
				c.OldLogp = c.Logp
			}
			b = append(b, group)
		}
		dr, plain, loo := coeffs(build("dr_grpo"), b), coeffs(build("reinforce"), b), coeffs(build("rloo"), b)
		if !equalBits(dr, plain) {
			t.Fatalf("seed %d: dr_grpo and reinforce differ on fresh samples", seed)
		}
		for g, group := range b {
			n := float64(len(group))
			for i := range group {
				for k, want := range plain[g][i].Logp {
					if got := loo[g][i].Logp[k] * (n - 1) / n; n > 1 && math.Abs(got-want) > 1e-12 {
						t.Fatalf("seed %d: rloo %v, reinforce %v", seed, got, want)
					}
				}
			}
		}
	}
}
