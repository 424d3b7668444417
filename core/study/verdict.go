package study

import (
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/verdict"
)

// Verdict returns the verdict on the lanes that the page would show.
func (result *Result) Verdict(r *recipe.Recipe) verdict.Verdict {
	lanes := r.Verdicts()
	for i, l := range result.Lanes {
		lanes[i].Step, lanes[i].Base, lanes[i].Now, lanes[i].Cost = l.Step, result.Base, l.Metrics,
			l.Cost
		if l.Base != nil {
			lanes[i].Base = l.Base
		}
	}
	return verdict.Of(r.Question(), lanes)
}
