package study

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/recipe"
)

// By hand: the means of bases are 1 and 5, their sum of squares 2·(4+4) = 16 with one degree of
// freedom; within bases it is 2+2 = 4 with two. So the noise is 2, and between bases the variance
// is (16-2)/2 = 7.
func TestVariationByHand(t *testing.T) {
	v := variation([][]float64{{0, 2}, {4, 6}})
	if sd := v.BetweenSeeds.SD; math.Abs(sd-math.Sqrt2) > 1e-12 {
		t.Errorf("between seeds the deviation is %v, want √2", sd)
	}
	if sd := v.BetweenBases.SD; math.Abs(sd-math.Sqrt(7)) > 1e-12 {
		t.Errorf("between bases the deviation is %v, want √7", sd)
	}
	// χ² with two degrees of freedom: 7.3778 and 0.050636, from a table
	if d := v.BetweenSeeds; math.Abs(d.Low-math.Sqrt(4/7.3778)) > 1e-4 ||
		math.Abs(d.High-math.Sqrt(4/0.050636)) > 1e-3 {
		t.Errorf("between seeds the interval is [%v, %v]", d.Low, d.High)
	}
}

func TestVariationOfOne(t *testing.T) {
	if v := variation([][]float64{{1, 2, 3}}); v.BetweenBases != nil || v.BetweenSeeds == nil {
		t.Errorf("of one base it is %+v", v)
	}
	if v := variation([][]float64{{1}, {2}, {3}}); v.BetweenBases != nil || v.BetweenSeeds != nil {
		t.Errorf("of one seed it is %+v", v)
	}
	if v := variation([][]float64{{1, 1}, {1, 1}}); v.BetweenBases.SD != 0 ||
		v.BetweenBases.High != 0 || v.BetweenSeeds.High != 0 {
		t.Errorf("of equal values it is %+v %+v", v.BetweenBases, v.BetweenSeeds)
	}
}

// The intervals cover the truth at least as often as they say, on normal values.
func TestVariationCovers(t *testing.T) {
	const trials, ofBases, ofSeeds = 2000, 0.5, 1.0
	missedBases, missedSeeds := 0, 0
	for trial := range trials {
		r := num.NewRand(1, "variation", "", uint64(trial))
		values := make([][]float64, 5)
		for i := range values {
			base := ofBases * r.Norm()
			for range 3 {
				values[i] = append(values[i], base+ofSeeds*r.Norm())
			}
		}
		v := variation(values)
		if v.BetweenBases.Low > ofBases || v.BetweenBases.High < ofBases {
			missedBases++
		}
		if v.BetweenSeeds.Low > ofSeeds || v.BetweenSeeds.High < ofSeeds {
			missedSeeds++
		}
	}
	const most = trials*5/100 + 4*10 // four standard errors beyond 5 %
	if missedBases > most || missedSeeds > most {
		t.Errorf("of %d intervals %d miss the bases' and %d the seeds' deviation, want at most %d",
			trials, missedBases, missedSeeds, most)
	}
}

// Runs on one base are not independent, so that a mean has its interval over bases.
func TestSummariseBases(t *testing.T) {
	r, err := recipe.Standard().Parse("cards?lane=sft&lane=grpo")
	if err != nil {
		t.Fatal(err)
	}
	results := [][]*Result{
		{result(1, 0, 0.5), result(2, 0.2, 0.5)}, {result(1, 0.4, 0.5), result(2, 0.6, 0.5)},
	}
	s, err := SummariseBases(r, []uint64{1, 2}, results)
	if err != nil {
		t.Fatal(err)
	}
	e := s.Lanes[0].Metrics["eval/id/accuracy"]
	if e.N != 2 || math.Abs(e.Mean-0.3) > 1e-12 || len(s.Seeds) != 2 || len(s.Bases) != 2 {
		t.Errorf("the summary is %+v of seeds %v and bases %v", e, s.Seeds, s.Bases)
	}
	if cost := s.Lanes[0].Cost.VerifierCalls; cost != 40 {
		t.Errorf("all runs cost %d verifier calls, want 40", cost)
	}
	one, err := SummariseBases(r, []uint64{1}, results[:1])
	if err != nil || one.Lanes[0].Metrics["eval/id/accuracy"].N != 2 {
		t.Errorf("of one base it is %+v (%v)", one.Lanes[0].Metrics["eval/id/accuracy"], err)
	}
}
