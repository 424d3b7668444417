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

// policy is a kind of policy that lanes can train: a network, which answers the prompts of a task,
// or a density over numbers, see [densities]. Its methods return what depends on the kind.
type policy interface {
	// knobs returns the recipe-wide settings, without the seed.
	knobs() []param.Knob

	// methods returns the methods by which the policy can be trained.
	methods() []method.Method

	// method returns the method with this name. The error says why the policy cannot be trained by
	// it.
	method(name string) (method.Method, error)

	// check returns an error if a stage cannot be trained at its settings.
	check(train.Stage) error

	// stageKnobs returns the settings of a stage; first means that the stage is the first of a
	// lane.
	stageKnobs(m method.Method, first bool) []param.Knob

	// describe returns the description of a stage that trains a model of this shape.
	describe(s train.Stage, shape model.Config) StageDescription

	// open loads the models that the lanes of a recipe start from. It returns an Opener for each
	// lane.
	open(r *Recipe) ([]Opener, error)
}

// policyOn returns the kind of policy that lanes on a task train.
func (c *Catalogue) policyOn(t task.Task) policy {
	if t.HasPrompts() {
		return network{c, t}
	}
	return mixture{}
}

// evalEvery is the knob for how often lanes are measured.
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

// checkTeacher returns an error if the method learns from a teacher at its defaults and the task
// has none.
func (n network) checkTeacher(m method.Method) error {
	return n.checkTaught(train.Stage{Method: m, Values: m.Defaults()})
}

// checkTaught returns an error if the stage learns from a teacher and the task has none.
func (n network) checkTaught(s train.Stage) error {
	if n.task.Teacher != "" || !isTaught(s) {
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
		s.Method.Name, n.task.Name, strings.Join(with, " or "))
}

// isTaught reports whether a stage learns from a teacher.
func isTaught(s train.Stage) bool {
	return s.Method.Build(s.Values).Needs()&(objective.TeacherLogp|objective.TeacherDist) != 0
}

func (n network) check(s train.Stage) error {
	for _, err := range []error{s.Method.CheckSettings(s.Values), objective.CheckJudged(s.Values)} {
		if err != nil {
			return err
		}
	}
	return n.checkTaught(s)
}

// SameBase is the value of a lane's knob base that means the recipe's base.
const SameBase = "recipe"

// stageKnobs returns the settings of a method. The first stage of a lane also has the knob base, if
// the task has several bases.
func (n network) stageKnobs(m method.Method, first bool) []param.Knob {
	knobs := train.StageKnobs(n.task, m)
	if bases := n.catalogue.basesOf(n.task); first && len(bases) > 1 {
		choices := append([]string{SameBase}, bases...)
		knobs = append(knobs, param.Choice("base", SameBase, choices,
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
