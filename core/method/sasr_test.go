package method

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
)

var _ = enter("sasr", imitatesFirst)

// It imitates to begin with, and then by lot: with the draws at even distances, the share of steps
// that imitate is the formula's probability, and the others are GRPO.
func TestImitationByLot(t *testing.T) {
	m, sft, grpo := mustLookup(t, "sasr"), mustLookup(t, "sft"), mustLookup(t, "grpo")
	v, plain := m.Defaults(), grpo.Defaults()
	for name, text := range map[string]string{"sft_steps": "3", "gamma": "0.25", "beta": "0.04"} {
		if err := v.Set(name, text); err != nil {
			t.Fatal(err)
		}
	}
	b := lab.New(2, v).Batch
	imitate, reinforce := lab.Add(sft.Build(sft.Defaults()), b), lab.Add(grpo.Build(plain), b)
	at := func(p objective.Progress) (imitates bool) {
		got := lab.Add(m.Build(v).(objective.Scheduled).At(p), b)
		if imitates = lab.EqualBits(got, imitate); !imitates && !lab.EqualBits(got, reinforce) {
			t.Fatalf("at %+v it is neither SFT nor GRPO", p)
		}
		return imitates
	}
	for step := range 3 {
		if !at(objective.Progress{Step: step, Steps: 50,
			Imitation: slices.Repeat([]float64{1e-9}, step), Draw: 0.999}) {
			t.Errorf("step %d of the beginning does not imitate", step)
		}
	}
	for _, c := range []struct {
		norms []float64
		want  float64
	}{
		{[]float64{9, 5, 2}, 2 / (2 + 0.25*2)},
		{[]float64{9, 5, 2, 7, 1}, 1 / (1 + 0.25*2)},
		{[]float64{9, 5, 2, 0.01}, 0.01 / (0.01 + 0.25*2)},
		{[]float64{9, 5, 2, 0}, 0},
		{[]float64{9, 5, 0}, 0},
		{[]float64{9, 5, 0, 3}, 1},
	} {
		const draws = 1000
		n := 0.0
		for k := range draws {
			if at(objective.Progress{Step: 10, Steps: 50, Imitation: c.norms,
				Draw: (float64(k) + 0.5) / draws}) {
				n++
			}
		}
		if math.Abs(n/draws-c.want) > 1./draws {
			t.Errorf("after gradients of %v, %v of the steps imitate, want %v", c.norms, n/draws,
				c.want)
		}
	}
}
