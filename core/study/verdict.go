package study

import (
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/verdict"
)

// Verdict says in words what the lanes have done, as the page does.
func (result *Result) Verdict(r *recipe.Recipe) verdict.Verdict {
	lanes := r.Verdicts()
	for i, l := range result.Lanes {
		lanes[i].Step, lanes[i].Base, lanes[i].Now, lanes[i].Cost = l.Step, result.Base, l.Metrics, l.Cost
		if l.Base != nil {
			lanes[i].Base = l.Base
		}
	}
	return verdict.Of(r.Question(), lanes)
}
