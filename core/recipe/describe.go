package recipe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
	"github.com/posttrain/posttrain/core/workload"
)

// Description has all that a page needs to show a recipe and to offer changes to it. It is sent to
// the page as JSON.
type Description struct {
	Link    string            `json:"link"`    // see [Recipe.Link]
	Address string            `json:"address"` // see [Recipe.Address]
	Command string            `json:"command"` // what runs it in a terminal
	Page    map[string]string `json:"page"`    // the keys of the link that only the page uses
	Unused  []string          `json:"unused"`  // those of them that have no effect
	Missing string            `json:"missing"` // why it cannot be run yet; empty if it can
	// whether Missing is about settings that a method refuses
	Refused bool   `json:"refused"`
	Name    string `json:"name"` // of the exhibit or task
	// version of the numerics that the link was made with; results differ if it is not Current
	Engine  int          `json:"engine"`
	Current int          `json:"current"` // version of the numerics of this program
	Exhibit *Exhibit     `json:"exhibit"` // nil for a task
	Next    []Suggestion `json:"next"`    // what to try after the exhibit
	// whether the exhibit's results over several seeds apply, see [Exhibit.File]: they do if
	// nothing but the seed was changed
	Studied bool               `json:"studied"`
	Task    TaskDescription    `json:"task"`
	Data    *DataDescription   `json:"data"`   // nil means the task's training prompts
	Reward  *RewardDescription `json:"reward"` // nil means the verifier's
	Base    BaseDescription    `json:"base"`
	Bases   []string           `json:"bases"` // see [Recipe.Bases]
	Knobs   []Setting          `json:"knobs"` // recipe-wide
	Sizes   Adjustable         `json:"sizes"` // of the task
	Lanes   []LaneDescription  `json:"lanes"`
	// the methods that lanes can consist of; nil means those of the menu
	Methods []MenuEntry `json:"methods"`
}

// TaskDescription is a task with an example of each level.
type TaskDescription struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Cite  string `json:"cite"`
	Doc   string `json:"doc"`
	Form  string `json:"form"` // what prompts look like
	// the symbols of prompts and responses are words, with a blank between two of them
	Words  bool               `json:"words,omitempty"`
	Levels []LevelDescription `json:"levels"`

	Program *ProgramDescription `json:"program"` // nil for a task of the program

	// The following are empty for a task without prompts.

	Examples []Example    `json:"examples"` // a held-out problem of each level
	Row      Example      `json:"row"`      // a training problem, as a row of a data set
	Worked   task.Example `json:"worked"`   // a problem that is solved step by step
}

// LevelDescription is a level with the name of the metric that measures it.
type LevelDescription struct {
	task.Level
	Metric string `json:"metric"`
}

// DataDescription describes the user's data set.
type DataDescription struct {
	Digest  string `json:"digest"`
	Known   bool   `json:"here"` // whether more than the digest is known
	Rows    int    `json:"rows"`
	Dropped int    `json:"dropped"` // rows that were left out, because their problems are held out
}

// RewardDescription describes a reward of the user's own.
type RewardDescription struct {
	Digest string       `json:"digest"`
	Known  bool         `json:"here"`   // whether more than the digest is known
	Parts  []RewardPart `json:"parts"`  // none if it has no several
	Text   string       `json:"text"`   // the program
	Script string       `json:"script"` // the same in links, "" if it is too long for one
}

// RewardPart is a part of a reward with its factor in it.
type RewardPart struct {
	Name   string  `json:"name"`
	Weight float64 `json:"weight"`
}

// Example is a problem with a right response by the task's expert.
type Example struct {
	Level    string `json:"level"`
	Prompt   string `json:"prompt"`
	Response string `json:"response"`
	Words    bool   `json:"words,omitempty"` // the symbols of both are words
}

// BaseDescription is a model that lanes start from.
type BaseDescription struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Doc      string `json:"doc"`
	Weights  int    `json:"weights"`
	Layers   int    `json:"layers"`
	FromFile bool   `json:"own"` // a file of the user's; then Weights and Layers are 0

	Settings Adjustable `json:"settings"` // empty for one from a file
}

// Adjustable are settings that a link names only where they differ from what is usual.
type Adjustable struct {
	Knobs   []Setting `json:"knobs"`
	Changed []string  `json:"changed"` // those that differ, such as "dim=256"
}

