package report

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/study/analysis"
	"github.com/posttrain/posttrain/core/study/design"
)

// limits returns what the results do not show, a sentence or two each.
func (p *page) limits() (texts []string) {
	for _, e := range p.Study.Experiments {
		texts = append(texts, p.limitsOf(e)...)
	}
	if slices.ContainsFunc(p.Study.Hypotheses, func(h design.Hypothesis) bool {
		return h.Comparison != nil && h.Comparison.At.Where == design.Reach
	}) {
		texts = append(texts, "A target counts as reached where the curve first crosses it, on a "+
			"straight line between two measurements. Measurements have noise, so this is a little "+
			"early, and earlier for arms that are measured more often.")
	}
	texts = append(texts, p.edges()...)
	if d := p.found.Standing.Dropped; len(d) > 0 {
		texts = append(texts, fmt.Sprintf("Registered, and no longer in the study: %s. The "+
			"correction counts them as if they had failed.", prose.List(d)))
	}
	if p.History != "" {
		texts = append(texts, "Whether the lock came before the results is not known: "+
			strings.TrimSuffix(p.History, ".")+".")
	}
	if p.Study.Analysis.Correction == design.NoCorrection && len(p.Study.Hypotheses) > 1 {
		texts = append(texts, "P-values are not corrected for the number of hypotheses, so false "+
			"verdicts are more probable than the level says.")
	}
	texts = append(texts, "Intervals are those of one hypothesis at a time; verdicts follow from "+
		"p-values, corrected for the number of hypotheses where it says so. P-values are "+
		"two-sided and about the threshold. Bases and seeds are taken as samples, crossed since "+
		"a seed draws the same prompts on all bases.")
	var explored []string
	for _, a := range p.Study.Exploratory() {
		explored = append(explored, p.names.arm(a))
	}
	if len(explored) > 0 {
		texts = append(texts, fmt.Sprintf("No hypothesis is about %s: what is seen there is "+
			"exploratory.", prose.List(explored)))
	}
	return slices.Compact(texts)
}

// nineTenths returns 0.9 to the power of n.
func nineTenths(n int) float64 {
	power := 1.0
	for range n {
		power *= 0.9
	}
	return power
}

// limitsOf returns what limits the results of an experiment.
func (p *page) limitsOf(e design.Experiment) (texts []string) {
	of := ""
	if len(p.Study.Experiments) > 1 {
		of = " of " + e.Name
	}
	if n := len(e.Bases.Judge); n > 0 && n < 5 {
		texts = append(texts, fmt.Sprintf("The judged part%s has %s. With fewer than 5, intervals "+
			"of shares rest on nothing but their bounds and are wide, and other metrics have "+
			"none.", of, bases(n)))
	}
	if n := len(e.Bases.Judge); n > 0 {
		texts = append(texts, fmt.Sprintf("All bases%s are of one kind, %s. Nothing here is about "+
			"other kinds or sizes. If one base of ten fails, %s contain none of these with a "+
			"probability of %s.", of, e.Recipe, bases(n),
			prose.Percent(nineTenths(n))))
	}
	if n := p.names.recipes[e.Name].EvalPrompts(); n > 0 {
		texts = append(texts, fmt.Sprintf("All runs%s answer the same %d held-out prompts of a "+
			"level, so intervals are about these prompts. Chance alone moves the score of one run "+
			"by up to ±%.2f (two standard errors).", of, n, 2*math.Sqrt(0.25/float64(n))))
	}
	if len(e.Seeds.Tune) > 0 {
		on := seeds(len(e.Seeds.Tune))
		if n := len(e.Bases.Tune); n > 0 {
			on = bases(n) + " with " + on + " each"
		}
		texts = append(texts, fmt.Sprintf("Configs%s were chosen on %s. Others might be chosen on "+
			"more.", of, on))
	}
	return texts
}

// edges says which settings of configs that count are the lowest or the highest that were tried.
func (p *page) edges() (texts []string) {
	var order []string
	in := map[string][]string{} // the hypotheses for which something is so
	for _, v := range p.found.Verdicts {
		if v.Compared == nil {
			continue
		}
		for _, s := range []analysis.Side{v.Compared.Higher, v.Compared.Lower} {
			if s.Tuned == nil {
				continue
			}
			if at := p.extremes(s); len(at) > 0 {
				what := p.names.side(s.Side) + " has " + prose.List(at)
				if in[what] == nil {
					order = append(order, what)
				}
				in[what] = append(in[what], v.Name)
			}
		}
	}
	for _, what := range order {
		texts = append(texts, fmt.Sprintf("The config of %s that was tried, in %s: a wider range "+
			"may have a better one.", what, prose.List(in[what])))
	}
	return texts
}

// extremes returns the settings of a side's config that are at the end of a range, in words. A
// setting of 0 switches something off, and has no lower one.
func (p *page) extremes(s analysis.Side) (texts []string) {
	settings, order := p.settings(s)
	for _, name := range order {
		values := settings[name]
		mine := values[s.Config]
		all := slices.Sorted(maps.Values(values))
		low, high := all[0], all[len(all)-1]
		switch {
		case low == high || mine == 0:
		case mine == high:
			texts = append(texts, fmt.Sprintf("the highest %s (%g)", name, mine))
		case mine == low:
			texts = append(texts, fmt.Sprintf("the lowest %s (%g)", name, mine))
		}
	}
	return texts
}

// settings returns the numeric settings of all configs of a side: by name, then by config. order
// has the names in the order of the stages and their settings.
func (p *page) settings(s analysis.Side) (settings map[string]map[string]float64, order []string) {
	settings = map[string]map[string]float64{}
	r := p.names.recipes[s.Arm.Experiment].Clone()
	for _, one := range s.Tuned {
		if err := r.SetLanes(one.Config); err != nil {
			return nil, nil
		}
		for i, stage := range r.Lanes[0] {
			for _, k := range stage.Values.Knobs() {
				v, err := strconv.ParseFloat(stage.Values.Text(k.Name), 64)
				if err != nil {
					continue
				}
				name := k.Name
				if len(r.Lanes[0]) > 1 {
					name += fmt.Sprintf(" of stage %d", i+1)
				}
				if settings[name] == nil {
					settings[name] = map[string]float64{}
					order = append(order, name)
				}
				settings[name][one.Config] = v
			}
		}
	}
	return settings, order
}
