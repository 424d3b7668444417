package report

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/stats"
	"github.com/posttrain/posttrain/core/study/analysis"
	"github.com/posttrain/posttrain/core/study/design"
)

// Sentences has what is said about a hypothesis.
type Sentences struct {
	Name  string
	Word  string // the verdict in a word or two
	Claim string
	Texts []string // the result, and what is to be known about it, a paragraph each

	Varies string // how the result differs between bases, or "" if that is not known
}

// Words returns what is said about every hypothesis of a study, in the order of the file.
func Words(c *recipe.Catalogue, f *analysis.Findings) ([]Sentences, error) {
	n, err := newNames(c, f.Study)
	if err != nil {
		return nil, err
	}
	var all []Sentences
	for _, v := range f.Verdicts {
		s := Sentences{Name: v.Name, Word: word(v), Claim: claim(v.Hypothesis), Varies: varies(v)}
		for _, text := range []string{n.result(f, v), standing(v), v.Why, n.sides(v),
			n.unreached(v), n.groups(v), n.chosen(v)} {
			if text != "" {
				s.Texts = append(s.Texts, text)
			}
		}
		all = append(all, s)
	}
	return all, nil
}

// word returns the verdict in a word or two.
func word(v analysis.Verdict) string {
	if v.Exploratory() {
		return "exploratory"
	}
	return string(v.Outcome)
}

// claim returns what a hypothesis claims, with its source.
func claim(h design.Hypothesis) string {
	text := strings.TrimSuffix(h.Says, ".")
	if h.Cite != "" {
		text += " (" + h.Cite + ")"
	}
	return text + "."
}

// Summary counts the verdicts, as a sentence.
func Summary(f *analysis.Findings) string {
	switch {
	case len(f.Missing) > 0:
		return fmt.Sprintf("The study is not finished: %d of %s have no result yet, so nothing is "+
			"judged.", len(f.Missing), count(len(f.Study.Cells()), "cell", "cells"))
	case len(f.Verdicts) == 0:
		return "The study claims nothing: all of it is exploratory."
	}
	var order, parts []string
	n := map[string]int{}
	for _, v := range f.Verdicts {
		if w := word(v); n[w] == 0 {
			order = append(order, w)
		}
		n[word(v)]++
	}
	for _, w := range order {
		parts = append(parts, fmt.Sprintf("%d %s", n[w], w))
	}
	return fmt.Sprintf("Of %s: %s.", count(len(f.Verdicts), "hypothesis", "hypotheses"),
		prose.List(parts))
}

// result returns the estimate of a hypothesis, beside what is claimed.
func (n names) result(f *analysis.Findings, v analysis.Verdict) string {
	text := n.estimate(v)
	if i := v.Interval; i != nil {
		text += fmt.Sprintf(" (%g%s interval %s to %s; %s%s)", 100*f.Study.Analysis.Level,
			prose.PercentSign, valueText(v, i.Low), valueText(v, i.High), pText(v.Corrected),
			correction(f, v))
	}
	text += ". " + n.claimed(v) + " is claimed. It rests on " + restsOn(v) + "."
	if v.Interval != nil && v.Interval.Method == stats.Bounded {
		text += " The interval is wide because it needs nothing but the bounds of the scores; " +
			"the runs support no other."
	}
	return text
}

// correction says for how many hypotheses a p-value is corrected.
func correction(f *analysis.Findings, v analysis.Verdict) string {
	switch {
	case f.Study.Analysis.Correction == design.NoCorrection && v.Family > 1:
		return fmt.Sprintf(", not corrected for the %d hypotheses", v.Family)
	case v.Family > 1:
		return fmt.Sprintf(" after Holm's correction for %d hypotheses", v.Family)
	}
	return ""
}

func restsOn(v analysis.Verdict) string {
	if v.Bases == 0 {
		return seeds(v.Seeds)
	}
	return fmt.Sprintf("%s with %s each", bases(v.Bases), seeds(v.Seeds))
}

// valueText writes a value of what a hypothesis is about: a difference, a ratio or a correlation.
func valueText(v analysis.Verdict, x float64) string {
	switch {
	case v.Law != nil || v.Comparison.Ratio:
		return number("", x)
	}
	return signed(v.Comparison.Metric, x)
}

// claimed returns what is claimed of the value.
func (n names) claimed(v analysis.Verdict) string {
	switch {
	case v.Law != nil && v.Law.Below:
		return "Less than " + plain("", v.Law.Bound)
	case v.Law != nil:
		return "More than " + plain("", v.Law.Bound)
	case v.Comparison.Ratio:
		return "More than " + plain("", v.Comparison.By)
	}
	return "More than " + plain(v.Comparison.Metric, v.Comparison.By)
}

