package design

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/task"
)

// isCost reports whether a metric is an entry of the ledger.
func isCost(metric string) bool { return strings.HasPrefix(metric, "cost/") }

// costs returns the names of the costs that are the same on every machine. If growing is true, it
// leaves out those that do not grow during a run.
func costs(growing bool) (names []string) {
	for _, e := range protocol.Ledger() {
		if e.Name != "seconds" && (e.Sums || !growing) {
			names = append(names, "cost/"+e.Name)
		}
	}
	return names
}

// checkMetric returns an error if runs of a recipe do not have a metric at their ends or, if along
// is true, in their middle.
func checkMetric(r *recipe.Recipe, metric string, along bool) error {
	if metric == "cost/seconds" {
		return fmt.Errorf("cost/seconds is another on every machine: want one of %s",
			strings.Join(costs(false), ", "))
	}
	if _, known := eval.Define(metric); !known {
		return param.Unknown("metric", metric, metricNames(r))
	}
	group, rest, _ := strings.Cut(metric, "/")
	level, quantity, _ := strings.Cut(rest, "/")
	switch {
	case group == "cost":
		return nil
	case group == "train":
		return fmt.Errorf("%s is about a single update: want a metric of measurements, such as %s",
			metric, r.Task.Levels[0].Metric())
	case group == "weights" && !r.Task.HasPrompts():
		return fmt.Errorf("%s is about the weights of a network, and %s has none", metric,
			r.Task.Name)
	case group == "weights":
		if along && strings.HasPrefix(rest, "rank_") {
			return fmt.Errorf("%s is measured at the end of a run only, not along it", metric)
		}
		return nil
	case !r.Task.HasLevel(level):
		return fmt.Errorf("%s: %w", metric, param.Unknown("level", level, levelNames(r.Task)))
	}
	return checkQuantity(r, metric, level, quantity, along)
}

// checkQuantity is checkMetric for the metrics of a level that the task has.
func checkQuantity(r *recipe.Recipe, metric, level, quantity string, along bool) error {
	passes, isPass := strings.CutPrefix(quantity, "pass_at_")
	isPass = isPass || quantity == "distinct_right"
	isKL := strings.HasPrefix(quantity, "kl_")
	ofDensity := quantity == "overlap" || strings.HasPrefix(quantity, "component_")
	network := r.Task.HasPrompts()
	switch {
	case isKL && level != r.Task.Levels[0].Name:
		return fmt.Errorf("%s: distances are measured on the first level alone: want %s", metric,
			strings.Replace(metric, level, r.Task.Levels[0].Name, 1))
	case network && ofDensity, !network && !ofDensity && quantity != "kl_base_policy_nats":
		return fmt.Errorf("%s is not measured on %s: want a metric such as %s", metric, r.Task.Name,
			r.Task.Levels[0].Metric())
	case (quantity == "abstention" || quantity == "hallucination") && r.Task.Abstains == nil:
		return fmt.Errorf("%s is not measured on %s, which does not tell whether a response "+
			"declines to answer", metric, r.Task.Name)
	case isPass:
		asked := 0
		if network {
			asked = r.Values.Int("passk")
		}
		need, _ := strconv.Atoi(passes) // 0 for distinct_right
		switch {
		case !eval.HasPassAtK(level):
			return fmt.Errorf("%s: pass@k is not measured on level %s", metric, level)
		case asked < max(need, 1):
			return fmt.Errorf("%s needs passk=%d or more in the recipe, which has passk=%d", metric,
				max(need, 1), asked)
		case along:
			return fmt.Errorf("%s is measured at the end of a run only, not along it", metric)
		}
	}
	return nil
}

// metricNames returns the metrics that a hypothesis about runs of a recipe can be about.
func metricNames(r *recipe.Recipe) (names []string) {
	for _, d := range eval.Dictionary() {
		of := []string{d.Name}
		if strings.Contains(d.Name, "LEVEL") {
			of = nil
			for _, l := range r.Task.Levels {
				of = append(of, strings.Replace(d.Name, "LEVEL", l.Name, 1))
			}
		}
		for _, name := range of {
			if checkMetric(r, name, false) == nil {
				names = append(names, name)
			}
		}
	}
	return names
}

func levelNames(t task.Task) (names []string) {
	for _, l := range t.Levels {
		names = append(names, l.Name)
	}
	return names
}

// isShare reports whether a metric goes from 0 to 1.
func isShare(metric string) bool {
	d, _ := eval.Define(metric)
	return d.Unit == eval.Share
}
