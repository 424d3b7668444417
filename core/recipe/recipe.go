// Package recipe says what to run as one value, with a text form that a person
// can read and edit: the link. It also holds the exhibits and the shipped bases.
package recipe

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// Recipe is an experiment: a task, a base, lanes and a seed.
type Recipe struct {
	Name   string // the exhibit or task that the link names
	Engine int    // numerics the link was made with
	Task   task.Task
	Values param.Values // recipe-wide knobs, see Knobs
	Lanes  []Lane

	// Data is the digest of the prompts that are trained on when they are not the task's own; see [Recipe.Bring].
	Data string
	data *task.Data // what it is the digest of, once it is here
	rows string     // the same as a link has it; "" when it is not here or too long

	page map[string]string // the page's own keys of the link

	own *ownBase // what lanes start from instead of a base of ours; nil without
}

// Lane is a chain of stages on the recipe's base.
type Lane []train.Stage

// Knobs lists the recipe-wide settings for a task.
func Knobs(t task.Task) []param.Knob {
	bases := basesOf(t)
	knobs := []param.Knob{
		param.Integer("seed", "", 1, 0, 1<<53-1,
			"Number from which all random draws follow, the training prompts among them. The "+
				"same seed gives the same result to the last bit; other seeds show how much is "+
				"luck."),
		param.Integer("eval_every", "updates", 20, 1, 1_000_000,
			"Updates between two measurements.").Called("measure every"),
	}
	if withoutNetwork(t) {
		knobs[1] = knobs[1].With(5)
		return knobs
	}
	knobs = append(knobs,
		param.Integer("passk", "answers", 0, 0, eval.MostAnswers,
			"How many answers to each held-out prompt are sampled for pass@k, when the base "+
				"is measured and once more at the end of every lane. 0 leaves it out.").Called("answers for pass@k"),
		param.Integer("eval_prompts", "prompts", min(512, t.MostEvalPrompts()), 1, t.MostEvalPrompts(),
			"How many held-out prompts each level is measured on.").Called("held-out prompts"))
	if len(bases) > 0 {
		knobs = append(knobs, param.Choice("base", bases[0], bases,
			"The model that every lane starts from."))
	}
	if teacher, ok := teacherOf(t); ok {
		knobs = append(knobs, param.Choice("teacher", teacher, bases,
			"The model that methods of distillation learn from."))
	}
	return knobs
}

// Seed is the recipe's seed.
func (r *Recipe) Seed() uint64 { return uint64(r.Values.Int("seed")) }

// SetSeed changes the seed.
func (r *Recipe) SetSeed(seed uint64) error {
	return r.Values.Set("seed", strconv.FormatUint(seed, 10))
}

// Set changes a recipe-wide knob, or a knob of every stage that declares it.
func (r *Recipe) Set(name, text string) error {
	if r.Values.Has(name) {
		return r.Values.Set(name, text)
	}
	known, found := []string(nil), false
	for _, k := range r.Values.Knobs() {
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

// SetSteps gives every lane of one stage this many steps.
func (r *Recipe) SetSteps(steps int) error {
	for _, lane := range r.Lanes {
		if len(lane) == 1 {
			if err := lane[0].Values.Set("steps", strconv.Itoa(steps)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Bring has the recipe train on the prompts that somebody brought. One that names its data takes no other.
func (r *Recipe) Bring(d *task.Data) error {
	if withoutNetwork(r.Task) {
		return errNoPrompts
	}
	if d.Task != r.Task.Name {
		return fmt.Errorf("these rows are for task %s: want some for %s", d.Task, r.Task.Name)
	}
	if r.Data != "" && r.Data != d.Digest {
		return fmt.Errorf("the recipe is about the data set %s, and these rows are %s: want the same rows in the same order, or a recipe without data=%s", r.Data, d.Digest, r.Data)
	}
	if r.rows == "" {
		r.rows = r.Task.Pack(d)
	}
	r.Task, r.Data, r.data = r.Task.With(d), d.Digest, d
	return nil
}

// Brought returns the prompts that somebody brought, with the link or apart from it; nil when there are none.
func (r *Recipe) Brought() *task.Data { return r.data }

// Ready returns an error that says what the recipe needs and nobody has brought.
func (r *Recipe) Ready() error {
	if r.Data != "" && r.data == nil {
		return fmt.Errorf("the recipe trains on the data set %s, which is not here: bring the file of rows that it was read from, CSV or JSON Lines (in a terminal with --data FILE)", r.Data)
	}
	if r.own != nil && r.own.params == nil {
		return r.own.missing()
	}
	return nil
}

// Labels names each lane by its methods, joined by ~ and numbered where two
// lanes would have the same name.
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

// Collects are what the stages of a lane gather; nil without a network.
func (r *Recipe) Collects(lane int) (all []objective.Collect) {
	if withoutNetwork(r.Task) {
		return nil
	}
	for _, stage := range r.Lanes[lane] {
		all = append(all, stage.Method.Collect(stage.Values))
	}
	return all
}

// EvalPrompts is on how many held-out prompts each level is measured; 0 where what is measured is exact.
func (r *Recipe) EvalPrompts() int {
	if !r.Values.Has("eval_prompts") {
		return 0
	}
	return r.Values.Int("eval_prompts")
}

// Plan loads the models and returns every lane as a train.Session takes it.
func (r *Recipe) Plan() ([]train.Lane, error) {
	if err := r.Ready(); err != nil {
		return nil, err
	}
	var teacher *model.Params
	if name := r.teacher(); name != "" {
		var err error
		if teacher, err = loadBase(name); err != nil {
			return nil, err
		}
	}
	lanes, labels := make([]train.Lane, len(r.Lanes)), r.Labels()
	for i, stages := range r.Lanes {
		base, err := r.Start(i)
		if err != nil {
			return nil, err
		}
		lanes[i] = train.Lane{
			Label: labels[i], Task: r.Task, Base: base, Teacher: teacher, Seed: r.Seed(), Stages: stages,
			EvalEvery: r.Values.Int("eval_every"), EvalPrompts: r.Values.Int("eval_prompts"), LastAnswers: r.Values.Int("passk"),
		}
	}
	for i := range lanes { // one lane is enough to measure a base
		if i == 0 || lanes[i].Base.Digest() != lanes[0].Base.Digest() {
			lanes[i].FirstAnswers = lanes[i].LastAnswers
		}
	}
	return lanes, nil
}

// Clone is an independent copy.
func (r *Recipe) Clone() *Recipe {
	c := *r
	c.Values, c.page = r.Values.Clone(), maps.Clone(r.page)
	c.Lanes = make([]Lane, len(r.Lanes))
	for i, lane := range r.Lanes {
		for _, stage := range lane {
			c.Lanes[i] = append(c.Lanes[i], train.Stage{Method: stage.Method, Values: stage.Values.Clone()})
		}
	}
	return &c
}
