package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"posttrain/core/eval"
	"posttrain/core/recipe"
	"posttrain/core/study"
	"posttrain/core/train"
)

// printOpening says what is about to run.
func printOpening(out io.Writer, r *recipe.Recipe) {
	if r.Engine != train.Engine {
		fmt.Fprintf(out, "This link was made with engine %d; this program is engine %d, so its numbers will differ.\n", r.Engine, train.Engine)
	}
	if e, err := recipe.LookupExhibit(r.Name); err == nil {
		fmt.Fprintf(out, "%s\n\n%s\n\nBefore you look: %s\n\n", e.Title, e.Doc, e.Question)
	}
	fmt.Fprintf(out, "posttrain run '%s'\n\n", r.Link())
}

// printResult is the closing table of one seed.
func printResult(out io.Writer, r *recipe.Recipe, result *study.Result) {
	prompts := r.Values.Int("eval_prompts")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row(w, append(append([]string{"lane"}, levelNames(r)...), "KL from base", "demos", "checked", "sampled", "trained", "GFLOP", "seconds", "digest")...)
	for _, lane := range result.Lanes {
		cells := []string{lane.Label}
		for _, level := range r.Task.Levels {
			share := lane.Metrics["eval/"+level.Name+"/accuracy"]
			low, high := eval.Wilson(share, prompts)
			cells = append(cells, fmt.Sprintf("%.3f ±%.3f", share, (high-low)/2))
		}
		c := lane.Cost
		row(w, append(cells, fmt.Sprintf("%.2f nats", lane.Metrics[klName(r)]),
			fmt.Sprint(c.Demonstrations), fmt.Sprint(c.VerifierCalls), fmt.Sprint(c.TokensGenerated), fmt.Sprint(c.TokensTrained),
			fmt.Sprintf("%.0f", c.FLOPs/1e9), fmt.Sprintf("%.1f", c.Seconds), lane.Digest[:8])...)
	}
	w.Flush()
	printLegend(out, r)
}

// printSummary is the closing table of several seeds.
func printSummary(out io.Writer, r *recipe.Recipe, s study.Summary) {
	fmt.Fprintf(out, "\nOver %d seeds, mean and 95 %% interval:\n\n", len(s.Seeds))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row(w, append(append([]string{"lane"}, levelNames(r)...), "KL from base")...)
	for _, lane := range s.Lanes {
		cells := []string{lane.Label}
		for _, level := range r.Task.Levels {
			cells = append(cells, interval(lane.Metrics["eval/"+level.Name+"/accuracy"]))
		}
		row(w, append(cells, interval(lane.Metrics[klName(r)])+" nats")...)
	}
	w.Flush()
	printLegend(out, r)
}

func printLegend(out io.Writer, r *recipe.Recipe) {
	fmt.Fprintln(out)
	for _, level := range r.Task.Levels {
		fmt.Fprintf(out, "%-6s accuracy on: %s\n", level.Name, level.Doc)
	}
	fmt.Fprintln(out, "checked: responses that the verifier judged; sampled, trained: tokens")
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
	return fmt.Sprintf("%.3f [%.3f, %.3f]", e.Mean, e.Low, e.High)
}

func row(w io.Writer, cells ...string) { fmt.Fprintln(w, strings.Join(cells, "\t")) }
