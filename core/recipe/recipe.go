// Package recipe describes experiments. A [Recipe] is an experiment as a value, and a link is its
// text form, which people can read, edit and pass on. The package also has the exhibits, and the
// bases that are shipped with the program.
//
// Start with [Standard], the catalogue of everything that links can name. [Catalogue.Parse] returns
// the [Recipe] of a link, which package study can run. [Catalogue.With] returns a catalogue with
// additional tasks, methods, bases and exhibits.
package recipe

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// Recipe is an experiment: a task, a base, lanes and a seed. [Catalogue.Parse] returns one.
//
// Read its fields, but change them only through methods such as [Recipe.Set], which keep the link
// of the recipe up to date.
type Recipe struct {
	Name   string // the exhibit or task that the link names
	Engine int    // version of the numerics that the link was made with
	Task   task.Task
	Values param.Values // recipe-wide knobs, see [Catalogue.Knobs]
	Lanes  []Lane

	// Data is the digest of the user's prompts, which are trained on instead of the task's; see
	// [Recipe.SetUserData]. It is empty if there are none.
	Data string
	data *task.Data // the user's prompts; nil if only their digest is known
	rows string     // the same as a link has them; empty if unknown or too long for a link

	// Reward is the digest of a reward of the user's own, which is learned from instead of the
	// verifier's; see [Recipe.SetReward]. It is empty if there is none.
	Reward string
	own    *reward.Own // the reward; nil if only its digest is known
	script string      // its text as a link has it; empty if unknown or too long for a link

	page map[string]string // the keys of the link that only the page uses

	bases    bases     // what lanes start from and learn from, unless it is userBase
	userBase *userBase // what lanes start from unless they name a base; nil means a shipped base

	catalogue *Catalogue
	exhibit   *Exhibit // the exhibit that the link names; nil if it names a task
	preset    *Recipe  // the recipe that Name stands for; nil in a recipe that is a preset
	link      string   // canonical
}

// Lane is a chain of stages, each of which starts from what the one before has trained. The first
// starts from the base.
type Lane []train.Stage

// Knobs returns the recipe-wide settings for a task.
func (c *Catalogue) Knobs(t task.Task) []param.Knob {
	seed := param.Integer("seed", "", 1, 0, 1<<53-1,
		"Number from which all random draws follow, the training prompts among them. The "+
			"same seed gives the same result to the last bit; other seeds show how much is "+
			"luck.")
	return append([]param.Knob{seed}, c.policyOn(t).knobs()...)
}

// policy returns the kind of policy that the lanes train.
func (r *Recipe) policy() policy { return r.catalogue.policyOn(r.Task) }

// Seed returns the recipe's seed.
func (r *Recipe) Seed() uint64 { return uint64(r.Values.Int("seed")) }

// SetSeed changes the seed.
func (r *Recipe) SetSeed(seed uint64) error {
	defer r.relink()
	return r.Values.Set("seed", strconv.FormatUint(seed, 10))
}

// Set changes a recipe-wide knob, or a knob of every stage that declares it.
func (r *Recipe) Set(name, text string) error {
	defer r.relink()
	if name == "size" && r.Values.Has("base") {
		return r.SetSize(text)
	}
	if r.decidesBase(name) {
		if err := r.setBase(name, text); err != nil {
			return err
		}
		return r.fit()
	}
	if r.Values.Has(name) {
		return r.Values.Set(name, text)
	}
	known, found := []string(nil), false
	for _, k := range slices.Concat(r.Values.Knobs(), r.Task.Sizes) {
		known = append(known, k.Name)
	}
	for _, lane := range r.Lanes {
		has, err := lane.set(name, text)
		if err != nil {
			return err
		}
		found = found || has
		for _, stage := range lane {
			for _, k := range stage.Values.Knobs() {
				if !slices.Contains(known, k.Name) {
					known = append(known, k.Name)
				}
			}
		}
	}
	if !found {
		return param.Unknown("setting", name, known)
	}
	return nil
}

// set changes a knob of every stage that declares it, and reports whether any does.
func (l Lane) set(name, text string) (found bool, err error) {
	for _, stage := range l {
		if stage.Values.Has(name) {
			found = true
			if err := stage.Values.Set(name, text); err != nil {
				return found, err
			}
		}
	}
	return found, nil
}

// SetSteps sets the steps of a lane that has only one stage. It leaves a chain as it is.
func (r *Recipe) SetSteps(lane, steps int) error {
	defer r.relink()
	if len(r.Lanes[lane]) > 1 {
		return nil
	}
	return r.Lanes[lane][0].Values.Set("steps", strconv.Itoa(steps))
}

// SetUserData makes the recipe train on d instead of on the task's prompts. It returns an error if
// the recipe's link names other data.
func (r *Recipe) SetUserData(d *task.Data) error {
	if !r.Task.HasPrompts() {
		return errNoPrompts
	}
	if d.Task != r.Task.Name {
		return fmt.Errorf("these rows are for task %s: want some for %s", d.Task, r.Task.Name)
	}
	if r.Data != "" && r.Data != d.Digest {
		return fmt.Errorf("the recipe is about the data set %s, and these rows are %s: want the "+
			"same rows in the same order, or a recipe without data=%s", r.Data, d.Digest, r.Data)
	}
	if r.rows == "" {
		r.rows = r.Task.Pack(d)
	}
	r.Task, r.Data, r.data = r.Task.With(d), d.Digest, d
	r.relink()
	return nil
}

