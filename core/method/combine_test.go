package method

import (
	"math"
	"slices"
	"testing"

	"posttrain/core/param"
)

// unsolved is HPT's question (arXiv:2509.04419): did every rollout of the prompt fail?
func unsolved(g Group) bool {
	return !slices.ContainsFunc(g, func(c *Completion) bool { return c.Source == Rollout && c.Reward > 0 })
}

// hpt imitates where every rollout failed and reinforces elsewhere.
func hpt() Gate {
	return Gate{
		If:   unsolved,
		Then: Row{From: Demo},
		Else: Sum{{0.5, Row{From: Rollout, Denom: OverBehaviour, Advantage: InGroup(Rollout, Reward, Centred), Reduce: SeqSum}}},
	}
}

func TestGateRoutesWholeGroups(t *testing.T) {
	routed := map[bool]int{}
	for seed := range uint64(100) {
		b := newLab(seed, param.Values{}).batch
		var failed, solved []Group
		for _, g := range b {
			if unsolved(g) {
				failed = append(failed, g)
			} else {
				solved = append(solved, g)
			}
		}
		got, gate := coeffs(hpt(), b), hpt()
		then, other := coeffs(gate.Then, failed), coeffs(gate.Else, solved)
		for g := range b {
			var want []Coeff
			if routed[unsolved(b[g])]++; unsolved(b[g]) {
				want, then = then[0], then[1:]
			} else {
				want, other = other[0], other[1:]
			}
			if !equalBits(Coeffs{got[g]}, Coeffs{want}) {
				t.Fatalf("seed %d: group %d is not what its side gives", seed, g)
			}
		}
	}
	if routed[true] < 10 || routed[false] < 10 {
		t.Errorf("routed %v: the test does not try both sides", routed)
	}
}

func TestGateWithoutASide(t *testing.T) {
	b := newLab(1, param.Values{}).batch
	got := coeffs(Gate{If: func(Group) bool { return true }}, b)
	if !equalBits(got, NewCoeffs(b)) {
		t.Error("a missing side writes")
	}
	if n := (Gate{If: unsolved, Else: Row{From: Demo}, Requires: Rollouts}).Needs(); n != Rollouts|Demos {
		t.Errorf("needs %v", n)
	}
}

func TestSumNeedsWhatItUses(t *testing.T) {
	s := Sum{{1, Row{From: Demo}}, {0, Row{From: Rollout, KL: 1}}, {-2, EntropyBonus{}}}
	if s.Needs() != Demos|Rollouts {
		t.Errorf("needs %v", s.Needs())
	}
}

// Explain and Add say the same thing, to the bit, and the factors multiply to the coefficient: four roundings apart at most.
func TestExplainIsWhatAddWrites(t *testing.T) {
	check := func(t *testing.T, o Objective, v param.Values) {
		for seed := range uint64(50) {
			b := newLab(seed, v).batch
			got := coeffs(o, b)
			for g, group := range b {
				for i, c := range group {
					why := o.(Explainer).Explain(b, g, i)
					if why == nil {
						why = make([]Factors, c.Len())
					}
					for k, f := range why {
						if f.Coefficient != got[g][i].Logp[k] {
							t.Fatalf("seed %d [%d][%d] token %d: explained %v, written %v", seed, g, i, k, f.Coefficient, got[g][i].Logp[k])
						}
						if product := (f.Mask*f.Ratio*f.Advantage + f.KL + f.Extra) * f.Norm; math.Abs(product-f.Coefficient) > 4*0x1p-52*math.Abs(product) {
							t.Fatalf("seed %d [%d][%d] token %d: %+v multiplies to %v", seed, g, i, k, f, product)
						}
					}
				}
			}
		}
	}
	eachMethod(t, func(t *testing.T, m Method, v param.Values) {
		if o := m.Build(v); m.Family != "preference" {
			check(t, o, v)
		}
	})
	t.Run("gate", func(t *testing.T) { check(t, hpt(), param.Values{}) })
	t.Run("pairs and weights", func(t *testing.T) {
		check(t, dpo(0.7), param.Values{})
		check(t, Sum{{0.3, dpo(0.7)}}, param.Values{})
		check(t, Sum{{0, Row{From: Rollout}}, {1, dpo(0)}, {0.3, Row{From: Demo, Denom: OverOne}}, {1, Row{From: Rollout, KL: 0.1}}}, param.Values{})
	})
}

func TestUnevenPairs(t *testing.T) {
	c := func(s Source) *Completion { return &Completion{Source: s, Logp: []float64{-1}, RefLogp: []float64{-1}} }
	b := []Group{{c(Rejected), c(Chosen), c(Chosen), c(Rejected), c(Rejected)}, {c(Chosen)}, {}}
	got := coeffs(dpo(1), b)
	for i, want := range []float64{-0.25, 0.25, 0.25, -0.25, 0} { // σ(0)/2 pairs
		if got[0][i].Logp[0] != want {
			t.Errorf("[0][%d]: %v, want %v", i, got[0][i].Logp[0], want)
		}
	}
	if got[1][0].Logp[0] != 0 {
		t.Error("half a pair is pushed")
	}
}
