package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/verdict"
)

// printOpening prints what is about to run, and how to repeat it with these flags.
func printOpening(out io.Writer, r *recipe.Recipe, flags []string) {
	if e, ok := r.Exhibit(); ok {
		fmt.Fprintf(out, "%s\n\n%s\n%s\n", e.Title, prose.Wrap(e.Doc, ""),
			prose.Wrap("Before you look: "+e.Question, ""))
	}
	fmt.Fprintf(out, "%s\n\n", r.Command(flags...))
}

// printResult prints the closing tables of one seed: what was learnt, and at
// what cost.
func printResult(out io.Writer, r *recipe.Recipe, result *study.Result) error {
	w := newTable(out)
	metric, title := beside(r)
	row(w, slices.Concat([]string{"lane"}, title, levelNames(r),
		[]string{"KL from base", "digest"})...)
	for i, name := range r.LaneNames() {
		lane := result.Lanes[i]
		if name == recipe.LaneName(lane.Label) {
			name = lane.Label
		} else {
			name = lane.Label + " (" + name + ")"
		}
		cells := []string{short(name)}
		if title != nil {
			cells = append(cells, fmt.Sprintf("%.3f", lane.Metrics[metric]))
		}
		for _, level := range r.Task.Levels {
			cells = append(cells, shareOf(lane.Metrics[level.Metric()], r.EvalPrompts()))
		}
		row(w, append(cells, fmt.Sprintf("%.2f nats", lane.Metrics[klName(r)]), lane.Digest[:8])...)
	}
	fmt.Fprintln(w)
	printCosts(w, result)
	fmt.Fprintln(w)
	if err := w.Flush(); err != nil {
		return err
	}
	if said := result.Verdict(r).String(); said != "" {
		fmt.Fprintln(out, prose.Wrap(said, ""))
	}
	printIdle(out, r, result)
	return nil
}

// beside returns the metric that decides the exhibit and the heading of its column. The metric is
// "" if another column of the tables has it.
func beside(r *recipe.Recipe) (metric string, title []string) {
	about := r.Question().About
	if len(about) == 0 || strings.HasPrefix(about[0], "cost/") || slices.ContainsFunc(r.Task.Levels,
		func(l task.Level) bool { return l.Metric() == about[0] }) {
		return "", nil
	}
	d, _ := eval.Define(about[0])
	return about[0], []string{d.Title}
}

// writeCost formats an entry of the ledger for a table that has the unit in its heading.
func writeCost(e protocol.Entry, c protocol.Cost) string {
	switch e.Unit {
	case "FLOPs":
		return fmt.Sprintf("%.1f", e.Of(c)/1e9) // as GFLOP
	case "seconds":
		return fmt.Sprintf("%.1f", e.Of(c))
	}
	return fmt.Sprintf("%.0f", e.Of(c))
}

// printCosts prints a table of the costs of each lane, without costs that are 0 for all.
func printCosts(w io.Writer, result *study.Result) {
	cells := make([][]string, len(result.Lanes))
	head := []string{"lane", "steps"}
	for i, lane := range result.Lanes {
		cells[i] = []string{short(lane.Label), fmt.Sprint(lane.Step)}
	}
	for _, e := range protocol.Ledger() {
		taken := func(l study.LaneResult) bool { return e.Of(l.Cost) > 0 }
		if !e.Sums || !slices.ContainsFunc(result.Lanes, taken) {
			continue
		}
		head = append(head, e.Head)
		for i, lane := range result.Lanes {
			cells[i] = append(cells[i], writeCost(e, lane.Cost))
		}
	}
	row(w, head...)
	for _, lane := range cells {
		row(w, lane...)
	}
}

// sayLonely says before a run in which lanes no reward can have an effect, because each prompt is
// answered once and the method compares the answers to one prompt.
func sayLonely(out io.Writer, r *recipe.Recipe) {
	labels := r.Labels()
	for i, lane := range r.Lanes {
		for _, stage := range lane {
			if stage.Method.Collect == nil || !stage.Method.ComparesWithNone(stage.Values) {
				continue
			}
			fmt.Fprintf(out, "Lane %s: with group=1 each prompt is answered once, and %s learns "+
				"from rewards by comparing the answers to one prompt, so no reward can teach it "+
				"anything. Try group=8.\n", labels[i], stage.Method.Name)
		}
	}
}

