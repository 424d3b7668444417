package recipe

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// policy is what the lanes of a recipe train: a network that answers the prompts of a task, or a
// density over numbers. It supplies all that depends on which of them it is.
type policy interface {
	// knobs returns the settings of a recipe besides its seed.
	knobs() []param.Knob

	// methods returns what lanes can be made of.
	methods() []method.Method

	// method returns the method with this name. The error says why lanes cannot be made of it.
	method(name string) (method.Method, error)

	// stageKnobs returns the settings of a stage; first reports whether a lane begins with it.
	stageKnobs(m method.Method, first bool) []param.Knob

	// describe returns what a page shows of a stage of a model of this shape.
	describe(s train.Stage, shape model.Config) StageDescription

	// open loads what the lanes of a recipe start from and returns how each of them is opened.
	open(r *Recipe) ([]Opener, error)
}

// policyOn returns what lanes on a task train.
func (c *Catalogue) policyOn(t task.Task) policy {
	if t.HasPrompts() {
		return network{c, t}
	}
	return mixture{}
}

// evalEvery is the setting of how often lanes are measured.
var evalEvery = param.Integer("eval_every", "updates", 20, 1, 1_000_000,
	"Updates between two measurements.").Called("measure every")

// network is the policy that answers the prompts of a task.
type network struct {
	catalogue *Catalogue
	task      task.Task
}

func (n network) knobs() []param.Knob {
	most := n.task.MostEvalPrompts()
	knobs := []param.Knob{
		evalEvery,
		param.Integer("passk", "answers", 0, 0, eval.MaxAnswers,
			"How many answers to each held-out prompt are sampled for pass@k, when the base "+
				"is measured "+
				"and once more at the end of every lane. 0 "+
				"leaves it out.").Called("answers for pass@k"),
		param.Integer("eval_prompts", "prompts", min(512, most), 1, most,
			"How many held-out prompts each level is measured on.").Called("held-out prompts"),
	}
	bases := n.catalogue.basesOf(n.task)
	if n.task.Base != "" {
		knobs = append(knobs, param.Choice("base", n.task.Base, bases,
			"The model that every lane starts from."))
	}
	if n.task.Teacher != "" {
		knobs = append(knobs, param.Choice("teacher", n.task.Teacher, bases,
			"The model that methods of distillation learn from."))
	}
	return knobs
}

func (n network) methods() (all []method.Method) {
	for _, m := range n.catalogue.entries.Methods {
		if n.checkTeacher(m) == nil {
			all = append(all, m)
		}
	}
	return all
}

func (n network) method(name string) (method.Method, error) {
	m, err := n.catalogue.Method(name)
	if err == nil {
		err = n.checkTeacher(m)
	}
	return m, err
}

// checkTeacher returns an error for a method that learns from a teacher on a task that has none.
func (n network) checkTeacher(m method.Method) error {
	if n.task.Teacher != "" || !isTaught(m) {
		return nil
	}
	var with []string
	for _, other := range n.catalogue.entries.Tasks {
		if other.Teacher != "" {
			with = append(with, other.Name)
		}
	}
	return fmt.Errorf("method %s learns from a teacher, a base that was pretrained "+
		"without mistakes, "+
		"and task %s has no such base: want task %s, or another method",
		m.Name, n.task.Name, strings.Join(with, " or "))
}

// isTaught reports whether a method learns from a teacher, which it does at all settings or at
// none.
func isTaught(m method.Method) bool {
	return m.Build(m.Defaults()).Needs()&(objective.TeacherLogp|objective.TeacherDist) != 0
}

// sameBase is the value of a lane's setting for its base that means the recipe's base.
const sameBase = "recipe"

// stageKnobs returns the settings of a method, and where a lane begins the choice of its base if
// there are several.
func (n network) stageKnobs(m method.Method, first bool) []param.Knob {
	knobs := train.StageKnobs(n.task, m)
	if bases := n.catalogue.basesOf(n.task); first && len(bases) > 1 {
		choices := append([]string{sameBase}, bases...)
		knobs = append(knobs, param.Choice("base", sameBase, choices,
			"The model that this lane starts from, if it is not the recipe's.").
			Called("base of this lane"))
	}
	return knobs
}

func (n network) describe(s train.Stage, shape model.Config) StageDescription {
	m := s.Method
	takes := train.Estimate(m, s.Values)
	usual := Demonstration(n.task, param.Defaults(n.task.Knobs))
	tokens := len(n.task.MustEncode(n.task.Join(usual.Prompt, usual.Response))) + 1
	d := StageDescription{
		Method: m.Name, Cite: m.Cite, Doc: m.Doc, Formula: m.Formula, Deviations: m.Deviations,
		Unverified: m.Unverified, Settings: settings(s.Values),
		Takes: []string{takes.Data(), takes.Memory(), takes.Arithmetic(shape, tokens)},
	}
	if m.Collect(s.Values).Demonstrates() {
		d.Example = new(Demonstration(n.task, s.Values))
	}
	return d
}

func (n network) open(r *Recipe) ([]Opener, error) {
	lanes, err := r.Plan()
	return Openers(lanes), err
}
