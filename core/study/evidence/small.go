package evidence

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
)

// Small returns results whose curves have only those metrics that hypotheses, figures and the guide
// look at along a run. All else stays, so verdicts and digests are the same. It makes results a
// fifth as large, so that they can be checked in; the rest can be computed again, to the same bits.
// c is the catalogue that the study was parsed with.
func Small(c *recipe.Catalogue, s *design.Study, results []cells.Result) ([]cells.Result, error) {
	named := map[string]bool{}
	for _, h := range s.Hypotheses {
		for _, metric := range h.Metrics() {
			named[metric] = true
		}
	}
	kept := map[string]map[string]bool{} // by experiment
	for _, e := range s.Experiments {
		r, err := c.ParseTask(e.Recipe)
		if err != nil {
			return nil, fmt.Errorf("experiment %s: %w", e.Name, err)
		}
		kept[e.Name] = map[string]bool{}
		for _, l := range r.Task.Levels {
			kept[e.Name][l.Metric()] = true
		}
		for _, column := range columns(r) {
			kept[e.Name][column.Metric] = true
		}
	}
	small := make([]cells.Result, len(results))
	for i, r := range results {
		curve := make([]cells.Point, len(r.Curve))
		for j, p := range r.Curve {
			metrics := map[string]float64{}
			for _, name := range slices.Sorted(maps.Keys(p.Metrics)) {
				if named[name] || kept[r.Experiment][name] || isDistance(name) {
					metrics[name] = p.Metrics[name]
				}
			}
			p.Metrics = metrics
			curve[j] = p
		}
		r.Curve = curve
		small[i] = r
	}
	return small, nil
}

// isDistance reports whether a metric is how far the policy is from its base, per response.
func isDistance(metric string) bool {
	return strings.HasSuffix(metric, "/kl_base_policy_nats") ||
		strings.HasSuffix(metric, "/kl_policy_base_nats")
}
