package recipe

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/verdict"
)

// Question is what a verdict on the recipe is about.
func (r *Recipe) Question() verdict.Question {
	q := verdict.Question{Levels: r.Task.Levels, Prompts: r.EvalPrompts()}
	if e := r.shown(); e != nil {
		q.About = e.About()
	}
	return q
}

// Verdicts are the lanes as a verdict is given on them, before anything is known of them.
func (r *Recipe) Verdicts() (lanes []verdict.Lane) {
	for i, name := range r.LaneNames() {
		lanes = append(lanes, verdict.Lane{Name: name, Collects: r.Collects(i)})
	}
	return lanes
}

// LaneNames are what people are shown: the exhibit's own names as long as the lanes are its own.
func (r *Recipe) LaneNames() (names []string) {
	if r.asExhibited() && r.exhibit.Lanes != nil {
		return slices.Clone(r.exhibit.Lanes)
	}
	for _, label := range r.Labels() {
		names = append(names, LaneName(label))
	}
	return names
}

// LaneName is a label as people write it: SFT, or SFT → GRPO.
func LaneName(label string) string {
	return strings.ToUpper(strings.NewReplacer("~", " → ", "_", " ").Replace(label))
}
