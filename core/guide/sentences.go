package guide

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/prose"
)

// amount writes an amount of a cost with its unit, such as 1.1e11 FLOPs.
func amount(cost string, x float64) string {
	return number(cost, false, x) + " " + costTitle(cost)
}

// number writes a number of a metric.
func number(metric string, share bool, x float64) string {
	text := strconv.FormatFloat(x, 'f', 1, 64)
	switch {
	case share:
		text = strconv.FormatFloat(x, 'f', 2, 64)
	case metric == costFLOPs:
		text = strconv.FormatFloat(x, 'g', 2, 64)
		text = strings.Replace(strings.Replace(text, "e+0", "e", 1), "e+", "e", 1)
	case strings.HasPrefix(metric, "cost/"):
		text = strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strings.Replace(text, "-", "−", 1)
}

// Number writes a value of the column.
func (c Column) Number(x float64) string { return number(c.Metric, c.Share, x) }

// Text writes a value of a column with its interval, such as "0.91 [0.85, 0.95]".
func (v Value) Text(c Column) string {
	switch {
	case !v.Known:
		return "–"
	case c.Metric == reached:
		return fmt.Sprintf("%.0f of %d", v.Mean*float64(len(v.runs)), len(v.runs))
	}
	return c.Number(v.Mean) + c.intervalText(v.Interval)
}

func (c Column) intervalText(i *Interval) string {
	if i == nil {
		return ""
	}
	return fmt.Sprintf(" [%s, %s]", c.Number(i.Low), c.Number(i.High))
}

// Head returns what heads the column in a table.
func (c Column) Head() string {
	if c.Metric == reached {
		return reached
	}
	return c.short()
}

// Reading is how an answer is to be read, whatever it says.
const Reading = "Intervals are those of one number at a time, at 95" + prose.PercentSign +
	", over bases and seeds. Who is behind follows from p-values that are corrected for all " +
	"comparisons of a table. No place was registered before, so all of this explores; verdicts " +
	"are in the reports of studies."

// Sentence returns the situation in words.
func (s Situation) Sentence() string {
	words := func(names []string, title func(string) string) string {
		var titles []string
		for _, name := range names {
			titles = append(titles, title(name))
		}
		return prose.List(titles)
	}
	text := "Whatever you have"
	if s.Have != nil {
		text = "You have " + words(s.Have, func(name string) string {
			h, _ := lookup("", name, haves)
			return h.Title
		})
	}
	text += ". You need " + words(s.Need, needTitle) + "."
	var limits []string
	for _, l := range s.Limits {
		limits = append(limits, amount(l.Cost, l.Most))
	}
	if limits != nil {
		text += " You can spend at most " + prose.List(limits) + "."
	}
	if s.limitsCosts() {
		text += fmt.Sprintf(" Every run is stopped where the new skill reaches %v.", s.Target)
	}
	return text
}

// needTitle returns a need in words, with its name.
func needTitle(name string) string {
	n, _ := lookup("", name, needs)
	if n.Title == name {
		return name
	}
	return n.Title + " (" + name + ")"
}

// Field returns the application of the situation. ok is false if it has none.
func (s Situation) Field() (a Application, ok bool) {
	a, err := lookup("", s.Application, applications)
	return a, err == nil
}

// UnusedSentences says what there is that no method of the tables makes use of.
func (a Answer) UnusedSentences() (texts []string) {
	for _, name := range a.Unused {
		h, _ := lookup("", name, haves)
		texts = append(texts, fmt.Sprintf("Not measured: what can be made of %s (%s). No method "+
			"in these tables uses that.", h.Title, name))
	}
	return texts
}

// titled joins titles, which may have commas.
func titled(titles []string) string { return strings.Join(titles, "; ") }

// count writes a number of things.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// Heading says what the setting is and what its numbers rest on.
func (s *Setting) Heading() string {
	return fmt.Sprintf("%s (task %s): %s with %s each, from %s %s.", s.TaskTitle, s.Task,
		count(len(s.Bases), "base", "bases"), count(len(s.Seeds), "seed", "seeds"),
		plural(len(s.Studies), "study", "studies"), prose.List(s.Studies))
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Ranking says which rows are first and which are behind.
func (f Found) Ranking() (texts []string) {
	first := f.first()
	switch {
	case len(f.Rows) == 0:
		return []string{"No method that was measured here is possible with what you have."}
	case len(f.Rows) == 1:
		texts = append(texts, fmt.Sprintf("Only %s can be judged here, so there is nothing to "+
			"compare it with.", first[0]))
	case len(first) == len(f.Rows):
		texts = append(texts, fmt.Sprintf("None of these is shown to be behind another: %s.",
			titled(first)))
	case len(first) == 1:
		texts = append(texts, fmt.Sprintf("First: %s.", first[0]))
	default:
		texts = append(texts, fmt.Sprintf("First, in no order: %s.", titled(first)))
	}
	for _, r := range f.Rows {
		if !r.First {
			texts = append(texts, f.behind(r))
		}
	}
	return append(texts, f.best()...)
}

// behind says why a row is not first.
func (f Found) behind(r Row) string {
	var whys []string
	for _, b := range r.Behind {
		c := f.Columns[b.Column]
		by := c.Number(b.Difference) + c.intervalText(b.Interval)
		if b.Ratio != 0 {
			by = fmt.Sprintf("a factor of %.2g", b.Ratio)
			if i := b.Interval; i != nil {
				by += fmt.Sprintf(" [%.2g, %.2g]", i.Low, i.High)
			}
		}
		whys = append(whys, fmt.Sprintf("%s by %s in %s", f.Rows[b.Row].Title, by, c.short()))
	}
	return fmt.Sprintf("%s is behind %s.", r.Title, titled(whys))
}

// short returns the need of a column, with its metric if the need has several.
func (c Column) short() string {
	n, _ := lookup("", c.Need, needs)
	switch {
	case c.Metric == reached:
		return "reaching the target"
	case len(n.Measures) > 1:
		return c.Need + " (" + c.Title + ")"
	}
	return c.Need
}

// best says for each need apart which rows are not shown to be worse than another, if there are
// several needs and these are not all rows.
func (f Found) best() (texts []string) {
	if len(f.Columns) < 2 || len(f.Rows) < 2 {
		return nil
	}
	for k, c := range f.Columns {
		var best []string
		for _, r := range f.Rows {
			if r.Values[k].Best {
				best = append(best, r.Title)
			}
		}
		if len(best) > 0 && len(best) < len(f.Rows) && !c.Held {
			texts = append(texts, fmt.Sprintf("In %s alone nothing is shown to be better than %s.",
				c.short(), titled(best)))
		}
	}
	return texts
}

// AgainstBase says which rows are not shown to be better than the base before training, and which
// are shown to be worse.
func (f Found) AgainstBase() (texts []string) {
	for k, c := range f.Columns {
		if !f.Base[k].Known || c.Held || len(f.Rows) == 0 {
			continue
		}
		var worse, unsure []string
		for _, r := range f.Rows {
			switch v := r.Values[k]; {
			case v.Known && v.AgainstBase < 0:
				worse = append(worse, r.Title)
			case v.Known && v.AgainstBase == 0:
				unsure = append(unsure, r.Title)
			}
		}
		if worse != nil {
			texts = append(texts, fmt.Sprintf("Shown to be worse in %s than the base before "+
				"training: %s.", c.short(), titled(worse)))
		}
		if unsure != nil {
			texts = append(texts, fmt.Sprintf("Not shown to be better or worse in %s than the "+
				"base before training: %s.", c.short(), titled(unsure)))
		}
	}
	return texts
}

// FromBaseToBase says how much values differ from base to base, and which row is best on how many
// of them.
func (f Found) FromBaseToBase() (texts []string) {
	for k, c := range f.Columns {
		var parts []string
		for _, r := range f.Rows {
			v := r.Values[k]
			if !v.Known || len(v.ByBase) < 2 {
				continue
			}
			part := fmt.Sprintf("%s %s to %s", r.Title, c.Number(slices.Min(v.ByBase)),
				c.Number(slices.Max(v.ByBase)))
			if n := f.wins(r, k); len(f.Rows) > 1 {
				part += fmt.Sprintf(", best on %d of %d", n, len(v.ByBase))
			}
			parts = append(parts, part)
		}
		if parts != nil && c.Metric != reached && !c.Held {
			texts = append(texts, fmt.Sprintf("From base to base, %s: %s.", c.short(),
				strings.Join(parts, "; ")))
		}
	}
	return texts
}

// wins returns on how many bases no other row has a better mean in a column.
func (f Found) wins(r Row, k int) (n int) {
	c := column{Column: f.Columns[k]}
	for b, x := range r.Values[k].ByBase {
		if !slices.ContainsFunc(f.Rows, func(o Row) bool {
			v := o.Values[k]
			return v.Known && c.oriented(v.ByBase[b]) > c.oriented(x)
		}) {
			n++
		}
	}
	return n
}

// Sentence says who would be first.
func (c Change) Sentence() string {
	title := prose.Capital(c.Title)
	gone := ""
	if len(c.Gone) > 0 {
		gone = " Not to be judged then: " + titled(c.Gone) + "."
	}
	return fmt.Sprintf("%s: first %s %s.%s", title, plural(len(c.First), "is", "are"),
		titled(c.First), gone)
}

// WhatWouldChange says which other situations have others first, and which have not.
func (f Found) WhatWouldChange() (texts []string) {
	var same []string
	for _, c := range f.Changes {
		if c.Same {
			same = append(same, c.Title)
		} else {
			texts = append(texts, c.Sentence())
		}
	}
	if same != nil {
		texts = append(texts, fmt.Sprintf("The same are first %s.", strings.Join(same, "; ")))
	}
	return texts
}

// GapSentences says what is not measured, and what would measure it.
func (a Answer) GapSentences() (texts []string) {
	var missing, never, order []string
	would := map[string][]string{} // needs that a study would measure, by the study's sentence
	for _, g := range a.Gaps {
		missing = append(missing, needTitle(g.Need))
		if len(g.Studies) == 0 {
			never = append(never, g.Need)
		}
		for _, p := range g.Studies {
			text := fmt.Sprintf("the study %s, with %s: posttrain study run %s --out out/%s",
				p.Name, count(p.Cells, "run", "runs"), p.Name, p.Name)
			if would[text] == nil {
				order = append(order, text)
			}
			would[text] = append(would[text], g.Need)
		}
	}
	if missing == nil {
		return nil
	}
	texts = append(texts, fmt.Sprintf("Not measured with what you have: %s.", prose.List(missing)))
	for _, text := range order {
		texts = append(texts, fmt.Sprintf("What would measure %s: %s.", prose.List(would[text]),
			text))
	}
	if never != nil {
		texts = append(texts, fmt.Sprintf("No study that is part of the program would measure %s "+
			"in this situation.", prose.List(never)))
	}
	return texts
}

// Sentence says why an arm is left out.
func (e Excluded) Sentence() string {
	switch e.Why {
	case TooDear:
		return fmt.Sprintf("The first measurement of %s comes after what may be spent.", e.Title)
	case NotReached:
		return fmt.Sprintf("No run of %s reaches the target.", e.Title)
	}
	var titles []string
	for _, i := range e.Missing {
		titles = append(titles, inputTitle(i))
	}
	return fmt.Sprintf("%s needs %s.", e.Title, prose.List(titles))
}
