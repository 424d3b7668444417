package analysis

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/stats"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/study/design"
)

func near(t *testing.T, what string, have, want float64) {
	t.Helper()
	if !(math.Abs(have-want) < 1e-4) {
		t.Errorf("%s is %v, want %v", what, have, want)
	}
}

const further = `  - name: further
    says: A moves further than B
    metric: eval/id/kl_base_policy_nats
    higher: a
    lower: b
    by: 0.5
    choose: {highest: eval/id/accuracy}
`

// The differences of the five bases are 1 to 5, so their mean is 3 and its standard error
// √(2.5/5). Student's t with 4 degrees of freedom has 2.776445 at 97.5 %. What the two seeds add
// differs from base to base, so that it is in the mean square of bases.
func TestDifferenceAtTheEnd(t *testing.T) {
	s := parse(t, twoArms, further)
	f := judge(t, s, func(c design.Cell) []at {
		v := 7.0
		if c.Arm == "a" {
			v += float64(c.Base-100) + []float64{-0.25, 0.25}[(c.Seed+c.Base)%2]
		}
		return line(map[string]float64{id: 0.5, kl: 0}, map[string]float64{id: 0.5, kl: v})
	})
	v := f.Verdicts[0]
	near(t, "the difference", v.Value, 3)
	near(t, "the lower end", v.Interval.Low, 3-2.776445*math.Sqrt(0.5))
	near(t, "the upper end", v.Interval.High, 3+2.776445*math.Sqrt(0.5))
	near(t, "P", v.P, 0.0241229) // twice the tail beyond 2.5/√0.5
	near(t, "the corrected P", v.Corrected, 0.0241229)
	if v.Outcome != study.Reproduced || v.Bases != 5 || v.Seeds != 2 || v.Why != "" {
		t.Errorf("%s of %d bases and %d seeds: %s", v.Outcome, v.Bases, v.Seeds, v.Why)
	}
	c := v.Compared
	byBase := []BaseValue{{101, 1}, {102, 2}, {103, 3}, {104, 4}, {105, 5}}
	if !slices.Equal(c.ByBase, byBase) {
		t.Errorf("by base it is %v, want %v", c.ByBase, byBase)
	}
	// The mean squares of bases, seeds and what is left are 5, 0.025 and 0.15.
	near(t, "the variance of bases", c.Spread.Bases.Variance, (5-0.15)/2)
	near(t, "the variance of seeds", c.Spread.Seeds.Variance, 0)
	near(t, "the rest", c.Spread.Rest.Variance, 0.15)
	near(t, "the effect", c.Effect.Value, 0.7978846*3/math.Sqrt(2.5)) // Hedges' factor for 4
	near(t, "the share of better runs", c.Better.Value, 1)
	if c.Higher.Config != "sft,lr=0.0001,steps=20" || len(c.Higher.Tuned) != 2 {
		t.Errorf("of equal configs %s is chosen of %v", c.Higher.Config, c.Higher.Tuned)
	}
}

// What a seed adds on all bases alike does not average out over bases. Here its variance is 1/8, so
// that of the mean over two seeds is 1/16, with one degree of freedom; t has 12.7062 there.
func TestSeedsAreCrossedWithBases(t *testing.T) {
	s := parse(t, twoArms, further)
	v := judge(t, s, func(c design.Cell) []at {
		v := 7.0
		if c.Arm == "a" {
			v += float64(c.Base-100) + []float64{-0.25, 0.25}[c.Seed%2]
		}
		return line(map[string]float64{id: 0.5, kl: 0}, map[string]float64{id: 0.5, kl: v})
	}).Verdicts[0]
	half := math.Sqrt(0.5*2.776445*2.776445 + 12.7062*12.7062/16)
	near(t, "the lower end", v.Interval.Low, 3-half)
	near(t, "the variance of seeds", v.Compared.Spread.Seeds.Variance, 1.0/8)
	if v.Outcome != study.Inconclusive {
		t.Errorf("it is %s", v.Outcome)
	}
}

