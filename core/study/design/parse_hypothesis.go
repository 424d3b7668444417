package design

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
)

// baseSide stands for the base before training in a hypothesis.
const baseSide = "base"

// hypothesis reads a hypothesis.
func (p *studyReader) hypothesis(n ast.Node) {
	f := p.fields(n, "a hypothesis", "name", "says", "cite", "metric", "higher", "lower", "by",
		"ratio", "at", "choose", "budget", "law")
	h := Hypothesis{Name: f.name()}
	f.text("says")
	h.Says, h.Cite = f.sentence("says"), f.sentence("cite")
	if slices.ContainsFunc(p.study.Hypotheses,
		func(o Hypothesis) bool { return o.Name == h.Name }) {
		f.fail("name", "two hypotheses have the name %s", h.Name)
	}
	switch {
	case p.err != nil:
		return
	case f.has("law"):
		for _, key := range []string{"metric", "higher", "lower", "by", "ratio", "at", "choose",
			"budget"} {
			if f.has(key) {
				f.fail(key, "hypothesis %s is a law, which has no %s", h.Name, key)
			}
		}
		h.Law = p.law(f)
	default:
		h.Comparison = p.comparison(f, h.Name)
	}
	p.study.Hypotheses = append(p.study.Hypotheses, h)
}

// comparison reads a hypothesis that compares two sides.
func (p *studyReader) comparison(f fields, name string) *Comparison {
	c := &Comparison{Metric: f.text("metric"), At: Point{Where: End}}
	c.Higher, c.Lower = p.side(f, "higher"), p.side(f, "lower")
	p.threshold(f, c, name)
	if f.has("at") {
		c.At = p.point(f)
	}
	if f.has("choose") {
		c.Choose = p.choice(f)
	}
	if p.err == nil {
		p.checkSides(f, c, name)
	}
	if p.err == nil {
		p.checkMetrics(f, c)
	}
	if p.err == nil {
		p.checkBudget(f, c, name)
	}
	return c
}

// side reads one side of a comparison.
func (p *studyReader) side(f fields, key string) (s Side) {
	text := f.text(key)
	if p.err != nil {
		return s
	}
	if text == baseSide {
		s.Base = true
		return s
	}
	if x, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(x) && !math.IsInf(x, 0) {
		s.Value = x
		return s
	}
	s.Arm = p.armNamed(f.values[key], text, "base, a number")
	return s
}

// armNamed returns the arm that a text names, with or without its experiment. other is what else
// would be accepted, for the error.
func (p *studyReader) armNamed(n ast.Node, text, other string) *ArmName {
	experiment, arm, qualified := strings.Cut(text, "/")
	if !qualified {
		experiment, arm = "", text
	}
	var found []ArmName
	var known []string
	for _, e := range p.study.Experiments {
		for _, a := range e.Arms {
			name := ArmName{e.Name, a.Name}
			known = append(known, a.Name)
			if qualified {
				known[len(known)-1] = name.String()
			}
			if a.Name == arm && (!qualified || e.Name == experiment) {
				found = append(found, name)
			}
		}
	}
	if other != "" {
		known = append(known, other)
	}
	switch len(found) {
	case 0:
		p.failAt(n, "%w", param.Unknown("arm", text, slices.Compact(known)))
		return nil
	case 1:
		return &found[0]
	}
	p.failAt(n, "several experiments have an arm %s: want one of %s and %s", text, found[0],
		found[1])
	return nil
}

// threshold reads by or ratio.
func (p *studyReader) threshold(f fields, c *Comparison, name string) {
	switch {
	case f.has("by") == f.has("ratio"):
		f.fail("by", "hypothesis %s: want either by, the least difference that counts, or ratio",
			name)
	case f.has("by"):
		c.By = f.number("by")
		if isShare(c.Metric) && math.Abs(c.By) > 1 {
			f.fail("by", "by: %g cannot be a difference of %s, which goes from 0 to 1", c.By,
				c.Metric)
		}
	default:
		c.Ratio, c.By = true, f.number("ratio")
		if !(c.By > 0) {
			f.fail("ratio", "ratio: want a number above 0")
		}
		if p.err == nil && c.Lower.isNumber() && c.Lower.Value <= 0 {
			f.fail("lower", "lower: nothing is a multiple of %g", c.Lower.Value)
		}
	}
}

func (s Side) isNumber() bool { return s.Arm == nil && !s.Base }

// point reads where along its run an arm is looked at.
func (p *studyReader) point(f fields) Point {
	n := f.values["at"]
	if text, ok := n.(*ast.StringNode); ok {
		if text.Value != string(End) {
			p.failAt(n, "at: want end, or {reach: {METRIC: VALUE}}, or {spend: {COST: AMOUNT}}, "+
				"but got %s", param.Quote(text.Value))
		}
		return Point{Where: End}
	}
	if _, empty := n.(*ast.NullNode); empty {
		p.failAt(n, "at is empty: want end, or leave it out")
	}
	at := p.fields(n, "a point", "reach", "spend")
	if p.err == nil && len(at.values) != 1 {
		p.failAt(n, "at: want one of reach and spend")
	}
	if p.err != nil {
		return Point{}
	}
	where := Reach
	if at.has("spend") {
		where = Spend
	}
	return p.target(where, at.values[string(where)])
}

