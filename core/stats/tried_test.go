//go:build verify

package stats

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/posttrain/posttrain/core/num"
)

// TestVerifyCalibration makes the tables of docs/decisions/0031: how often intervals that were
// tried cover the true mean, how often lanes that are equally good are said not to be, and how
// often samples are said to have two groups. The numbers are percentages of all studies.
func TestVerifyCalibration(t *testing.T) {
	t.Log("coverage of 95 % intervals (mean width)\n" + coverageTable(t, 2000))
	t.Log("coverage of bounded intervals (mean width)\n" + boundedTable(t, 200))
	t.Log("false positives at 5 %, one-sided\n" + pairsTable(t, 1000))
	t.Log("power, simulated and computed\n" + powerTable(t, 2000))
	t.Log("groups found at 5 %\n" + groupsTable(300))
}

// extremes are worlds in which intervals over few bases cannot be right, for the tables only.
func extremes() []struct {
	name string
	world
} {
	all := worlds()
	all[0].name = "very high scores"
	all[0].world = world{centre: 4, bases: 1, seeds: .5, prompts: 1}
	all[1].name = "three of ten bases fail"
	all[1].world = world{centre: 2, bases: .5, seeds: .3, prompts: 1, failing: .3, drop: 4}
	all[2].name = "one of ten bases fails"
	all[2].world = world{centre: 2, bases: .5, seeds: .3, prompts: 1, failing: .1, drop: 4}
	return all[:3]
}

func coverageTable(t *testing.T, studies int) string {
	var table strings.Builder
	tried := []string{"package", "base means", "satterthwaite", "percentile", "expanded", "bca",
		"bootstrap-t", "wild"}
	fmt.Fprintf(&table, "%-32s%s\n", "", strings.Join(tried, "  "))
	strict := len(worlds())
	for i, w := range append(worlds(), extremes()...) {
		truth := w.mean()
		for _, d := range designs() {
			covered, width, n := map[string]int{}, map[string]float64{}, 0
			for k := range studies {
				s := w.sample(d, uint64(k))
				ends := intervals(s, truth, w.rangeOf(), uint64(k))
				if ends == nil {
					continue
				}
				n++
				for name, e := range ends {
					if e[0] <= truth && truth <= e[1] {
						covered[name]++
					}
					width[name] += e[1] - e[0]
				}
			}
			fmt.Fprint(&table, row(w.name, d))
			for _, name := range tried {
				fmt.Fprintf(&table, " %5.1f (%.2f)", 100*float64(covered[name])/float64(n),
					width[name]/float64(n))
			}
			fmt.Fprintln(&table)
			switch {
			case i >= strict || w.failing > 0 && d.Bases < 5:
			case d.Bases < 5: // allowed for wider intervals, since few bases are told apart anyway
				coversAtLeast(t, w.name+" on "+d.String(), covered["package"], n)
			default:
				covers(t, w.name+" on "+d.String(), covered["package"], n)
			}
		}
	}
	return table.String()
}

func row(name string, d Design) string {
	return fmt.Sprintf("%-24s %-7s", name, strings.TrimSuffix(d.String(), "x32"))
}

func boundedTable(t *testing.T, studies int) string {
	var table strings.Builder
	for _, w := range append(worlds(), extremes()...) {
		if w.scale == normal {
			continue
		}
		truth := w.mean()
		for _, d := range designs() {
			var c tally
			width := 0.0
			for i := range studies {
				e, err := w.sample(d, uint64(i)).BoundedMean(Options{Range: w.rangeOf()})
				c.count(e, err, truth)
				width += (e.High - e.Low) / float64(studies)
			}
			fmt.Fprintf(&table, "%s %5.1f (%.2f)\n", row(w.name, d),
				100*float64(c.covered)/float64(studies), width)
			coversAtLeast(t, w.name+" on "+d.String(), c.covered, studies)
		}
	}
	return table.String()
}

func pairsTable(t *testing.T, studies int) string {
	var table strings.Builder
	fmt.Fprintf(&table, "%-32s difference  ratio  improvement\n", "")
	for _, w := range worlds() {
		for _, d := range designs() {
			c := w.tallyPairs(d, 200, studies)
			c.check(t, w.name+" on "+d.String())
			share := func(c tally) float64 { return 100 * float64(c.found) / float64(studies) }
			fmt.Fprintf(&table, "%s %5.1f %5.1f %5.1f\n", row(w.name, d), share(c.difference),
				share(c.ratio), share(c.improvement))
		}
	}
	return table.String()
}

func powerTable(t *testing.T, studies int) string {
	var table strings.Builder
	for _, d := range designs() {
		found, power := checkPlanted(t, d, studies)
		fmt.Fprintf(&table, "%s %5.1f %5.1f\n", row("", d), 100*found, 100*power)
		within(t, "the power of "+d.String(), found, power, .05)
	}
	return table.String()
}

