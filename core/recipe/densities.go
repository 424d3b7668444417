package recipe

import (
	"errors"
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/density"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

var _ = register(Exhibit{
	Name:  "densities",
	Title: "Two densities: forgetting without a network",
	Claim: `Imitating samples of the target (SFT, forward KL) takes away more of what the
policy could do before than learning from its own samples does (RL, reverse KL), if the policy has
a mode to spare for each.`,
	Cite: "Chen et al. 2025, arXiv:2510.18874",
	Counter: `The same paper: with a single mode it is the other way round. And the claim rests
on two settings that are taken over from the paper's simulation. Without the protection of the old
mode (slow=1) RL keeps nothing of it and SFT .25. When all of the policy answers instead of the
component that practises (draws=whole), RL keeps .68 and SFT .69.`,
	Question: "All learn nine tenths of the new mode. Who will keep the most of the old one?",
	Decides:  "eval/prior/overlap",
	Doc: `The smallest post-training there is: the policy is a density over numbers, and so is
the target. The policy can already do three quarters of what the target wants, since it has a mode
near the target's old one; the new mode it has to learn. SFT is shown numbers drawn from the new
mode. RL draws numbers itself and is told how likely the target finds them. Two lanes have one mode
for each; the other two have a single mode for both. Each stops when it covers nine tenths of the
new mode. Look at the densities.`,
	Why: `SFT pulls at whichever part of the policy is nearest to the numbers it is shown, and
first of all at the weights: the new mode takes mass from the old one, long before the new
component is where it should be. RL moves the component that answers, and gives it weight only
where it earns something. A single mode has to leave the old place: SFT stretches it over both
(forward KL covers), RL carries it across (reverse KL seeks a mode).`,
	Next: []Change{
		{Says: "Take away the protection of the old mode.", Set: "slow=1"},
		{Says: "Let RL draw from all of its density.", Set: "draws=whole"},
	},
	Link:  "densities?lane=sft&lane=reinforce&lane=sft,modes=one,lr=0.05,steps=500&lane=reinforce,modes=one,lr=0.005,steps=500",
	Scene: "densities",
	Lanes: []string{"two-mode SFT", "two-mode RL", "one-mode SFT", "one-mode RL"},
	Hypotheses: []Hypothesis{
		{Says: "With two modes, RL keeps more of the old one", Metric: "eval/prior/overlap", Higher: "reinforce", Lower: "sft", By: 0.05},
		{Says: "With one, SFT does", Metric: "eval/prior/overlap", Higher: "sft-2", Lower: "reinforce-2", By: 0.15},
		{Says: "Both have learned equally much", Metric: "eval/id/overlap", Higher: "reinforce", Lower: "sft", By: -0.03},
	},
})

// densities stands where other recipes have a task. It is none of task.All, since there are no prompts and no responses.
var densities = task.Task{
	Name: "densities", Title: "Two densities", Cite: "Chen et al. 2025, arXiv:2510.18874, and the authors' simulation",
	Doc: `No network, no prompts: the policy q is a normal density, or a sum of two, and learns one mode of a target p. What counts is which share
of each mode of p lies under q.`,
	Levels: []task.Level{
		{Name: density.Practised, Title: "the new mode", Doc: "What is practised: a quarter of p, about 3.5, where q has next to nothing at the start.", Measure: "overlap"},
		{Name: density.Prior, Title: "the old mode", Doc: "What q could do before: three quarters of p, about -3, most of which lies under q at the start.", Measure: "overlap"},
	},
}

var errNoPrompts = errors.New("two densities have no prompts, so there is no data set to bring: want a recipe on a task")

// withoutNetwork says whether what stands for a task is densities.
func withoutNetwork(t task.Task) bool { return t.Name == densities.Name }

// Mode is what of the target belongs to a level; nothing where a network is trained.
func (r *Recipe) Mode(l task.Level) (density.Component, bool) {
	if !withoutNetwork(r.Task) {
		return density.Component{}, false
	}
	return density.Target[density.ModeOf(l.Name)], true
}

// methodsOn are what lanes on a task can be made of.
func methodsOn(t task.Task) (all []method.Method) {
	if !withoutNetwork(t) {
		return slices.DeleteFunc(method.All(), func(m method.Method) bool { return checkTeacher(t, m) != nil })
	}
	for _, m := range density.Methods {
		all = append(all, method.Method{Name: m.Name, Title: m.Title, Family: "without a network", Cite: m.Cite, Doc: m.Doc, Formula: m.Formula, Deviations: m.Deviations, Knobs: m.Knobs})
	}
	return all
}

// lookupMethod finds one of methodsOn; the error names the nearest.
func lookupMethod(t task.Task, name string) (method.Method, error) {
	if !withoutNetwork(t) {
		return method.Lookup(name)
	}
	var names []string
	for _, m := range methodsOn(t) {
		if m.Name == name {
			return m, nil
		}
		names = append(names, m.Name)
	}
	return method.Method{}, fmt.Errorf("%w; only these work without a network", param.Unknown("method", name, names))
}

// densityMethod finds the method behind one of methodsOn densities.
func densityMethod(name string) density.Method {
	return density.Methods[slices.IndexFunc(density.Methods, func(m density.Method) bool { return m.Name == name })]
}

// describeDensities is a stage without a network.
func describeDensities(s train.Stage) StageDescription {
	m := s.Method
	return StageDescription{
		Method: m.Name, Cite: m.Cite, Doc: m.Doc, Formula: m.Formula, Deviations: m.Deviations, Settings: settings(s.Values),
		Takes: []string{
			s.Values.Text("samples") + " " + densityMethod(m.Name).Takes + ".",
			"The policy: a weight, a mean and a deviation for each of its modes.",
			"Next to none: no matrix is multiplied.",
		},
	}
}
