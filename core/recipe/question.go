package recipe

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/verdict"
)

// Question returns the question for a verdict on the recipe.
func (r *Recipe) Question() verdict.Question {
	q := verdict.Question{Levels: r.Task.Levels, Prompts: r.EvalPrompts()}
	if e := r.shown(); e != nil {
		q.About = e.About()
	}
	return q
}

// Verdicts returns the lanes for a verdict, without any measurements.
func (r *Recipe) Verdicts() (lanes []verdict.Lane) {
	for i, name := range r.LaneNames() {
		lanes = append(lanes, verdict.Lane{Name: name, Collects: r.Collects(i)})
	}
	return lanes
}

// LaneNames returns the lanes' names for people: the exhibit's names if the lanes are the
// exhibit's.
func (r *Recipe) LaneNames() (names []string) {
	if r.asExhibited() && r.exhibit.Lanes != nil {
		return slices.Clone(r.exhibit.Lanes)
	}
	for _, label := range r.Labels() {
		names = append(names, LaneName(label))
	}
	return names
}

// LaneName returns the name of a lane for people: SFT, or SFT → GRPO.
func LaneName(label string) string {
	return strings.ToUpper(strings.NewReplacer("~", " → ", "_", " ").Replace(label))
}