// intervals returns the ends of what was tried for the mean of a sample, and nil if it has no
// spread.
func intervals(s Sample, truth float64, r *Range, seed uint64) map[string][2]float64 {
	e, err := s.Mean(Options{Fewest: few, Range: r})
	if err != nil || e.Method != Student {
		return nil
	}
	a := newAnova(s)
	v := a.varianceOfMean()
	all := map[string][2]float64{"package": {e.Low, e.High}}
	around := func(name string, half float64) {
		all[name] = [2]float64{a.mean - half, a.mean + half}
	}
	around("base means", studentsT(v.ofBases).Quantile(.975)*math.Sqrt(v.bases))
	around("satterthwaite", studentsT(satterthwaite(a)).Quantile(.975)*v.sqrt())
	draws := hierarchical(s, 400, seed)
	all["percentile"] = [2]float64{draws.lower(.025), draws.upper(.025)}
	n := float64(len(s.bases))
	tail := distuv.UnitNormal.CDF(studentsT(n-1).Quantile(.025) * math.Sqrt(n/(n-1)))
	all["expanded"] = [2]float64{draws.lower(tail), draws.upper(tail)}
	all["bca"] = biasCorrected(s, draws, a.mean)
	all["bootstrap-t"] = studentized(s, a.mean, seed)
	all["wild"] = [2]float64{truth + 1, truth + 1} // a test, so it has no width here
	if wildKeeps(s, truth, seed) {
		all["wild"] = [2]float64{truth, truth}
	}
	return all
}

// satterthwaite returns the approximate degrees of freedom of the variance of a mean.
func satterthwaite(a anova) float64 {
	n := float64(a.design.scores())
	v := a.varianceOfMean()
	below := square(v.bases) / v.ofBases
	if v.prompts > 0 {
		below += square(a.ms[byPrompt]/n)/a.df[byPrompt] +
			square(a.ms[byBasePrompt]/n)/a.df[byBasePrompt]
	}
	return max(1, square(v.bases+v.prompts)/below)
}

// hierarchical returns means of resamples: bases, seeds again within each, and prompts.
func hierarchical(s Sample, n int, seed uint64) sorted {
	draws := make(sorted, n)
	d := s.Design().whole()
	for i := range draws {
		r := num.NewRand(seed, "test/hierarchical", "", uint64(i))
		redraw(d.Bases, &r)
		redraw(d.Prompts, &r)
		sum := 0.0
		for _, b := range d.Bases {
			for range s.seeds {
				run := s.values[s.index(b, r.IntN(len(s.seeds)), 0):]
				for _, p := range d.Prompts {
					sum += run[p]
				}
			}
		}
		draws[i] = sum / float64(len(s.values))
	}
	slices.Sort(draws)
	return draws
}

// biasCorrected returns Efron's BCa interval, with the acceleration of a jackknife over bases.
func biasCorrected(s Sample, draws sorted, mean float64) [2]float64 {
	below, _ := slices.BinarySearch(draws, mean)
	share := (float64(below) + .5) / float64(len(draws)+1)
	bias := distuv.UnitNormal.Quantile(share)
	bases := s.BaseMeans()
	skew, spread := 0.0, 0.0
	for _, v := range bases {
		skew += math.Pow(v-mean, 3)
		spread += square(v - mean)
	}
	acceleration := skew / (6 * math.Pow(spread, 1.5))
	at := func(p float64) float64 {
		z := bias + distuv.UnitNormal.Quantile(p)
		return distuv.UnitNormal.CDF(bias + z/(1-acceleration*z))
	}
	return [2]float64{draws.lower(at(.025)), draws.upper(1 - at(.975))}
}

// studentized returns the bootstrap-t interval over bases.
func studentized(s Sample, mean float64, seed uint64) [2]float64 {
	bases := s.BaseMeans()
	n := float64(len(bases))
	se := stat.StdDev(bases, nil) / math.Sqrt(n)
	ts := make(sorted, 400)
	drawn := make([]float64, len(bases))
	for i := range ts {
		r := num.NewRand(seed, "test/studentized", "", uint64(i))
		for k := range drawn {
			drawn[k] = bases[r.IntN(len(bases))]
		}
		m, sd := stat.MeanStdDev(drawn, nil)
		ts[i] = (m - mean) / (sd / math.Sqrt(n))
		if sd == 0 {
			ts[i] = math.Copysign(math.MaxFloat64, m-mean)
		}
	}
	slices.Sort(ts)
	return [2]float64{max(-9, mean-ts.upper(.025)*se), min(9, mean-ts.lower(.025)*se)}
}

// wildKeeps reports whether the wild cluster bootstrap with Webb's six weights keeps the hypothesis
// that the mean is the true one.
func wildKeeps(s Sample, truth float64, seed uint64) bool {
	bases := s.BaseMeans()
	t := func(x []float64) float64 {
		m, sd := stat.MeanStdDev(x, nil)
		return math.Abs(m-truth) / sd
	}
	weights := []float64{-math.Sqrt(1.5), -1, -math.Sqrt(.5), math.Sqrt(.5), 1, math.Sqrt(1.5)}
	observed, asMuch := t(bases), 1
	drawn := make([]float64, len(bases))
	const draws = 399
	for i := range draws {
		r := num.NewRand(seed, "test/wild", "", uint64(i))
		for k, v := range bases {
			drawn[k] = truth + weights[r.IntN(6)]*(v-truth)
		}
		if t(drawn) >= observed {
			asMuch++
		}
	}
	return asMuch > (draws+1)/20
}