// Intervals cover the true mean in 93 to 98.5 of 100 studies, also if a seed adds the same on all
// bases.
func TestCoverageWithSeedsInCommon(t *testing.T) {
	const studies = 1000
	for _, sd := range []float64{0, 0.5, 1} {
		covered := 0
		for i := range uint64(studies) {
			r := num.NewRand(3, "coverage", "", i, uint64(10*sd))
			common := []float64{sd * r.Norm(), sd * r.Norm(), sd * r.Norm()}
			var runs []Run
			var values []float64
			for base := range uint64(5) {
				ofBase := r.Norm()
				for seed, v := range common {
					runs = append(runs, Run{Base: base, Unit: base, Seed: uint64(seed)})
					values = append(values, v+ofBase+r.Norm())
				}
			}
			s, err := sample(runs, values)
			if err != nil {
				t.Fatal(err)
			}
			if e, err := s.Mean(stats.Options{}); err != nil {
				t.Fatal(err)
			} else if e.Low <= 0 && 0 <= e.High {
				covered++
			}
		}
		if share := float64(covered) / studies; share < 0.93 || share > 0.985 {
			t.Errorf("with a deviation of %v between seeds, %v are covered", sd, share)
		}
	}
}

// reaching has arms that cross 0.9 at a half of the way between steps 10 and 20. What is asked of
// them is interpolated alike.
func reaching(c design.Cell) []at {
	wobble := float64(c.Base%10) / 100
	end := map[string]float64{id: 1, prior: 0.5 + wobble, flops: 300 + 100*wobble}
	if c.Arm == "b" {
		end = map[string]float64{id: 1, prior: 0.1 + wobble, flops: 900}
	}
	return []at{{0, map[string]float64{id: 0.5, prior: 0.9}},
		{10, map[string]float64{id: 0.8, prior: 0.7, flops: 100}}, {20, end}}
}

const atTarget = `  - name: keeps
    says: A keeps more than B
    metric: eval/prior/accuracy
    higher: a
    lower: b
    by: 0.1
    at: {reach: {eval/id/accuracy: 0.9}}
    choose: {highest: eval/prior/accuracy}
  - name: price
    says: B costs more than twice as much as A
    metric: cost/flops
    higher: b
    lower: a
    ratio: 2
    at: {reach: {eval/id/accuracy: 0.9}}
    choose: {lowest: cost/flops}
`

func TestReach(t *testing.T) {
	s := parse(t, twoArms, atTarget)
	f := judge(t, s, reaching)
	keeps, price := f.Verdicts[0], f.Verdicts[1]
	near(t, "the difference of what is kept", keeps.Value, 0.2)
	run := keeps.Compared.Higher.Runs[0] // base 101
	near(t, "the step", run.Step, 15)
	near(t, "what is kept", run.Value, (0.7+0.51)/2)
	near(t, "the ratio", price.Value, 500/(200+50*0.03))
	if price.Outcome != study.Reproduced {
		t.Errorf("the price is %s: %s", price.Outcome, price.Why)
	}
	for _, v := range f.Verdicts {
		if v.Compared.Higher.Early+v.Compared.Lower.Early != 0 {
			t.Errorf("%s: some runs did not get there", v.Name)
		}
	}
}

// A run that does not get there counts, and the verdict has to hold whatever it would have shown.
func TestRunsThatDoNotGetThere(t *testing.T) {
	for _, test := range []struct {
		arm         string
		fails       int // bases on which it fails
		keeps       study.Outcome
		price       study.Outcome
		keepsDiffer float64
	}{
		{"a", 1, study.Reproduced, study.Inconclusive, 0.4},
		{"b", 1, study.Reproduced, study.Reproduced, 0.4},
		{"b", 4, study.Inconclusive, study.Reproduced, 0.4},
	} {
		s := parse(t, twoArms, strings.Replace(atTarget, "by: 0.1", "by: -0.1", 1))
		f := judge(t, s, func(c design.Cell) []at {
			curve := reaching(c)
			if c.Part == design.Judge && c.Arm == test.arm && (c.Seed+c.Base)%2 == 0 &&
				c.Base < 101+uint64(test.fails) {
				curve[2].metrics[id] = 0.85
				curve[2].metrics[flops] = 1000
			}
			return curve
		})
		keeps, price := f.Verdicts[0], f.Verdicts[1]
		if keeps.Outcome != test.keeps || price.Outcome != test.price {
			t.Errorf("if %s fails on %d bases, keeps is %s (%s) and price is %s (%s)", test.arm,
				test.fails, keeps.Outcome, keeps.Why, price.Outcome, price.Why)
		}
		for _, v := range f.Verdicts {
			if n := v.Compared.Higher.Early + v.Compared.Lower.Early; n != test.fails {
				t.Errorf("%s: %d runs did not get there, want %d", v.Name, n, test.fails)
			}
		}
	}
}