func adjustable(v param.Values) Adjustable {
	return Adjustable{append([]Setting{}, settings(v)...), append([]string{}, v.Changed()...)}
}

func (b Base) describe() BaseDescription {
	c := b.Config()
	d := BaseDescription{Name: b.Name, Title: b.Title, Doc: b.Doc, Weights: c.Weights(),
		Layers: c.Layers, Settings: adjustable(b.Values())}
	if len(d.Settings.Changed) > 0 {
		d.Title += ", made otherwise"
		d.Doc = fmt.Sprintf("This base is made with %s. As it is usually made: %s",
			prose.List(d.Settings.Changed), b.Doc)
	}
	return d
}

// LaneDescription describes a lane.
type LaneDescription struct {
	Label  string             `json:"label"` // see [Recipe.Labels]
	Name   string             `json:"name"`  // see [Recipe.LaneNames]
	Base   *BaseDescription   `json:"base"`  // nil means the recipe's
	Steps  int                `json:"steps"` // of all stages
	Stages []StageDescription `json:"stages"`
}

// StageDescription describes a stage: a method with its settings.
type StageDescription struct {
	Method     string   `json:"method"`
	Cite       string   `json:"cite"`
	Doc        string   `json:"doc"`
	Formula    string   `json:"formula"`
	Deviations string   `json:"deviations"`
	Unverified string   `json:"unverified"`
	Takes      []string `json:"takes"` // data, memory and arithmetic at these settings, in words
	// a demonstration at these settings; nil if the method uses none
	Example  *Example  `json:"example"`
	Settings []Setting `json:"settings"`
}

// Setting is a knob with its value.
type Setting struct {
	param.Knob
	Text string // the value as in a link
}

// MarshalJSON encodes the knob's declaration, and what a page shows beside it: the label, the
// value, the titles of its choices and whether it is a usual one.
func (s Setting) MarshalJSON() ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // the encoder that calls MarshalJSON escapes, if it is set to
	err := encoder.Encode(struct {
		param.Declaration
		Label  string   `json:"label"`
		Value  string   `json:"value"`
		Titles []string `json:"titles,omitempty"`
		Usual  bool     `json:"usual,omitempty"`
	}{s.Declaration(), s.Label(), s.Text, s.Titles, s.Usual})
	return text.Bytes(), err
}

// Describe returns the description of the recipe.
func (r *Recipe) Describe() Description {
	d := Description{
		Link: r.Link(), Address: r.Address(), Command: r.commandTemplate(),
		Page: maps.Clone(r.page), Unused: r.unused(),
		Name: r.Name, Engine: r.Engine, Current: train.Engine, Studied: r.isUnchangedExhibit(),
		Task: r.describeTask(), Bases: r.Bases(), Knobs: settings(r.Values),
		Sizes: adjustable(r.bases.task.SizeValues()),
		Base:  BaseDescription{Settings: adjustable(param.Values{})},
	}
	if err := r.Ready(); err != nil {
		d.Missing = err.Error()
		d.Refused = r.here() == nil
	}
	if r.Data != "" {
		d.Data = &DataDescription{Digest: r.Data}
	}
	if rows := r.data; rows != nil {
		*d.Data = DataDescription{rows.Digest, true, rows.Len(), rows.Dropped}
	}
	d.Reward = r.describeReward()
	if d.Exhibit = r.exhibitShown(); d.Exhibit != nil {
		// no error, since the catalogue has checked the suggestions of its exhibits
		d.Next, _ = r.catalogue.Suggestions(*d.Exhibit, r.Seed())
	}
	shape := workload.Small().Config // for a task without a base
	if r.Values.Has("base") {
		shape = r.bases.main.Config()
		d.Base = r.bases.main.describe()
	}
	same := func(a, b method.Method) bool { return a.Name == b.Name }
	methods := r.policy().methods()
	if !slices.EqualFunc(methods, r.catalogue.entries.Methods, same) {
		d.Methods = menuOf(methods)
	}
	if r.userBase != nil {
		d.Base = BaseDescription{Name: userBasePrefix + r.userBase.digest,
			Title: "A model from a file",
			Doc:   "A link has nothing of it but the beginning of its digest.", FromFile: true,
			Settings: adjustable(param.Values{})}
		d.Knobs = slices.DeleteFunc(d.Knobs, func(s Setting) bool { return s.Name == "base" })
	}
	labels, names := r.Labels(), r.LaneNames()
	for i, lane := range r.Lanes {
		l := LaneDescription{Label: labels[i], Name: names[i]}
		if b, err := r.baseNamed(r.base(lane)); err == nil && b.Name != d.Base.Name {
			l.Base = new(b.describe())
		}
		for _, stage := range lane {
			l.Stages = append(l.Stages, r.policy().describe(stage, shape))
			l.Steps += stage.Values.Int("steps")
		}
		d.Lanes = append(d.Lanes, l)
	}
	return d
}

