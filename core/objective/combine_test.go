package objective_test

import (
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// unsolved reports whether every rollout of the prompt failed, as HPT asks (arXiv:2509.04419).
func unsolved(g objective.Group) bool {
	return !slices.ContainsFunc(g,
		func(c *objective.Completion) bool { return c.Source == objective.Rollout && c.Reward > 0 })
}

// hpt imitates where every rollout failed and reinforces elsewhere.
func hpt() objective.Gate {
	return objective.Gate{
		If:   unsolved,
		Then: objective.Row{From: objective.Demo},
		Else: objective.Sum{{Weight: 0.5,
			Objective: objective.Row{From: objective.Rollout, Denom: objective.OverBehaviour,
				Advantage: objective.InGroup(objective.Rollout, objective.Reward,
					objective.Centred), Reduce: objective.SeqSum}}},
	}
}

func TestGateRoutesWholeGroups(t *testing.T) {
	routed := map[bool]int{}
	for seed := range uint64(100) {
		b := lab.New(seed, param.Values{}).Batch
		var failed, solved []objective.Group
		for _, g := range b {
			if unsolved(g) {
				failed = append(failed, g)
			} else {
				solved = append(solved, g)
			}
		}
		got, gate := lab.Add(hpt(), b), hpt()
		then, other := lab.Add(gate.Then, failed), lab.Add(gate.Else, solved)
		for g := range b {
			var want []objective.Coeff
			if routed[unsolved(b[g])]++; unsolved(b[g]) {
				want, then = then[0], then[1:]
			} else {
				want, other = other[0], other[1:]
			}
			if !lab.EqualBits(objective.Coeffs{got[g]}, objective.Coeffs{want}) {
				t.Fatalf("seed %d: group %d is not what its side gives", seed, g)
			}
		}
	}
	if routed[true] < 10 || routed[false] < 10 {
		t.Errorf("routed %v: the test does not try both sides", routed)
	}
}

func TestGateWithoutASide(t *testing.T) {
	b := lab.New(1, param.Values{}).Batch
	got := lab.Add(objective.Gate{If: func(objective.Group) bool { return true }}, b)
	if !lab.EqualBits(got, objective.NewCoeffs(b)) {
		t.Error("a missing side writes")
	}
	if n := (objective.Gate{If: unsolved, Else: objective.Row{From: objective.Demo},
		Requires: objective.Rollouts}).Needs(); n != objective.Rollouts|objective.Demos {
		t.Errorf("needs %v", n)
	}
}

func TestSumNeedsWhatItUses(t *testing.T) {
	s := objective.Sum{{Weight: 1, Objective: objective.Row{From: objective.Demo}},
		{Weight: 0, Objective: objective.Row{From: objective.Rollout, K3Weight: 1}}, {Weight: -2,
			Objective: objective.EntropyBonus{}}}
	if s.Needs() != objective.Demos|objective.Rollouts {
		t.Errorf("needs %v", s.Needs())
	}
}

func TestUnevenPairs(t *testing.T) {
	c := func(s objective.Source) *objective.Completion {
		return &objective.Completion{Source: s, Logp: []float64{-1}, RefLogp: []float64{-1}}
	}
	b := []objective.Group{{c(objective.Rejected), c(objective.Chosen), c(objective.Chosen),
		c(objective.Rejected), c(objective.Rejected)}, {c(objective.Chosen)}, {}}
	got := lab.Add(dpo(1), b)
	for i, want := range []float64{-0.25, 0.25, 0.25, -0.25, 0} { // σ(0)/2 pairs
		if got[0][i].Logp[0] != want {
			t.Errorf("[0][%d]: %v, want %v", i, got[0][i].Logp[0], want)
		}
	}
	if got[1][0].Logp[0] != 0 {
		t.Error("half a pair is pushed")
	}
}

func TestExplainIsWhatAddWritesInCombinations(t *testing.T) {
	for name, o := range map[string]objective.Objective{
		"gate": hpt(), "pairs": dpo(0.7),
		"weighted pairs": objective.Sum{{Weight: 0.3, Objective: dpo(0.7)}},
		"weights": objective.Sum{{Weight: 0, Objective: objective.Row{From: objective.Rollout}},
			{Weight: 1, Objective: dpo(0)},
			{Weight: 0.3, Objective: objective.Row{From: objective.Demo, Denom: objective.OverOne}},
			{Weight: 1, Objective: objective.Row{From: objective.Rollout, K3Weight: 0.1}}},
	} {
		if err := lab.Explained(o, param.Values{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
