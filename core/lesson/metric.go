package lesson

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
)

// ofLevel is how the names of metrics begin that are measured at a level of the task.
const ofLevel = "eval/"

// Short returns a metric's name as lessons and sheets have it, such as ood/accuracy for
// eval/ood/accuracy.
func Short(metric string) string { return strings.TrimPrefix(metric, ofLevel) }

// Measured returns the names, as [Short] returns them, of the metrics that every measurement of a
// lane of the recipe has. pass@k is only in the last one.
func Measured(r *recipe.Recipe) (names []string) {
	for i, level := range r.Task.Levels {
		for _, d := range eval.Dictionary() {
			name, ok := strings.CutPrefix(d.Name, ofLevel+"LEVEL/")
			if ok && isMeasured(r, level.Name, i == 0, name) {
				names = append(names, level.Name+"/"+name)
			}
		}
	}
	if r.Task.HasPrompts() {
		names = append(names, "weights/update_norm", "weights/update_relative",
			"weights/unchanged_share", "weights/unchanged_bf16_share",
			"weights/small_change_share")
	}
	return names
}

// isMeasured reports whether a metric of a level is measured, by the last part of its name.
func isMeasured(r *recipe.Recipe, level string, first bool, name string) bool {
	density := name == "overlap" || strings.HasPrefix(name, "component_")
	var k int
	switch {
	case !r.Task.HasPrompts():
		return density || first && name == "kl_base_policy_nats"
	case density:
		return false
	case strings.HasPrefix(name, "kl_"):
		return first
	case name == "abstention" || name == "hallucination":
		return r.Task.Abstains != nil
	case name == "distinct_right":
		return r.Values.Int("passk") > 0 && eval.HasPassAtK(level)
	case scans(name, &k):
		return k <= r.Values.Int("passk") && eval.HasPassAtK(level)
	}
	return true
}

// scans reads the k of pass@k, and reports whether the name is one of these metrics.
func scans(name string, k *int) bool {
	n, _ := fmt.Sscanf(name, "pass_at_%d", k)
	return n == 1
}

// readMetric returns the short name of a metric that is measured in lanes of the recipe. Those of
// training and of costs depend on the method, so all of them are accepted.
func readMetric(r *recipe.Recipe, name string) (string, error) {
	name = Short(name)
	measured := Measured(r)
	if slices.Contains(measured, name) {
		return name, nil
	}
	if strings.HasPrefix(name, "train/") || strings.HasPrefix(name, "cost/") {
		if _, ok := eval.Define(name); ok {
			return name, nil
		}
	}
	return "", param.Unknown("metric", name, measured)
}

// readLane returns the label of a lane of the recipe.
func readLane(r *recipe.Recipe, label string) (string, error) {
	if labels := r.Labels(); !slices.Contains(labels, label) {
		return "", param.Unknown("lane", label, labels)
	}
	return label, nil
}
