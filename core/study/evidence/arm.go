package evidence

import (
	"slices"
	"strconv"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/verdict"
)

// armOf returns an arm of an experiment, without runs.
func armOf(r *recipe.Recipe, a design.Arm) (guide.Arm, error) {
	arm := guide.Arm{Name: a.Name, Title: a.Title}
	one := r.Clone()
	for _, config := range a.Configs {
		if err := one.SetLanes(config); err != nil {
			return arm, err
		}
		arm.Configs = append(arm.Configs, guide.Config{Lane: config, Inputs: one.Lanes[0].Inputs()})
	}
	return arm, nil
}

// columns returns the metrics by which needs are judged that runs of a recipe have. Runs without a
// network have none.
func columns(r *recipe.Recipe) (all []guide.Column) {
	if !r.Task.HasPrompts() {
		return nil
	}
	for _, n := range guide.Needs() {
		for _, m := range n.Measures {
			metric := metricOf(r, m)
			if metric == "" {
				continue
			}
			d, _ := eval.Define(metric)
			title := d.Title + " at " + verdict.LevelOf(metric, r.Task.Levels)
			all = append(all, guide.Column{Need: n.Name, Metric: metric, Title: title,
				Share: d.Unit == eval.Share, Lower: m.Lower})
		}
	}
	return all
}

// metricOf returns the metric of a measure, and "" if the recipe does not have it or it is a cost.
func metricOf(r *recipe.Recipe, m guide.Measure) string {
	if m.IsCost() {
		return ""
	}
	level := r.Task.Levels[0]
	if m.Level != "" {
		at := slices.IndexFunc(r.Task.Levels, func(l task.Level) bool { return l.Name == m.Level })
		if at < 0 {
			return ""
		}
		level = r.Task.Levels[at]
	}
	switch m.Quantity {
	case "":
		return level.Metric()
	case guide.MostPasses:
		if r.Values.Int("passk") == 0 || !eval.HasPassAtK(level.Name) {
			return ""
		}
		k := 1
		for 2*k <= r.Values.Int("passk") {
			k *= 2
		}
		return "eval/" + level.Name + "/pass_at_" + strconv.Itoa(k)
	case "hallucination":
		if r.Task.Abstains == nil {
			return ""
		}
	}
	return "eval/" + level.Name + "/" + m.Quantity
}
