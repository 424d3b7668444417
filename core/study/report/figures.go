package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/stats"
	"github.com/posttrain/posttrain/core/study/analysis"
	"github.com/posttrain/posttrain/core/study/design"
)

// end is the end of a run.
func end() design.Point { return design.Point{Where: design.End} }

// scale returns by what a metric is divided in figures, and its unit there.
func scale(metric string) (by float64, unit string) {
	switch d, _ := eval.Define(metric); {
	case metric == flops:
		return 1e9, ", GFLOP"
	case d.Unit != eval.Share && d.Unit != "" && !strings.HasPrefix(metric, "cost/"):
		return 1, ", " + d.Unit
	}
	return 1, ""
}

// pair is two metrics that a figure draws against each other.
type pair struct{ x, y string }

// frontiers returns the figures in which every config of an experiment is a point.
func (p *page) frontiers(e design.Experiment) (all []figure) {
	levels := p.names.levels(e.Name)
	skill := levels[0].Metric()
	var pairs []pair
	for _, l := range levels[1:] {
		pairs = append(pairs, pair{skill, l.Metric()})
	}
	for _, cost := range p.costs(e) {
		pairs = append(pairs, pair{cost, skill})
	}
	distance := "eval/" + levels[0].Name + "/kl_base_policy_nats"
	for _, l := range levels[1:] {
		pairs = append(pairs, pair{distance, l.Metric()})
	}
	for _, of := range pairs {
		if f, ok := p.frontier(e, of); ok {
			all = append(all, f)
		}
	}
	return all
}

// costs returns the costs by which the arms of an experiment are drawn: arithmetic, and what people
// or a verifier had to supply.
func (p *page) costs(e design.Experiment) (all []string) {
	for _, cost := range []string{flops, "cost/demonstrations", "cost/labels",
		"cost/verifier_calls"} {
		for _, a := range e.Arms {
			m, ok := p.found.Mean(design.ArmName{Experiment: e.Name, Arm: a.Name}, a.Configs[0],
				design.Judge, end(), cost)
			if ok && m.Value > 0 {
				all = append(all, cost)
				break
			}
		}
	}
	return all
}

// frontier draws two metrics of all configs at their ends. ok is false if they are not measured.
func (p *page) frontier(e design.Experiment, of pair) (f figure, ok bool) {
	x, y := p.names.metric(e.Name, of.x), p.names.metric(e.Name, of.y)
	scaleX, unit := scale(of.x)
	c := newChart(x+unit, y)
	f = p.figure(prose.Capital(y)+" against "+x, "A point for each config: the mean over the "+
		"judged runs at their end, with its interval over bases."+few(e))
	f.Head = []string{"arm", "config", x, y}
	all := marks{chart: c}
	for i, a := range e.Arms {
		name := design.ArmName{Experiment: e.Name, Arm: a.Name}
		var outcomes []stats.Outcome
		for _, config := range a.Configs {
			mx, okX := p.found.Mean(name, config, design.Judge, end(), of.x)
			my, okY := p.found.Mean(name, config, design.Judge, end(), of.y)
			if !okX || !okY {
				return f, false
			}
			one := mark{x: mx.Value / scaleX, y: my.Value, arm: i, ys: bar(my.Interval, 1),
				href: p.ofConfig(name, config), title: fmt.Sprintf("%s: %s: %s %s, %s %s", a.Title,
					config, x, number(of.x, mx.Value), y, number(of.y, my.Value))}
			if !strings.HasPrefix(of.x, "cost/") {
				one.xs = bar(mx.Interval, scaleX)
			}
			all.all = append(all.all, one)
			outcomes = append(outcomes, stats.Outcome{New: mx.Value, Kept: my.Value})
			f.Rows = append(f.Rows, []string{a.Title, config, meanText(of.x, mx),
				meanText(of.y, my)})
		}
		if of.x == p.names.levels(e.Name)[0].Metric() {
			c.plot.Add(frontierLine(i, outcomes))
		}
	}
	c.plot.Add(all)
	c.room(of.x, of.y)
	f.SVG = c.svg(f.ID, f.Title, f.Text)
	return f, true
}

// frontierLine joins the outcomes of an arm than which none is better in both respects.
func frontierLine(arm int, outcomes []stats.Outcome) path {
	line := path{arm: arm, thin: true}
	for _, o := range stats.Frontier(outcomes) {
		line.xs, line.ys = append(line.xs, o.New), append(line.ys, o.Kept)
	}
	return line
}