// UserData returns the prompts that replace the task's, from the link or from [Recipe.SetUserData].
// nil means that there are none.
func (r *Recipe) UserData() *task.Data { return r.data }

// Ready returns an error if the recipe cannot be run. Either its link has only the digest of a data
// set, a reward or a base, which has not been given yet by [Recipe.SetUserData], [Recipe.SetReward]
// or [Recipe.UseBase], or a stage has settings that its method refuses.
func (r *Recipe) Ready() error {
	if err := r.here(); err != nil {
		return err
	}
	return r.trainable()
}

// here returns an error if the recipe's link has only the digest of a data set, a reward or a base.
func (r *Recipe) here() error {
	if r.Data != "" && r.data == nil {
		return fmt.Errorf("the recipe trains on the data set %s, which is not here: bring the "+
			"file of rows that it was read from, CSV or JSON Lines (in a terminal with "+
			"--data FILE)", r.Data)
	}
	if r.Reward != "" && r.own == nil {
		return fmt.Errorf("the recipe learns from the reward %s, which is not here: bring the "+
			"file that it was read from (in a terminal with --reward FILE.star)", r.Reward)
	}
	if r.userBase != nil && r.userBase.params == nil {
		return r.userBase.missing()
	}
	return nil
}

// trainable returns an error if a stage has settings that its method refuses.
func (r *Recipe) trainable() error {
	for _, lane := range r.Lanes {
		for _, stage := range lane {
			if err := r.policy().check(stage); err != nil {
				return fmt.Errorf("lane %s: %w", param.Quote(lane.String()), err)
			}
		}
	}
	return nil
}

// Labels returns a different label for each lane: its methods joined by ~, with a number where
// several lanes have the same methods, as in sft, sft~grpo, sft-2.
func (r *Recipe) Labels() []string {
	labels, seen := make([]string, len(r.Lanes)), map[string]int{}
	for i, lane := range r.Lanes {
		methods := make([]string, len(lane))
		for j, stage := range lane {
			methods[j] = stage.Method.Name
		}
		name := strings.Join(methods, "~")
		labels[i] = name
		if seen[name]++; seen[name] > 1 {
			labels[i] = fmt.Sprintf("%s-%d", name, seen[name]) // no method has a - in its name
		}
	}
	return labels
}

// Collects returns how each stage of a lane collects what it trains on. It returns nil if the
// lane does not train a network.
func (r *Recipe) Collects(lane int) (all []objective.Collect) {
	for _, stage := range r.Lanes[lane] {
		if stage.Method.Collect != nil {
			all = append(all, stage.Method.Collect(stage.Values))
		}
	}
	return all
}

// EvalPrompts returns the number of held-out prompts that each level is measured on. It is 0 if
// measurements are exact and need no prompts.
func (r *Recipe) EvalPrompts() int {
	if !r.Values.Has("eval_prompts") {
		return 0
	}
	return r.Values.Int("eval_prompts")
}

// Plan loads the models and returns the lanes as [train.NewSession] takes them.
func (r *Recipe) Plan() ([]train.Lane, error) {
	if err := r.Ready(); err != nil {
		return nil, err
	}
	var teacher *model.Params
	if name := r.teacher(); name != "" {
		var err error
		if teacher, err = r.load(name); err != nil {
			return nil, err
		}
	}
	starts, err := r.starts()
	if err != nil {
		return nil, err
	}
	lanes, labels := make([]train.Lane, len(r.Lanes)), r.Labels()
	for i, stages := range r.Lanes {
		lanes[i] = train.Lane{
			Label: labels[i], Task: r.Task, Base: starts[i], Teacher: teacher, Seed: r.Seed(),
			Stages: stages, Reward: r.own,
			EvalEvery: r.Values.Int("eval_every"), EvalPrompts: r.Values.Int("eval_prompts"),
			LastAnswers: r.Values.Int("passk"),
		}
	}
	for i := range lanes { // a base that several lanes start from is measured in one of them
		base, first := lanes[i].Base, lanes[0].Base
		if i == 0 || base != first && base.Digest() != first.Digest() {
			lanes[i].FirstAnswers = lanes[i].LastAnswers
		}
	}
	return lanes, nil
}

// Clone returns an independent copy of the recipe.
func (r *Recipe) Clone() *Recipe {
	c := *r
	c.Values, c.page, c.bases = r.Values.Clone(), maps.Clone(r.page), r.bases.clone()
	c.Lanes = make([]Lane, len(r.Lanes))
	for i, lane := range r.Lanes {
		for _, stage := range lane {
			c.Lanes[i] = append(c.Lanes[i],
				train.Stage{Method: stage.Method, Values: stage.Values.Clone()})
		}
	}
	return &c
}