const atCost = `  - name: spent
    says: A is better than B for the same arithmetic
    metric: eval/prior/accuracy
    higher: a
    lower: b
    by: 0
    at: {spend: {cost/flops: 200}}
    choose: {highest: eval/id/accuracy}
`

// 200 lies half-way between the measurements of A. B ends before it, and its end counts.
func TestSpend(t *testing.T) {
	s := parse(t, twoArms, atCost)
	f := judge(t, s, func(c design.Cell) []at {
		if c.Arm == "b" {
			return line(map[string]float64{id: 0.5, prior: 0.9},
				map[string]float64{id: 0.6, prior: 0.3, flops: 150})
		}
		return []at{{0, map[string]float64{id: 0.5, prior: 0.9}},
			{10, map[string]float64{id: 0.5, prior: 0.8, flops: 100}},
			{20, map[string]float64{id: 0.5, prior: 0.4, flops: 300}}}
	})
	v := f.Verdicts[0]
	near(t, "A", v.Compared.Higher.Mean.Value, 0.6)
	near(t, "B", v.Compared.Lower.Mean.Value, 0.3)
	near(t, "the step of A", v.Compared.Higher.Runs[0].Step, 15)
	if v.Compared.Lower.Early != 10 || v.unreached() != 0 {
		t.Errorf("%d runs of B ended before it", v.Compared.Lower.Early)
	}
}

// The config is chosen on the tuning part alone, and with a target by how many runs get there
// first.
func TestChoose(t *testing.T) {
	s := parse(t, twoArms, atTarget)
	f := judge(t, s, func(c design.Cell) []at {
		curve := reaching(c)
		second := strings.Contains(c.Config, "lr=0.0002")
		switch {
		case second && c.Part == design.Tune: // better there, and worse where it is judged
			curve[2].metrics[prior] += 0.2
			curve[2].metrics[flops] -= 50
			if c.Arm == "b" && c.Base == 12 { // but one run does not get there
				curve[2].metrics[id] = 0.85
			}
		case second:
			curve[2].metrics[prior] = 0
		}
		return curve
	})
	for _, v := range f.Verdicts {
		for _, side := range []Side{v.Compared.Higher, v.Compared.Lower} {
			want := map[string]string{"a": "sft,lr=0.0002,steps=20",
				"b": "grpo,steps=20"}[side.Arm.Arm]
			if side.Arm.Arm == "b" && side.Config != f.configs(*side.Arm)[0] ||
				side.Arm.Arm == "a" && side.Config != want {
				t.Errorf("%s: of %s %s is chosen of %+v", v.Name, side.Arm, side.Config, side.Tuned)
			}
		}
	}
	near(t, "the tuned A", f.Verdicts[0].Compared.Higher.Tuned[1].Value, (0.7+0.5+0.015+0.2)/2)
}

const against = `  - name: base
    says: A is better than its base
    metric: eval/prior/accuracy
    higher: a
    lower: base
    by: 0.1
    choose: {highest: eval/id/accuracy}
  - name: above
    says: A is above a half
    metric: eval/prior/accuracy
    higher: a
    lower: 0.5
    by: 0
    choose: {highest: eval/id/accuracy}
  - name: below
    says: A is below 0.9
    metric: eval/prior/accuracy
    higher: 0.9
    lower: a
    by: 0
    choose: {highest: eval/id/accuracy}
`

