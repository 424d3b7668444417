package analysis

import (
	"strings"

	"github.com/posttrain/posttrain/core/study/design"
)

func isCost(metric string) bool { return strings.HasPrefix(metric, "cost/") }

// Measured is a point of a mean learning curve.
type Measured struct {
	Step  int
	Spent float64 // the mean of a cost
	Mean
}

// Curve returns the mean learning curve of a config over its judged runs: a metric against a cost,
// at the steps at which all of them were measured.
func (f *Findings) Curve(arm design.ArmName, config, metric, cost string) (curve []Measured) {
	runs := f.Runs(arm, config, design.Judge)
	if len(runs) == 0 {
		return nil
	}
	for _, first := range runs[0].Curve {
		m := Measured{Step: first.Step}
		if n := len(curve); n > 0 && curve[n-1].Step == first.Step {
			continue // the same weights, measured again at the start of a stage
		}
		var all []Run
		for _, r := range runs {
			for _, p := range r.Curve {
				v, ok := p.Value(metric)
				spent, paid := p.Value(cost)
				if p.Step == first.Step && ok && paid {
					one := f.run(r)
					one.Value = v
					all = append(all, one)
					m.Spent += spent / float64(len(runs))
					break
				}
			}
		}
		if len(all) < len(runs) {
			continue
		}
		m.Mean, _ = f.meanOf(all, metric) // without an interval if the runs support none
		curve = append(curve, m)
	}
	return curve
}
