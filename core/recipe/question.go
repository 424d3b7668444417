package recipe

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/verdict"
)

// Question returns the question that the verdict on the recipe's lanes answers.
func (r *Recipe) Question() verdict.Question {
	q := verdict.Question{Levels: r.Task.Levels, Prompts: r.EvalPrompts()}
	if e := r.exhibitShown(); e != nil {
		q.About = e.About()
	}
	return q
}

// Verdicts returns the lanes that a verdict is about, without their measurements.
func (r *Recipe) Verdicts() (lanes []verdict.Lane) {
	for i, name := range r.LaneNames() {
		lanes = append(lanes, verdict.Lane{Name: name, Collects: r.Collects(i)})
	}
	return lanes
}

// LaneNames returns the name of each lane as people read it. These are the names that the exhibit
// gives its lanes, if nothing but the seed was changed in it.
func (r *Recipe) LaneNames() (names []string) {
	if r.isUnchangedExhibit() && r.exhibit.Lanes != nil {
		return slices.Clone(r.exhibit.Lanes)
	}
	for _, label := range r.Labels() {
		names = append(names, LaneName(label))
	}
	return names
}

// LaneName returns the name of the lane with this label as people read it, such as SFT → GRPO.
func LaneName(label string) string {
	return strings.ToUpper(strings.NewReplacer("~", " → ", "_", " ").Replace(label))
}