func TestBaseAndNumbers(t *testing.T) {
	s := parse(t, twoArms, against)
	f := judge(t, s, func(c design.Cell) []at {
		wobble := float64(c.Base%10)/100 - 0.03
		return line(map[string]float64{id: 0.5, prior: 0.2},
			map[string]float64{id: 0.5, prior: 0.7 + wobble})
	})
	for i, want := range []float64{0.5, 0.2, 0.2} {
		v := f.Verdicts[i]
		near(t, v.Name, v.Value, want)
		if v.Outcome != study.Reproduced || !(v.Interval.Low < want && want < v.Interval.High) {
			t.Errorf("%s is %s, from %v to %v", v.Name, v.Outcome, v.Interval.Low, v.Interval.High)
		}
	}
	a, b := f.Verdicts[1].Interval, f.Verdicts[2].Interval
	near(t, "the mean and its mirror image", a.Low+0.5, 0.9-b.High)
}

const laws = `  - name: law
    says: The further, the less
    law: {x: eval/id/kl_base_policy_nats, y: eval/prior/accuracy, arms: [a, b], below: -0.3}
`

// On each base there are eight runs, of which those of one seed and the other are equal. In the
// order of x, the y of the four configs are 4 3 2 1 on most bases, and 3 4 2 1 on base 105, where
// Spearman's correlation is -0.8.
func TestLaw(t *testing.T) {
	s := parse(t, twoArms, laws)
	curve := func(c design.Cell) []at {
		x := 1.0
		if c.Arm == "b" {
			x += 2
		}
		if strings.Contains(c.Config, "lr=0.0002") {
			x++
		}
		y := 5 - x
		if c.Base == 105 && x <= 2 {
			y = 2 + x
		}
		return line(map[string]float64{kl: 0, prior: 1}, map[string]float64{kl: x, prior: y / 10})
	}
	v := judge(t, s, curve).Verdicts[0]
	near(t, "the correlation", v.Value, (4*-1-0.8)/5)
	if v.Outcome != study.Reproduced || len(v.Correlated.Points) != 40 {
		t.Errorf("it is %s on %d points: %s", v.Outcome, len(v.Correlated.Points), v.Why)
	}
	v = judge(t, s, func(c design.Cell) []at {
		return line(map[string]float64{kl: 0, prior: 1}, map[string]float64{kl: 1, prior: 1})
	}).Verdicts[0]
	if v.Outcome != study.Inconclusive || !strings.Contains(v.Why, "the same in all runs") {
		t.Errorf("without variation it is %s: %s", v.Outcome, v.Why)
	}
}

func TestRanks(t *testing.T) {
	if have, want := ranks([]float64{3, 1, 3, 2}), []float64{3.5, 1, 3.5, 2}; !slices.Equal(have,
		want) {
		t.Errorf("the ranks are %v, want %v", have, want)
	}
}

// In a world where A is better by 0.2, B and C are alike and C is worse than A, verdicts say so.
func TestPlantedStudy(t *testing.T) {
	claim := func(name, higher, lower, by string) string {
		return "  - name: " + name + "\n    says: Planted\n    metric: eval/prior/accuracy\n" +
			"    higher: " + higher + "\n    lower: " + lower + "\n    by: " + by +
			"\n    choose: {highest: eval/id/accuracy}\n"
	}
	s := parse(t, strings.Replace(twoArms, "201..202", "201..205", 1),
		claim("better", "a", "b", "0.05")+claim("alike", "b", "c", "0")+
			claim("worse", "c", "a", "0")+claim("within", "b", "c", "-0.15"))
	f := judge(t, s, func(c design.Cell) []at {
		base := num.NewRand(1, "base", "", c.Base)
		run := num.NewRand(1, "run", c.Arm+c.Config, c.Base, c.Seed)
		v := 0.5 + 0.1*base.Norm() + 0.03*run.Norm()
		if c.Arm == "a" {
			v += 0.2
		}
		return line(map[string]float64{id: 0.5, prior: 0.5}, map[string]float64{id: 0.9,
			prior: min(max(v, 0), 1)})
	})
	for name, want := range map[string]study.Outcome{"better": study.Reproduced,
		"alike": study.Inconclusive, "worse": study.NotReproduced, "within": study.Reproduced} {
		i := slices.IndexFunc(f.Verdicts, func(v Verdict) bool { return v.Name == name })
		if v := f.Verdicts[i]; v.Outcome != want || v.Family != 4 {
			t.Errorf("%s is %s (%v, p %v), want %s", name, v.Outcome, v.Value, v.Corrected, want)
		}
	}
}
