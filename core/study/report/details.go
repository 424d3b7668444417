package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/study/analysis"
)

// varies says how what a hypothesis is about differs between bases, or "" if that is not known.
func varies(v analysis.Verdict) string {
	what, units := "difference", "base to base"
	var byBase []analysis.BaseValue
	switch {
	case v.Law != nil && v.NoInterval != "":
		return ""
	case v.Law != nil:
		what, byBase = "correlation", v.Correlated.ByBase
	default:
		byBase = v.Compared.ByBase
		if v.Comparison.Ratio {
			what = "ratio"
		}
	}
	if v.Bases == 0 {
		units = "seed to seed"
	}
	low, high := extent(byBase)
	return fmt.Sprintf("From %s the %s goes from %s to %s.", units, what, valueText(v, low),
		valueText(v, high))
}

// lawDetails returns what is known of a law beside its estimate.
func (n names) lawDetails(v analysis.Verdict) (texts []string) {
	if text := varies(v); text != "" {
		texts = append(texts, text)
	}
	var within []string
	for _, a := range v.Correlated.Within {
		text := "not known"
		if a.Known {
			text = number("", a.Value)
		}
		within = append(within, n.arm(a.Arm)+" "+text)
	}
	return append(texts, fmt.Sprintf("Among the runs of one arm alone it is, as the mean over "+
		"bases: %s. A law that holds between arms only says as much about the arms.",
		strings.Join(within, ", ")))
}

// extent returns the least and the greatest value of all bases.
func extent(all []analysis.BaseValue) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, b := range all {
		low, high = min(low, b.Value), max(high, b.Value)
	}
	return low, high
}

// details returns what is known of a comparison beside its estimate.
func (n names) details(v analysis.Verdict) (texts []string) {
	of := v.Compared
	text := varies(v)
	if s := of.Spread; s.Bases != nil && s.Seeds != nil {
		text += fmt.Sprintf(" Of the variance of differences between runs, %s is between bases "+
			"(interval %s to %s), and %s between seeds, alike on all bases (%s to %s).",
			prose.Percent(s.Bases.Share), prose.Percent(s.Bases.ShareLow),
			prose.Percent(s.Bases.ShareHigh), prose.Percent(s.Seeds.Share),
			prose.Percent(s.Seeds.ShareLow), prose.Percent(s.Seeds.ShareHigh))
	}
	texts = append(texts, text)
	if e := of.Effect; e != nil {
		texts = append(texts, fmt.Sprintf("Effect size: Hedges' g of the difference is %s "+
			"[%s, %s], in standard deviations over bases.", number("", e.Value),
			number("", e.Low), number("", e.High)))
	}
	if b := of.Better; b != nil {
		texts = append(texts, fmt.Sprintf("With a probability of %s [%s, %s], a run of %s has a "+
			"higher value than one of %s.", number("", b.Value), number("", b.Low),
			number("", b.High), n.side(of.Higher.Side), n.side(of.Lower.Side)))
	}
	return texts
}