// target reads a metric with a value, such as {eval/id/accuracy: 0.9}.
func (p *studyReader) target(where Where, n ast.Node) Point {
	pair, ok := n.(ast.MapNode)
	if !ok {
		p.failAt(n, "%s: want one metric with a value, such as {eval/id/accuracy: 0.9}", where)
		return Point{}
	}
	each := pair.MapRange()
	if !each.Next() {
		p.failAt(n, "%s is empty: want one metric with a value", where)
		return Point{}
	}
	key, value := each.Key(), each.Value()
	if each.Next() {
		p.failAt(each.Key(), "%s: want one metric with a value, not several", where)
	}
	metric, isText := key.(*ast.StringNode)
	if !isText {
		p.failAt(key, "%s: want the name of a metric", where)
		return Point{}
	}
	f := fields{p.reader, n, string(where), map[string]ast.Node{metric.Value: value}}
	t := Point{Where: where, Metric: metric.Value, Value: f.number(metric.Value)}
	switch growing := costs(true); {
	case p.err != nil:
	case where == Spend && !slices.Contains(growing, t.Metric):
		p.failAt(key, "spend: %w", param.Unknown("cost", t.Metric, growing))
	case where == Spend && t.Value <= 0:
		p.failAt(value, "spend: want an amount above 0")
	case where == Reach && isCost(t.Metric):
		p.failAt(key, "reach: %s is a cost: want {spend: {%s: %g}}", t.Metric, t.Metric, t.Value)
	case where == Reach && isShare(t.Metric) && !(t.Value > 0 && t.Value <= 1):
		p.failAt(value, "reach: %s goes from 0 to 1: want a value there, not %g", t.Metric,
			t.Value)
	}
	return t
}

// choice reads which config counts.
func (p *studyReader) choice(f fields) *Choice {
	which := p.fields(f.values["choose"], "a choice", "highest", "lowest")
	if p.err == nil && len(which.values) != 1 {
		f.fail("choose", "choose: want one of highest and lowest, such as {highest: "+
			"eval/id/accuracy}")
	}
	if p.err != nil {
		return nil
	}
	if which.has("lowest") {
		return &Choice{Metric: which.text("lowest"), Lowest: true}
	}
	c := &Choice{Metric: which.text("highest")}
	if p.err == nil && isCost(c.Metric) {
		which.fail("highest", "choose: the config with the highest %s is the dearest: want "+
			"lowest", c.Metric)
	}
	return c
}

// recipeOf returns the recipe, without lanes, of an experiment.
func (p *studyReader) recipeOf(experiment string) *recipe.Recipe {
	for i, e := range p.study.Experiments {
		if e.Name == experiment {
			return p.recipes[i]
		}
	}
	return nil
}

// checkSides refuses two sides that cannot be compared.
func (p *studyReader) checkSides(f fields, c *Comparison, name string) {
	high, low := c.Higher.Arm, c.Lower.Arm
	switch {
	case high == nil && low == nil:
		f.fail("higher", "hypothesis %s is about no arm: want one as higher or as lower", name)
	case high != nil && low != nil && *high == *low:
		f.fail("lower", "hypothesis %s compares arm %s with itself", name, high.Arm)
	case (c.Higher.Base || c.Lower.Base) && !strings.HasPrefix(c.Metric, "eval/"):
		f.fail("metric", "the base has no %s before training: want a metric of eval/", c.Metric)
	case (c.Higher.Base || c.Lower.Base) && strings.Contains(c.Metric, "/kl_"):
		f.fail("metric", "%s of the base is 0, since it is the distance from the base: want a "+
			"number instead of base", c.Metric)
	case c.At.Metric == c.Metric && c.At.Where == Spend:
		f.fail("at", "at: both sides have spent the same %s: want another metric to compare",
			c.Metric)
	}
	for _, s := range []Side{c.Higher, c.Lower} {
		if s.isNumber() && isShare(c.Metric) && (s.Value < 0 || s.Value > 1) {
			f.failAt(f.node, "hypothesis %s: %s goes from 0 to 1: want a number there, not %g",
				name, c.Metric, s.Value)
		}
	}
	if p.err != nil || high == nil || low == nil {
		return
	}
	_, a := p.study.arm(*high)
	_, b := p.study.arm(*low)
	if !slices.Equal(a.Bases.Judge, b.Bases.Judge) || !slices.Equal(a.Seeds.Judge, b.Seeds.Judge) {
		f.failAt(f.node, "hypothesis %s compares experiments %s and %s, which are judged on other "+
			"bases or seeds: want the same in both, since runs are compared in pairs", name, a.Name,
			b.Name)
	}
}