// few warns of the intervals of few bases.
func few(e design.Experiment) string {
	if n := len(e.Bases.Judge); n > 0 && n < 5 {
		return fmt.Sprintf(" With %s, intervals need nothing but the bounds of the scores, and "+
			"are wide.", bases(n))
	}
	return ""
}

// bar returns an interval as the ends of a bar.
func bar(i *analysis.Interval, by float64) *[2]float64 {
	if i == nil {
		return nil
	}
	return &[2]float64{i.Low / by, i.High / by}
}

// room widens the axes a little, so that no point is cut off, but not below 0.
func (c *chart) room(x, y string) {
	for _, one := range []struct {
		axis   *plot.Axis
		metric string
	}{{&c.plot.X, x}, {&c.plot.Y, y}} {
		a := one.axis
		margin := 0.06 * (a.Max - a.Min)
		if margin == 0 {
			margin = 0.05 * max(1, math.Abs(a.Max))
		}
		a.Max += margin
		if a.Min -= margin; strings.HasPrefix(one.metric, "cost/") {
			a.Min = 0
		}
	}
}

// curves returns the learning curves of an experiment, a figure for each level.
func (p *page) curves(e design.Experiment) (all []figure) {
	for _, l := range p.names.levels(e.Name) {
		title := p.names.metric(e.Name, l.Metric())
		by, unit := scale(flops)
		f := p.figure(prose.Capital(title)+" during training", "The mean over the judged runs of "+
			"the configs that hypotheses compare, with the interval over bases as a band. Where "+
			"they compare several of an arm, the further ones are thin lines."+few(e))
		f.Head = []string{"arm", "config", "step", "arithmetic", title}
		c := newChart(p.names.metric(e.Name, flops)+unit, title)
		for i, a := range e.Arms {
			name := design.ArmName{Experiment: e.Name, Arm: a.Name}
			for k, config := range p.found.Chosen(name, p.names.levels(e.Name)[0].Metric()) {
				line := path{arm: i, thin: k > 0}
				curve := p.found.Curve(name, config, l.Metric(), flops)
				for j, m := range curve {
					line.add(m, by, k == 0)
					if j%max(1, len(curve)/6) == 0 || j == len(curve)-1 {
						f.Rows = append(f.Rows, []string{a.Title, config, fmt.Sprint(m.Step),
							number(flops, m.Spent), meanText(l.Metric(), m.Mean)})
					}
				}
				if len(line.xs) > 0 {
					c.plot.Add(line)
				}
			}
		}
		if len(f.Rows) == 0 {
			continue
		}
		c.room(flops, l.Metric())
		f.SVG = c.svg(f.ID, f.Title, f.Text)
		all = append(all, f)
	}
	return all
}

// add adds a point to a line, and to its band if it is to have one.
func (l *path) add(m analysis.Measured, by float64, band bool) {
	l.xs, l.ys = append(l.xs, m.Spent/by), append(l.ys, m.Value)
	if !band {
		return
	}
	low, high := m.Value, m.Value
	if m.Interval != nil {
		low, high = m.Interval.Low, m.Interval.High
	}
	l.low, l.high = append(l.low, low), append(l.high, high)
}

// strip draws the runs of a comparison base by base.
func (p *page) strip(v analysis.Verdict) figure {
	c, of := v.Comparison, v.Compared
	experiment := experimentOf(v.Hypothesis)
	title := p.names.metric(experiment, c.Metric)
	by, unit := scale(c.Metric)
	what := "base"
	if v.Bases == 0 {
		what = "seed"
	}
	f := p.figure("Every run, by "+what, prose.Capital(title)+" "+p.names.point(experiment, c.At)+
		". A point is a run.")
	f.Head = []string{what, "seed", p.names.side(of.Higher.Side), p.names.side(of.Lower.Side)}
	ch := newChart(what, title+unit)
	all := marks{chart: ch}
	signs := p.signs(of.Higher.Side, of.Lower.Side)
	for k, s := range []analysis.Side{of.Higher, of.Lower} {
		number := s.Arm == nil && !s.Base
		f.Key = append(f.Key, keyEntry{keySign(signs[k], number, !number), p.names.side(s.Side)})
	}
	units := unitsOf(of.Higher.Runs)
	for k, s := range []analysis.Side{of.Higher, of.Lower} {
		if s.Arm == nil && !s.Base {
			ch.plot.Add(path{xs: []float64{-0.5, float64(len(units)) - 0.5},
				ys: []float64{s.Value / by, s.Value / by}, arm: signs[k]})
			continue
		}
		for _, r := range s.Runs {
			at := float64(slices.Index(units, r.Unit)) + []float64{-0.16, 0.16}[k] +
				p.aside(s.Runs, r)
			all.all = append(all.all, mark{x: at, y: r.Value / by, arm: signs[k], small: true,
				href: p.ofRun(r.Link), title: fmt.Sprintf("%s, %s %d, seed %d: %s",
					p.names.side(s.Side), what, r.Unit, r.Seed, number(c.Metric, r.Value))})
		}
	}
	ch.plot.Add(all)
	ch.room("", c.Metric)
	ch.plot.X.Min, ch.plot.X.Max = -0.5, float64(len(units))-0.5
	var named []plot.Tick
	for i, u := range units {
		named = append(named, plot.Tick{Value: float64(i), Label: fmt.Sprint(u)})
	}
	ch.plot.X.Tick.Marker = plot.ConstantTicks(named)
	for i, r := range of.Higher.Runs {
		f.Rows = append(f.Rows, []string{fmt.Sprint(r.Unit), fmt.Sprint(r.Seed),
			runText(c.Metric, r), runText(c.Metric, of.Lower.Runs[i])})
	}
	f.SVG = ch.svg(f.ID, f.Title, f.Text)
	return f
}