// exhibitShown returns the exhibit whose texts are shown with the recipe, even if settings of it
// were changed. It returns nil if the link names a task. A name that an exhibit and a task have in
// common means the exhibit only if nothing but the seed was changed.
func (r *Recipe) exhibitShown() *Exhibit {
	ofTask := r.Name == r.Task.Name && r.Task.HasPrompts()
	if r.exhibit == nil || ofTask && !r.isUnchangedExhibit() {
		return nil
	}
	e := *r.exhibit
	return &e
}

// describeReward describes the reward of the user's own; nil if there is none.
func (r *Recipe) describeReward() *RewardDescription {
	if r.Reward == "" {
		return nil
	}
	d := &RewardDescription{Digest: r.Reward, Parts: []RewardPart{}}
	if r.own == nil {
		return d
	}
	d.Known, d.Text, d.Script = true, r.own.Text, r.script
	if len(r.own.Parts) > 1 {
		for _, p := range r.own.Parts {
			d.Parts = append(d.Parts, RewardPart{p.Name, p.Weight})
		}
	}
	return d
}

// isUnchangedExhibit reports whether nothing but the seed differs from the exhibit.
func (r *Recipe) isUnchangedExhibit() bool {
	if r.exhibit == nil || r.preset == nil {
		return false
	}
	return r.preset.linkWithSeed(r.Values.Text("seed")) == r.link
}

// Exhibit returns the exhibit that the link names. ok is false if the link names a task.
func (r *Recipe) Exhibit() (e Exhibit, ok bool) {
	if r.exhibit == nil {
		return Exhibit{}, false
	}
	return *r.exhibit, true
}

// Hypotheses returns the hypotheses of the exhibit, or nil if more than the seed was changed in it.
func (r *Recipe) Hypotheses() []Hypothesis {
	if !r.isUnchangedExhibit() {
		return nil
	}
	return slices.Clone(r.exhibit.Hypotheses)
}

func settings(v param.Values) []Setting {
	var all []Setting
	for _, k := range v.Knobs() {
		all = append(all, Setting{k, v.Text(k.Name)})
	}
	return all
}

func (r *Recipe) describeTask() TaskDescription {
	t := r.Task
	d := TaskDescription{
		Program: r.program(),
		Name:    t.Name, Title: t.Title, Cite: t.Cite, Doc: t.Doc, Form: t.Form, Worked: t.Example,
		Words: t.Words != nil,
	}
	for _, l := range t.Levels {
		d.Levels = append(d.Levels, LevelDescription{l, l.Metric()})
	}
	if !t.HasPrompts() {
		return d
	}
	for _, level := range t.Levels {
		d.Examples = append(d.Examples,
			demonstrate(t, level.Name, t.EvalPrompts(level.Name, 1)[0], param.Defaults(t.Knobs)))
	}
	d.Row = Demonstration(t, param.Defaults(t.Knobs))
	return d
}

// Demonstration returns the first training problem of seed 1 with the expert's response to it at
// the values v of the task's knobs. The problem is not a held-out one, because lanes never imitate
// demonstrations of those.
func Demonstration(t task.Task, v param.Values) Example {
	return demonstrate(t, t.Levels[0].Name, t.TrainPrompts(1, 1)[0], v)
}

// demonstrate returns a problem of a level with the expert's response to it at the values v.
func demonstrate(t task.Task, level string, p task.Problem, v param.Values) Example {
	r := num.NewRand(1, "explain", t.Name)
	return Example{level, p.Prompt, t.Demonstrate(&r, p, v), t.Words != nil}
}
