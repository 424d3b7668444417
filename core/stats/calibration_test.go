package stats

import (
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// The tests of this file simulate studies whose truth is known and count how often an interval
// contains it, or a p-value is small. The seeds are fixed, so they pass always or never. The
// numbers of studies are small here; TestVerifyCalibration has more of them, and
// docs/decisions/0031 the results.

// lucky is the probability of an exact binomial test below which a count is not put down to chance.
const lucky = 0.001

// covers checks that intervals at 95 % have contained the truth in 93 to 97 % of all studies, as
// far as so many studies can show.
func covers(t *testing.T, what string, covered, studies int) {
	t.Helper()
	coversAtLeast(t, what, covered, studies)
	if p := atLeast(covered, studies, .97); p < lucky {
		t.Errorf("%s: %d of %d intervals cover the truth, more than 97 %%", what, covered, studies)
	}
}

// coversAtLeast is for intervals that may be wider than they need be.
func coversAtLeast(t *testing.T, what string, covered, studies int) {
	t.Helper()
	if p := atLeast(studies-covered, studies, .07); p < lucky {
		t.Errorf("%s: %d of %d intervals cover the truth, fewer than 93 %%", what, covered,
			studies)
	}
}

// seldom checks that at most 5 % of all studies have found what is not there.
func seldom(t *testing.T, what string, found, studies int) {
	t.Helper()
	if p := atLeast(found, studies, .05); p < lucky {
		t.Errorf("%s: %d of %d, more than 5 %%", what, found, studies)
	}
}

// atLeast returns the probability of at least k of n events of probability p.
func atLeast(k, n int, p float64) float64 {
	if k == 0 {
		return 1
	}
	return distuv.Beta{Alpha: float64(k), Beta: float64(n - k + 1)}.CDF(p)
}

// designs are those of planned studies; each run answers 32 prompts.
func designs() []Design { return []Design{{5, 3, 32}, {5, 5, 32}, {3, 3, 32}, {10, 2, 32}} }

// worlds are the kinds of lanes that studies have met, by name.
func worlds() []struct {
	name string
	world
} {
	type named = struct {
		name string
		world
	}
	return []named{
		{"every source", world{centre: 1, bases: .5, seeds: .3, prompts: 1, basesPrompts: .5}},
		{"seeds", world{centre: 1, seeds: 1, prompts: .5}},
		{"prompts", world{centre: 1, bases: .1, prompts: 2}},
		{"bases", world{centre: 1, bases: 1.5, seeds: .5, prompts: 1}},
		{"high scores", world{centre: 3, bases: .5, seeds: .5, prompts: 1}},
		{"no prompts", world{centre: 1, bases: .5, seeds: .3, scale: perRun}},
		{"normal scores", world{bases: .5, seeds: .5, prompts: .5, basesPrompts: .5,
			scale: normal}},
		{"half of the bases fail", world{centre: 2, bases: .5, seeds: .3, prompts: 1, failing: .5,
			drop: 4}},
	}
}

// rangeOf returns the bounds of a world's scores.
func (w world) rangeOf() *Range {
	if w.scale == normal {
		return nil
	}
	return &Range{0, 1}
}

// tally has the results of simulated studies.
type tally struct{ studies, covered, found, refused int }

// count adds an estimate of something whose true value is known.
func (c *tally) count(e Estimate, err error, truth float64) {
	c.studies++
	switch {
	case err != nil:
		c.refused++
	case e.Low <= truth && truth <= e.High:
		c.covered++
	}
	if err == nil && e.PAbove <= .05 {
		c.found++
	}
}

func (w world) tallyMeans(d Design, o Options, studies int) (c tally) {
	o.Range = w.rangeOf()
	truth := w.mean()
	o.Against = truth
	for i := range studies {
		e, err := w.sample(d, uint64(i)).Mean(o)
		c.count(e, err, truth)
	}
	return c
}

// few are the bases on which t is relied on in these tests, to see where it can be.
const few = 2

func TestCoverageOfMeans(t *testing.T) {
	for _, w := range worlds() {
		for _, d := range designs() {
			if w.failing > 0 && d.Bases < 5 {
				continue // see TestThreeBasesCannotShowWhetherSomeFail
			}
			c := w.tallyMeans(d, Options{Fewest: few}, 400)
			covers(t, w.name+" on "+d.String(), c.covered, c.studies-c.refused)
			if c.refused*100 > c.studies {
				t.Errorf("%s on %v: %d of %d without an interval", w.name, d, c.refused, c.studies)
			}
		}
	}
}

// pairTally has the results of comparisons of two lanes that are equally good.
type pairTally struct{ difference, ratio, improvement tally }

// tallyPairs simulates such comparisons. The lanes have a part in common, and each has effects of
// its own, so that they differ from base to base, but not on average.
func (w world) tallyPairs(d Design, resamples, studies int) (c pairTally) {
	common := world{bases: .7, seeds: .3, prompts: 1, basesPrompts: .5}
	for i := range studies {
		p := w.pair(common, d, uint64(i))
		o := Options{Fewest: few, Range: w.rangeOf(), Resamples: resamples}
		e, err := p.Difference(o)
		c.difference.count(e, err, 0)
		e, err = p.Improvement(o)
		c.improvement.count(e, err, .5)
		if w.scale != normal { // whose scores are negative too
			e, err = p.Ratio(o)
			c.ratio.count(e, err, 1)
		}
	}
	return c
}

func TestFalsePositives(t *testing.T) {
	for _, w := range worlds() {
		for _, d := range designs() {
			c := w.tallyPairs(d, 100, 250)
			c.check(t, w.name+" on "+d.String())
		}
	}
}

func (c pairTally) check(t *testing.T, name string) {
	t.Helper()
	seldom(t, "differences of "+name, c.difference.found, c.difference.studies)
	seldom(t, "improvements of "+name, c.improvement.found, c.improvement.studies)
	seldom(t, "ratios of "+name, c.ratio.found, c.ratio.studies)
	coversAtLeast(t, "differences of "+name, c.difference.covered,
		c.difference.studies-c.difference.refused)
}

// If half of the bases fail, three have all failed or all not in a quarter of all studies, and then
// nothing in them tells of the others. So t covers far too seldom, and by default three bases have
// the interval that needs no assumption, which is wide.
func TestThreeBasesCannotShowWhetherSomeFail(t *testing.T) {
	w := world{centre: 2, bases: .5, seeds: .3, prompts: 1, failing: .5, drop: 4}
	d := Design{3, 3, 32}
	if c := w.tallyMeans(d, Options{Fewest: few}, 400); c.covered*100 > 90*c.studies {
		t.Errorf("t covers %d of %d: is it enough after all?", c.covered, c.studies)
	}
	c := w.tallyMeans(d, Options{}, 150)
	coversAtLeast(t, "bounded intervals", c.covered, c.studies)
}

// If one base of ten fails, five bases have none of these in most studies, so that t covers far too
// seldom however few assumptions it makes. What needs no assumption covers.
func TestFiveBasesMayMissThoseThatFail(t *testing.T) {
	w := world{centre: 2, bases: .5, seeds: .3, prompts: 1, failing: .1, drop: 4}
	d, truth := Design{5, 3, 32}, w.mean()
	var c tally
	for i := range 150 {
		e, err := w.sample(d, uint64(i)).BoundedMean(Options{Range: &Range{0, 1}})
		c.count(e, err, truth)
	}
	coversAtLeast(t, "bounded intervals", c.covered, c.studies)
}

// planted has two lanes of which the first is better by a known amount, with what the difference
// depends on.
type planted struct {
	lane, common world
	gain         float64 // log odds
}

func (p planted) pair(d Design, seed uint64) Pair {
	q := p.lane.pair(p.common, d, seed)
	better := p.lane
	better.centre += p.gain
	latent := p.lane.latent(d, seed, "first")
	for i, v := range p.common.latent(d, seed, "common") {
		latent[i] += v
	}
	q.First = better.observe(latent, d, seed, "first")
	return q
}

// truth returns the true difference of the means.
func (p planted) truth() float64 {
	all := p.lane
	all.bases = norm(p.lane.bases, p.common.bases)
	all.seeds = norm(p.lane.seeds, p.common.seeds)
	all.prompts = norm(p.lane.prompts, p.common.prompts)
	all.basesPrompts = norm(p.lane.basesPrompts, p.common.basesPrompts)
	better := all
	better.centre += p.gain
	return better.mean() - all.mean()
}

// A planted difference of binary scores: its interval covers it, and it is found as often as Power
// says from the components of variance of a pilot.
func TestPlantedDifferences(t *testing.T) {
	for _, d := range designs() {
		found, power := checkPlanted(t, d, 500)
		within(t, "the power of "+d.String(), found, power, .06)
	}
}

// checkPlanted checks the coverage, and returns the share of studies that find the difference and
// the computed power.
func checkPlanted(t *testing.T, d Design, studies int) (found, power float64) {
	t.Helper()
	p := planted{world{centre: .5, bases: .3, seeds: .3, prompts: .4},
		world{bases: .5, seeds: .3, prompts: 1}, .6}
	truth := p.truth()
	pilot := p.pair(Design{100, 3, 200}, 12345).Differences()
	plan := Plan{Design: d, Difference: truth,
		Variances: pilot.Components(Options{Resamples: 10}).Variances()}
	var c tally
	for i := range studies {
		e, err := p.pair(d, uint64(i)).Difference(Options{Fewest: few})
		c.count(e, err, truth)
		if err == nil && e.Low > 0 {
			found += 1 / float64(studies)
		}
	}
	covers(t, "planted on "+d.String(), c.covered, studies)
	return found, plan.Power()
}

// Ten comparisons of lanes that do not differ, corrected by Holm: any is found in at most 5 % of
// the studies.
func TestFamilyOfComparisons(t *testing.T) {
	w := world{centre: 1, bases: .5, seeds: .3}
	any := 0
	const studies = 300
	for i := range studies {
		var p []float64
		for k := range 10 {
			pair := w.pair(w, Design{5, 3, 8}, uint64(10*i+k))
			e, err := pair.Difference(Options{Range: &Range{0, 1}})
			if err != nil {
				e.P = 1
			}
			p = append(p, e.P)
		}
		for _, one := range Holm(p) {
			if one <= .05 {
				any++
				break
			}
		}
	}
	seldom(t, "families with a false discovery", any, studies)
}

func TestCoverageOfComponents(t *testing.T) {
	w := world{bases: .5, seeds: .4, prompts: .7, basesPrompts: .3, scale: normal}
	truth := [effects]float64{.25, .16, .49, .09, 1}
	const studies = 200
	for _, d := range designs() {
		var covered, shares [effects]int
		for i := range studies {
			c := w.sample(d, uint64(i)).Components(Options{Resamples: 400})
			for k, one := range []*Component{c.Bases, c.Seeds, c.Prompts, c.BasesPrompts, c.Rest} {
				if one.Low <= truth[k] && truth[k] <= one.High {
					covered[k]++
				}
				if s := truth[k] / 1.99; one.ShareLow <= s && s <= one.ShareHigh {
					shares[k]++
				}
			}
		}
		for k := range covered {
			coversAtLeast(t, "components of "+d.String(), covered[k], studies)
			coversAtLeast(t, "shares of "+d.String(), shares[k], studies)
		}
	}
}

func TestCoverageOfFrontiers(t *testing.T) {
	const studies = 150
	for _, d := range []Design{{5, 3, 1}, {5, 5, 1}, {10, 2, 1}} {
		exact := sweep(d, 0, 0, 0).Frontier()
		kept, _ := KeptAt(exact, .7)
		mean := MeanKept(exact, .4, .8, 0)
		var at, over, above tally
		o := Options{Resamples: 300}
		for i := range studies {
			s, other := sweep(d, 0, .03, uint64(i)), sweep(d, .1, .03, uint64(i))
			e, err := s.KeptAt(.7, o)
			at.count(e, err, kept)
			e, err = s.MeanKept(.4, .8, o)
			over.count(e, err, mean)
			e, err = s.KeptAbove(other, .7, o)
			above.count(e, err, .1)
		}
		covers(t, "what is kept on "+d.String(), at.covered, studies)
		covers(t, "the mean of what is kept on "+d.String(), over.covered, studies)
		covers(t, "the difference of what is kept on "+d.String(), above.covered, studies)
	}
}

func TestCoverageOfInterquartileMeans(t *testing.T) {
	w := world{centre: 1, bases: .5, seeds: .5, scale: uniform}
	truth := InterquartileMean(w.sample(Design{50000, 1, 1}, 1).values)
	const studies = 200
	for _, d := range []Design{{5, 3, 1}, {5, 5, 1}, {10, 2, 1}} {
		var c tally
		for i := range studies {
			s := w.sample(d, uint64(i))
			e, err := d.Bootstrap(Options{Resamples: 300, Range: &Range{0, 1}},
				func(draw Draw) float64 { return InterquartileMean(draw.RunMeans(s)) })
			c.count(e, err, truth)
		}
		covers(t, "interquartile means on "+d.String(), c.covered, studies)
	}
}

// Runs that form no groups are seldom said to, on bases that differ and on bases that do not, and
// when half of the bases fail, ten of them show it.
func TestGroupsThatAreNotThere(t *testing.T) {
	const studies = 150
	of := func(w world, d Design) (found int) {
		for i := range studies {
			m := w.sample(d, uint64(i)).Modes(Options{Resamples: 199, Range: w.rangeOf()})
			if m.P <= .05 {
				found++
			}
		}
		return found
	}
	for _, w := range worlds() {
		for _, d := range designs() {
			if w.failing > 0 {
				continue
			}
			seldom(t, "groups with "+w.name+" on "+d.String(), of(w.world, d), studies)
		}
	}
	w := world{centre: 2, bases: .5, seeds: .3, prompts: 1, failing: .5, drop: 4}
	if found := of(w, Design{10, 2, 32}); found < 8*studies/10 {
		t.Errorf("groups are found in %d of %d studies of ten bases", found, studies)
	}
}