// printIdle prints which lanes learned nothing, or hardly anything, and why.
func printIdle(out io.Writer, r *recipe.Recipe, result *study.Result) {
	for i, lane := range result.Lanes {
		l := verdict.Lane{Collects: r.Collects(i), Now: lane.Metrics}
		if why := l.Idle(); why != "" {
			fmt.Fprintln(out, prose.Wrap(lane.Label+": "+why, ""))
		}
	}
}

// shareOf formats a share that was measured on a number of prompts, with its uncertainty. For an
// exact share, prompts is 0.
func shareOf(share float64, prompts int) string {
	if prompts == 0 {
		return fmt.Sprintf("%.3f", share)
	}
	low, high := eval.Wilson(share, prompts)
	return fmt.Sprintf("%.3f ±%.3f", share, (high-low)/2)
}

// printSummary prints the closing table of several seeds.
func printSummary(out io.Writer, r *recipe.Recipe, s study.Summary) error {
	what := fmt.Sprintf("Over %d seeds, mean and 95 %% interval:", len(s.Seeds))
	switch {
	case len(s.Bases) > 1:
		what = fmt.Sprintf("Over %d bases, mean and 95 %% interval:", len(s.Bases))
	case len(s.Seeds) == 1:
		what = "Over 1 seed, which gives no interval and says nothing about others:"
	}
	fmt.Fprintf(out, "%s\n\n", what)
	w := newTable(out)
	metric, title := beside(r)
	row(w, slices.Concat([]string{"lane"}, title, levelNames(r), []string{"KL from base"})...)
	for _, lane := range s.Lanes {
		cells := []string{short(lane.Label)}
		if title != nil {
			cells = append(cells, interval(lane.Metrics[metric]))
		}
		for _, level := range r.Task.Levels {
			cells = append(cells, interval(lane.Metrics[level.Metric()]))
		}
		row(w, append(cells, interval(lane.Metrics[klName(r)])+" nats")...)
	}
	fmt.Fprintln(w)
	if err := w.Flush(); err != nil {
		return err
	}
	printLegend(out, r)
	for _, t := range s.Tested {
		fmt.Fprint(out, "\n"+prose.Wrap(t.Sentence(), ""))
	}
	return nil
}

// printLegend explains the columns.
func printLegend(out io.Writer, r *recipe.Recipe) {
	if metric, title := beside(r); title != nil {
		d, _ := eval.Define(metric)
		on := verdict.LevelOf(metric, r.Task.Levels)
		if on != "" {
			on = " on " + on
		}
		fmt.Fprint(out, prose.Wrap(d.Title+": "+d.Unit+on+": "+d.Doc, ""))
	}
	for _, level := range r.Task.Levels {
		measure := "accuracy on "
		switch {
		case level.Measure != "":
			measure = level.Measure + " with "
		case level.Graded:
			measure = "mean reward on "
		}
		fmt.Fprint(out, prose.Wrap(level.Name+": "+measure+level.Title+": "+level.Doc, ""))
	}
	if r.EvalPrompts() > 0 {
		fmt.Fprintln(out, "checked: responses that the verifier judged; sampled, trained: tokens")
		fmt.Fprintln(out, "GFLOP, seconds: of training; measuring comes on top (eval_every, "+
			"eval_prompts)")
	}
	fmt.Fprintf(out, "KL from base: how far a lane has moved from its base, "+
		"KL(base‖policy) on %s\n",
		r.Task.Levels[0].Name)
}

func newTable(out io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(out, 0, 0, 2, ' ', 0) }

func row(w io.Writer, cells ...string) { fmt.Fprintln(w, strings.Join(cells, "\t")) }

// short shortens the label of a long chain, so that tables fit the screen.
func short(label string) string {
	const most = 32
	if len(label) <= most {
		return label
	}
	return label[:most-1] + "…"
}

func levelNames(r *recipe.Recipe) []string {
	var names []string
	for _, level := range r.Task.Levels {
		names = append(names, level.Name)
	}
	return names
}

func klName(r *recipe.Recipe) string {
	return "eval/" + r.Task.Levels[0].Name + "/kl_base_policy_nats"
}

func interval(e study.Estimate) string {
	return e.Text(func(x float64) string { return fmt.Sprintf("%.3f", x) })
}