// estimate returns the value that was measured, as the start of a sentence.
func (n names) estimate(v analysis.Verdict) string {
	switch {
	case v.Law != nil:
		return "The rank correlation is " + number("", v.Value)
	case v.Comparison.Ratio:
		return "The ratio is " + valueText(v, v.Value)
	}
	return "The difference is " + valueText(v, v.Value)
}

// sides returns what was measured on both sides.
func (n names) sides(v analysis.Verdict) string {
	experiment := experimentOf(v.Hypothesis)
	if l := v.Law; l != nil {
		return fmt.Sprintf("It is the correlation of %s and %s at the ends of all runs on one "+
			"base, averaged over bases.", n.metric(experiment, l.X), n.metric(experiment, l.Y))
	}
	c := v.Comparison
	side := func(s analysis.Side) string {
		if s.Arm == nil && !s.Base {
			return "the number " + plain(c.Metric, s.Value)
		}
		return n.side(s.Side) + " " + meanText(c.Metric, s.Mean)
	}
	return fmt.Sprintf("%s %s: %s; %s.", prose.Capital(n.metric(experiment, c.Metric)),
		n.point(experiment, c.At), side(v.Compared.Higher), side(v.Compared.Lower))
}

// groups says which runs fall into two groups that are so far apart that a mean hides something.
func (n names) groups(v analysis.Verdict) string {
	if v.Compared == nil {
		return ""
	}
	var texts []string
	for _, s := range []analysis.Side{v.Compared.Higher, v.Compared.Lower} {
		if m := s.Modes; m.P < 0.05 && apart(v.Comparison.Metric, m) {
			texts = append(texts, fmt.Sprintf("The runs of %s fall into two groups, %d around %s "+
				"and %d around %s (%s): its mean describes neither.", n.side(s.Side),
				m.Lower.Runs, number(v.Comparison.Metric, m.Lower.Mean), m.Upper.Runs,
				number(v.Comparison.Metric, m.Upper.Mean), pText(m.P)))
		}
	}
	return strings.Join(texts, " ")
}

// apart reports whether the two groups of runs are groups and not one run beside the others, and a
// tenth of all answers apart or, if the metric is no share, a factor of two.
func apart(metric string, m stats.Modes) bool {
	if min(m.Lower.Runs, m.Upper.Runs) < 2 {
		return false
	}
	if d, _ := eval.Define(metric); d.Unit == eval.Share {
		return m.Upper.Mean-m.Lower.Mean >= 0.1
	}
	return m.Upper.Mean >= 2*m.Lower.Mean
}

// standing says whether a hypothesis was registered before there were results.
func standing(v analysis.Verdict) string {
	if !v.Exploratory() {
		return ""
	}
	return fmt.Sprintf("It is %s, so it is no test but an observation. As a test it would be: %s.",
		v.State, v.Outcome)
}

// unreached says how many runs ended before the point of a comparison, and what became of them.
func (n names) unreached(v analysis.Verdict) string {
	if v.Compared == nil || v.Comparison.At.Where == design.End {
		return ""
	}
	var texts []string
	for _, s := range []analysis.Side{v.Compared.Higher, v.Compared.Lower} {
		if s.Arm == nil {
			continue
		}
		switch at := v.Comparison.At.Where; {
		case at == design.Reach:
			texts = append(texts, fmt.Sprintf("%d of %d runs of %s reached the target",
				len(s.Runs)-s.Early, len(s.Runs), n.side(s.Side)))
		case s.Early > 0:
			texts = append(texts, fmt.Sprintf("%d of %d runs of %s ended before they had spent so "+
				"much, and count as they ended", s.Early, len(s.Runs), n.side(s.Side)))
		}
	}
	text := strings.Join(texts, "; ")
	if text == "" {
		return ""
	}
	if v.Comparison.At.Where == design.Reach &&
		v.Compared.Higher.Early+v.Compared.Lower.Early > 0 {
		text += ". A run that did not counts as it ended, in the estimate and its interval"
	}
	return text + "."
}

// chosen says which configs count, and out of how many.
func (n names) chosen(v analysis.Verdict) string {
	if v.Compared == nil || v.Comparison.Choose == nil {
		return ""
	}
	var texts []string
	for _, s := range []analysis.Side{v.Compared.Higher, v.Compared.Lower} {
		if s.Tuned != nil {
			texts = append(texts, fmt.Sprintf("of the %d configs of %s it is %s", len(s.Tuned),
				n.side(s.Side), s.Config))
		}
	}
	which := "highest"
	if v.Comparison.Choose.Lowest {
		which = "lowest"
	}
	text := fmt.Sprintf("The config with the %s %s on the tuning part counts: %s.", which,
		n.metric(experimentOf(v.Hypothesis), v.Comparison.Choose.Metric),
		strings.Join(texts, "; "))
	if b := v.Comparison.Budget; b != "" {
		text += " The arms have different numbers of configs, because " + b + "."
	}
	return text
}