// checkMetrics refuses a metric that an arm of the comparison is not measured by.
func (p *studyReader) checkMetrics(f fields, c *Comparison) {
	along := c.At.Where != End
	for _, s := range []Side{c.Higher, c.Lower} {
		if s.Arm == nil {
			continue
		}
		r := p.recipeOf(s.Arm.Experiment)
		if err := checkMetric(r, c.Metric, along); err != nil {
			f.fail("metric", "metric: %w", err)
		}
		if c.At.Metric != "" {
			if err := checkMetric(r, c.At.Metric, true); err != nil {
				f.fail("at", "at: %w", err)
			}
		}
		if c.Choose != nil {
			if err := checkMetric(r, c.Choose.Metric, along); err != nil {
				f.fail("choose", "choose: %w", err)
			}
		}
	}
}

// checkBudget refuses arms that were not tuned alike.
func (p *studyReader) checkBudget(f fields, c *Comparison, name string) {
	var configs []int
	var of []string
	most := 0
	for _, s := range []Side{c.Higher, c.Lower} {
		if s.Arm == nil {
			continue
		}
		a, e := p.study.arm(*s.Arm)
		n := len(a.Configs)
		configs, of = append(configs, n), append(of, fmt.Sprintf("%s has %d", a.Name, n))
		most = max(most, n)
		if n > 1 && len(e.Seeds.Tune) == 0 {
			f.failAt(f.node, "hypothesis %s: arm %s has %d configs, and experiment %s has no "+
				"tuning part to choose among them: want tune in its bases and seeds", name, a.Name,
				n, e.Name)
		}
	}
	equal := len(configs) < 2 || configs[0] == configs[1]
	const prefix = "unequal, because "
	switch {
	case most > 1 && c.Choose == nil:
		f.failAt(f.node, "hypothesis %s: %s configs: say which one counts, as in "+
			"choose: {highest: eval/id/accuracy}", name, strings.Join(of, " and "))
	case most <= 1 && c.Choose != nil:
		f.fail("choose", "hypothesis %s has nothing to choose: every arm has one config", name)
	case f.has("budget"):
		why, ok := strings.CutPrefix(f.sentence("budget"), prefix)
		switch {
		case !ok:
			f.fail("budget", "budget: want a reason, as in \"unequal, because beta has no "+
				"counterpart in sft\"")
		case equal:
			f.fail("budget", "budget: the arms of hypothesis %s have equally many configs: "+
				"leave it out", name)
		}
		c.Budget = why
	case !equal:
		f.failAt(f.node, "hypothesis %s: %s configs, %d more: want equally many, so that both are "+
			"tuned alike, or a reason under the key budget", name, strings.Join(of, " and "),
			most-min(configs[0], configs[1]))
	}
}

// law reads a hypothesis that is a law.
func (p *studyReader) law(hypothesis fields) *Law {
	f := p.fields(hypothesis.values["law"], "a law", "x", "y", "arms", "below", "above")
	l := &Law{X: f.text("x"), Y: f.text("y")}
	for _, n := range f.list("arms") {
		text := p.scalar(n, "arms")
		if p.err != nil {
			return l
		}
		name := p.armNamed(n, text, "")
		if p.err != nil {
			return l
		}
		if slices.Contains(l.Arms, *name) {
			p.failAt(n, "the law has the arm %s twice", text)
		}
		l.Arms = append(l.Arms, *name)
		for _, key := range []string{"x", "y"} {
			metric := f.text(key)
			if err := checkMetric(p.recipeOf(name.Experiment), metric, false); err != nil {
				f.fail(key, "%s: %w", key, err)
			}
		}
	}
	if p.err == nil && l.X == l.Y {
		f.fail("y", "a law is about two metrics, and x and y are the same")
	}
	p.bound(f, l)
	p.checkPoints(f, l)
	return l
}

// bound reads the correlation that a law claims.
func (p *studyReader) bound(f fields, l *Law) {
	if p.err == nil && f.has("below") == f.has("above") {
		f.fail("below", "a law claims a rank correlation: want either below, such as below: -0.8, "+
			"or above")
		return
	}
	key := "above"
	if l.Below = f.has("below"); l.Below {
		key = "below"
	}
	if l.Bound = f.number(key); !(l.Bound > -1 && l.Bound < 1) {
		f.fail(key, "%s: a correlation is between -1 and 1, and %g is not", key, l.Bound)
	}
}

// checkPoints refuses a law over too few configs for a correlation, or over arms that are judged on
// different bases.
func (p *studyReader) checkPoints(f fields, l *Law) {
	if p.err != nil {
		return
	}
	const least = 4
	configs := 0
	var first *Experiment
	for _, name := range l.Arms {
		a, e := p.study.arm(name)
		configs += len(a.Configs)
		if first == nil {
			first = e
		}
		if !slices.Equal(first.Bases.Judge, e.Bases.Judge) {
			f.fail("arms", "the arms of a law are judged on the same bases, and those of "+
				"experiments %s and %s are not", first.Name, e.Name)
		}
	}
	if configs < least {
		f.fail("arms", "a law over %d configs says little: want at least %d", configs, least)
	}
}