// groupsTable compares three statistics, with the same null distribution.
func groupsTable(studies int) string {
	var table strings.Builder
	fmt.Fprintf(&table, "%-32s package  dip  sarle\n", "")
	for _, w := range append(worlds(), extremes()...) {
		for _, d := range designs() {
			found, dips, sarles := 0, 0, 0
			for i := range studies {
				s := w.sample(d, uint64(i))
				if s.Modes(Options{Resamples: 199, Range: w.rangeOf()}).P <= .05 {
					found++
				}
				of := s.overPrompts()
				if chance(of, dip, uint64(i)) <= .05 {
					dips++
				}
				if chance(of, sarle, uint64(i)) <= .05 {
					sarles++
				}
			}
			share := func(n int) float64 { return 100 * float64(n) / float64(studies) }
			fmt.Fprintf(&table, "%s %5.1f %5.1f %5.1f\n", row(w.name, d), share(found),
				share(dips), share(sarles))
		}
	}
	return table.String()
}

// chance returns the p-value of a statistic among samples with the same components of variance.
func chance(s Sample, statistic func([]float64) float64, seed uint64) float64 {
	a := newAnova(s)
	v := a.components(a.ms)
	observed, asMuch := statistic(s.values), 1
	draw := make([]float64, len(s.values))
	const draws = 199
	for i := range draws {
		r := num.NewRand(seed, "test/chance", "", uint64(i))
		base := 0.0
		for k := range draw {
			if k%len(s.seeds) == 0 {
				base = math.Sqrt(v[byBase]) * r.Norm()
			}
			draw[k] = base + math.Sqrt(v[bySeed])*r.Norm()
		}
		if statistic(draw) >= observed {
			asMuch++
		}
	}
	return float64(asMuch) / (draws + 1)
}

// sarle returns Sarle's coefficient of bimodality.
func sarle(x []float64) float64 {
	n := float64(len(x))
	return (square(stat.Skew(x, nil)) + 1) /
		(stat.ExKurtosis(x, nil) + 3*square(n-1)/((n-2)*(n-3)))
}

// dip returns Hartigan's and Hartigan's dip, as half of the largest excess mass of two intervals
// over that of one (Müller and Sawitzki, "Excess mass estimates and tests for multimodality",
// 1991).
func dip(values []float64) float64 {
	x := slices.Sorted(slices.Values(values))
	n := len(x)
	shortest := make([]float64, n+1) // the shortest interval with k values
	for k := 1; k <= n; k++ {
		shortest[k] = math.Inf(1)
		for i := 0; i+k <= n; i++ {
			shortest[k] = min(shortest[k], x[i+k-1]-x[i])
		}
	}
	most := 1 / float64(2*n)
	for k := n; shortest[k] > 0; {
		next, density := k, math.Inf(1)
		for j := k - 1; j >= 1; j-- {
			at := float64(k-j) / float64(n) / (shortest[k] - shortest[j])
			if at <= density {
				next, density = j, at
			}
		}
		one, two := excessMass(x, density)
		most = max(most, (two-one)/2)
		k = next
	}
	return most
}

// excessMass returns the largest share of values in one interval, and in two, less density times
// their length.
func excessMass(x []float64, density float64) (one, two float64) {
	each := 1 / float64(len(x))
	first, second := each, 0.0 // of intervals that end at the current value
	one = each
	for i := 1; i < len(x); i++ {
		gap := density * (x[i] - x[i-1])
		second = max(second-gap, one) + each
		first = max(first-gap, 0) + each
		one, two = max(one, first), max(two, second)
	}
	return one, two
}

// The values are those of the R package diptest; the first is an example of Hartigan and Hartigan,
// "The dip test of unimodality", 1985.
func TestVerifyDip(t *testing.T) {
	faculty := []float64{30, 33, 35, 36, 37, 37, 39, 39, 39, 39, 39, 40, 40, 40, 40, 41, 42, 43,
		43, 43, 44, 44, 45, 45, 46, 46, 47, 47, 48, 48, 48, 49, 50, 50, 51, 52, 52, 53, 53, 53, 53,
		53, 54, 54, 57, 57, 59, 60, 60, 60, 61, 61, 61, 61, 62, 62, 62, 62, 63, 66, 70, 72, 72}
	near(t, "the dip of faculties", dip(faculty), 7.5/126)
	near(t, "the dip of two pairs", dip([]float64{1, 1, 2, 2}), 1./4)
	near(t, "the dip of four values", dip([]float64{0, 1, 3, 6}), 1./8)
	near(t, "the dip of five values", dip([]float64{0, 2, 3, 5, 6}), 4./30)
}
