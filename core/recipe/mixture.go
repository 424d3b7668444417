package recipe

import (
	"errors"
	"fmt"

	"github.com/posttrain/posttrain/core/density"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// densities takes the place of a task in recipes without a network. It has no prompts and no
// responses, so no list of tasks has it, but links in every catalogue can name it.
var densities = task.Task{
	Name:  "densities",
	Title: "Two densities",
	Cite:  "Chen et al. 2025, arXiv:2510.18874, and the authors' simulation",
	Doc: `No network, no prompts: the policy q is a normal density, or a sum of two, and learns one
mode of a target p. What counts is which share of each mode of p lies under q.`,
	Levels: []task.Level{
		{
			Name: density.Practised, Title: "the new mode", Measure: "overlap",
			Doc: "What is practised: a quarter of p, about 3.5, where q has next to nothing " +
				"at the start.",
		},
		{
			Name: density.Prior, Title: "the old mode", Measure: "overlap",
			Doc: "What q could do before: three quarters of p, about -3, " +
				"most of which lies under q at the start.",
		},
	},
}

// errNoPrompts is returned for a data set on the task densities.
var errNoPrompts = errors.New("two densities have no prompts, so there is no data set to bring: " +
	"want a recipe on a task")

// Mode returns the mode of the target density that a level measures. ok is false if the lanes train
// a network.
func (r *Recipe) Mode(l task.Level) (mode density.Component, ok bool) {
	if r.Task.HasPrompts() {
		return density.Component{}, false
	}
	return density.Target()[density.ModeOf(l.Name)], true
}

// mixture is the policy without a network. It is a density over numbers, a mixture of normal
// densities.
type mixture struct{}

func (mixture) knobs() []param.Knob { return []param.Knob{evalEvery.With(5)} }

func (mixture) methods() (all []method.Method) {
	for _, m := range density.Methods() {
		all = append(all, method.Method{
			Name: m.Name, Title: m.Title, Family: "without a network", Cite: m.Cite, Doc: m.Doc,
			Formula: m.Formula, Deviations: m.Deviations, Knobs: m.Knobs,
		})
	}
	return all
}

func (x mixture) method(name string) (method.Method, error) {
	m, err := method.Find(x.methods(), name)
	if err != nil {
		err = fmt.Errorf("%w; only these work without a network", err)
	}
	return m, err
}

func (mixture) check(train.Stage) error { return nil }

func (mixture) stageKnobs(m method.Method, _ bool) []param.Knob { return m.Knobs }

func (mixture) describe(s train.Stage, _ model.Config) StageDescription {
	m := s.Method
	return StageDescription{
		Method: m.Name, Cite: m.Cite, Doc: m.Doc, Formula: m.Formula, Deviations: m.Deviations,
		Settings: settings(s.Values),
		Takes: []string{
			s.Values.Text("samples") + " " + densityMethod(m.Name).Takes + ".",
			"The policy: a weight, a mean and a deviation for each of its modes.",
			"Next to none: no matrix is multiplied.",
		},
	}
}

func (mixture) open(r *Recipe) (all []Opener, err error) {
	for i, label := range r.Labels() {
		lane := density.Lane{Label: label, Seed: r.Seed(), EvalEvery: r.Values.Int("eval_every")}
		for _, stage := range r.Lanes[i] {
			m := densityMethod(stage.Method.Name)
			lane.Stages = append(lane.Stages, density.Stage{Method: m, Values: stage.Values})
		}
		all = append(all, func(o train.Options) (Session, error) {
			s, err := density.NewSession(lane, o.Clock)
			if err != nil {
				return nil, err // not s, which would be a non-nil Session with a nil pointer
			}
			return s, nil
		})
	}
	return all, nil
}

// densityMethod returns the method with this name for densities, or the zero Method.
func densityMethod(name string) (found density.Method) {
	for _, m := range density.Methods() {
		if m.Name == name {
			found = m
		}
	}
	return found
}