// aside returns how far a run is drawn beside the middle of its base, so that equal runs are seen.
func (p *page) aside(runs []analysis.Run, r analysis.Run) float64 {
	n, at := 0, 0
	for _, other := range runs {
		if other.Unit == r.Unit {
			if other.Seed == r.Seed {
				at = n
			}
			n++
		}
	}
	if n < 2 {
		return 0
	}
	return 0.16 * (float64(at)/float64(n-1) - 0.5)
}

// runText writes the value of a run.
func runText(metric string, r analysis.Run) string {
	text := number(metric, r.Value)
	if r.Early {
		text += " (as it ended)"
	}
	return text
}

// unitsOf returns the bases of runs, or the seeds if there are none, each once.
func unitsOf(runs []analysis.Run) (units []uint64) {
	for _, r := range runs {
		if !slices.Contains(units, r.Unit) {
			units = append(units, r.Unit)
		}
	}
	return units
}

// armIndex returns the place of an arm in its experiment. What is no arm comes after all arms.
func (p *page) armIndex(s design.Side) int {
	n := 0
	for _, e := range p.found.Study.Experiments {
		for i, a := range e.Arms {
			if s.Arm != nil && *s.Arm == (design.ArmName{Experiment: e.Name, Arm: a.Name}) {
				return i
			}
		}
		n = max(n, len(e.Arms))
	}
	return n
}

// signs returns the place of each side's colour and sign. They are those of its experiment, unless
// sides of several experiments would look alike.
func (p *page) signs(sides ...design.Side) (all []int) {
	for _, s := range sides {
		at := p.armIndex(s)
		for slices.Contains(all, at) {
			at++
		}
		all = append(all, at)
	}
	return all
}

// scatter draws the runs of a law.
func (p *page) scatter(v analysis.Verdict) figure {
	experiment := experimentOf(v.Hypothesis)
	l := v.Law
	x, y := p.names.metric(experiment, l.X), p.names.metric(experiment, l.Y)
	byX, unitX := scale(l.X)
	byY, unitY := scale(l.Y)
	f := p.figure(prose.Capital(y)+" against "+x, "A point is the end of a judged run; all "+
		"configs of the law's arms.")
	f.Head = []string{"base", "rank correlation"}
	var sides []design.Side
	for _, a := range l.Arms {
		sides = append(sides, design.Side{Arm: &a})
	}
	signs := p.signs(sides...)
	for i, a := range l.Arms {
		f.Key = append(f.Key, keyEntry{keySign(signs[i], false, true), p.names.arm(a)})
	}
	c := newChart(x+unitX, y+unitY)
	all := marks{chart: c}
	for _, point := range v.Correlated.Points {
		all.all = append(all.all, mark{x: point.X / byX, y: point.Value / byY, small: true,
			arm: signs[slices.Index(l.Arms, point.Arm)], href: p.ofRun(point.Link),
			title: fmt.Sprintf("%s, base %d, seed %d: %s", p.names.arm(point.Arm), point.Base,
				point.Seed, point.Config)})
	}
	c.plot.Add(all)
	c.room(l.X, l.Y)
	f.SVG = c.svg(f.ID, f.Title, f.Text)
	for _, b := range v.Correlated.ByBase {
		f.Rows = append(f.Rows, []string{fmt.Sprint(b.Base), number("", b.Value)})
	}
	return f
}
