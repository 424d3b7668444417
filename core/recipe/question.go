package recipe

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/train"
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
// gives its lanes, as long as what they tell of has not been changed, see [Lane.isAsTold].
func (r *Recipe) LaneNames() (names []string) {
	for i, label := range r.Labels() {
		name := LaneName(label)
		if r.exhibit != nil && r.preset != nil && i < len(r.exhibit.Lanes) &&
			r.Lanes[i].isAsTold(r.preset.Lanes, i) {
			name = r.exhibit.Lanes[i]
		}
		names = append(names, name)
	}
	return names
}

// isAsTold reports whether a lane has the methods of lane i of an exhibit, and its values of the
// settings that the exhibit's name for that lane may tell of.
func (l Lane) isAsTold(exhibit []Lane, i int) bool {
	if !l.sameMethods(exhibit[i]) {
		return false
	}
	for k, stage := range exhibit[i] {
		for _, knob := range stage.Values.Knobs() {
			if l[k].Values.Text(knob.Name) != stage.Values.Text(knob.Name) &&
				tells(exhibit, i, k, knob) {
				return false
			}
		}
	}
	return true
}

// tells reports whether the name of lane i of an exhibit may tell of a setting of its stage k: of a
// choice that is not the default, and of what sets it apart from another lane of the same methods.
func tells(exhibit []Lane, i, k int, knob param.Knob) bool {
	value := func(l Lane) string { return l[k].Values.Text(knob.Name) }
	number := knob.Type == param.TypeNumber || knob.Type == param.TypeInteger
	usual := param.Defaults(exhibit[i][k].Values.Knobs()).Text(knob.Name)
	if !number && value(exhibit[i]) != usual {
		return true
	}
	return slices.ContainsFunc(exhibit, func(other Lane) bool {
		return other.sameMethods(exhibit[i]) && value(other) != value(exhibit[i])
	})
}

// sameMethods reports whether two lanes have the same methods in the same order.
func (l Lane) sameMethods(other Lane) bool {
	return slices.EqualFunc(l, other,
		func(a, b train.Stage) bool { return a.Method.Name == b.Method.Name })
}

// LaneName returns the name of the lane with this label as people read it, such as SFT → GRPO.
func LaneName(label string) string {
	return strings.ToUpper(strings.NewReplacer("~", " → ", "_", " ").Replace(label))
}
