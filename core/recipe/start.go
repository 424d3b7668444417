package recipe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// sameBase is what a lane's own base is set to when it starts where the recipe says.
const sameBase = "recipe"

// stageKnobs are those of a method, and the base of its lane where it is the first of its stages and there are several.
func stageKnobs(t task.Task, m method.Method, first bool) []param.Knob {
	if withoutNetwork(t) {
		return m.Knobs
	}
	knobs := train.StageKnobs(t, m)
	if bases := basesOf(t); first && len(bases) > 1 {
		knobs = append(knobs, param.Choice("base", sameBase, append([]string{sameBase}, bases...),
			"The model that this lane starts from, if it is not the recipe's.").
			Called("base of this lane"))
	}
	return knobs
}

// base names the model that a lane starts from; "" when the recipe has none.
func (r *Recipe) base(lane Lane) string {
	if len(lane) > 0 && lane[0].Values.Has("base") && lane[0].Values.Choice("base") != sameBase {
		return lane[0].Values.Choice("base")
	}
	if r.own != nil || !r.Values.Has("base") {
		return ""
	}
	return r.Values.Choice("base")
}

// teacher names the model that a method of the recipe learns from; "" when none does.
func (r *Recipe) teacher() string {
	if withoutNetwork(r.Task) {
		return ""
	}
	for _, lane := range r.Lanes {
		for _, stage := range lane {
			if isTaught(stage.Method) && r.Values.Has("teacher") {
				return r.Values.Choice("teacher")
			}
		}
	}
	return ""
}

// isTaught reports whether a method learns from a teacher, which it does at all settings or at none.
func isTaught(m method.Method) bool {
	return m.Build(m.Defaults()).Needs()&(objective.TeacherLogp|objective.TeacherDist) != 0
}

// checkTeacher refuses a method that learns from a teacher on a task that has none.
func checkTeacher(t task.Task, m method.Method) error {
	if _, has := teacherOf(t); has || withoutNetwork(t) || !isTaught(m) {
		return nil
	}
	var with []string
	for _, other := range task.All() {
		if _, has := teacherOf(other); has {
			with = append(with, other.Name)
		}
	}
	return fmt.Errorf("method %s learns from a teacher, a base that was pretrained without mistakes, and task %s has no such base: want task %s, or another method",
		m.Name, t.Name, strings.Join(with, " or "))
}

// Bases names the models that the recipe needs and that have a file: those that lanes start from, and then the teacher.
func (r *Recipe) Bases() []string {
	names := []string{} // a page cannot walk through what JSON calls null
	add := func(name string) {
		if b, err := LookupBase(name); err == nil && !b.Computed() && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, lane := range r.Lanes {
		add(r.base(lane))
	}
	add(r.teacher())
	return names
}

// Start loads what a lane starts from.
func (r *Recipe) Start(lane int) (*model.Params, error) {
	name := r.base(r.Lanes[lane])
	switch {
	case name != "":
		return loadBase(name)
	case r.own != nil:
		return r.own.load()
	}
	return nil, fmt.Errorf("task %s has no base model yet: want a task with one (%s)", r.Task.Name, strings.Join(baseNames(), ", "))
}
