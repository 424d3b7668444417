package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"posttrain/core/recipe"
	"posttrain/core/study"
)

// decided is what the seeds that decide an exhibit gave, as parts of its article.
func decided(e recipe.Exhibit) []paragraph {
	var s study.Summary
	if err := json.Unmarshal(e.Results(), &s); err != nil || s.Seeds == nil {
		return nil
	}
	r, err := recipe.Parse(e.Name)
	if err != nil {
		return nil
	}
	p := paragraph{
		heading: "Measured",
		text: fmt.Sprintf("At the end, over seeds %d to %d, on which nothing was tuned; mean and 95 %% interval. %s.",
			s.Seeds[0], s.Seeds[len(s.Seeds)-1], study.Overall(s.Tested).Sentence(len(s.Tested))),
	}
	for _, lane := range s.Lanes {
		var cells []string
		for _, level := range r.Task.Levels {
			cells = append(cells, level.Name+" "+interval(lane.Metrics[level.Metric()]))
		}
		p.items = append(p.items, item{lane.Label, strings.Join(cells, ", ") + "; KL from the base: " + interval(lane.Metrics[klName(r)]) + " nats"})
	}
	outcomes := paragraph{heading: "The hypotheses"}
	for _, t := range s.Tested {
		outcomes.items = append(outcomes.items, item{string(t.Outcome), tested(t)})
	}
	return []paragraph{p, outcomes}
}

// tested says a hypothesis with its numbers.
func tested(t study.Tested) string {
	what := t.Higher
	if t.Lower != "" {
		what += " less " + t.Lower
	}
	d := t.Difference
	return fmt.Sprintf("%s (%s, %s: %.3g [%.3g, %.3g], expected more than %.3g.)", t.Says, t.Metric, what, d.Mean, d.Low, d.High, t.By)
}
