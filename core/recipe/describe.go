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

// Description is a recipe with all that a page needs to show it and to offer changes to it, ready
// for JSON.
type Description struct {
	Link string `json:"link"` // canonical
	// the same with all that travels with it, see [Recipe.Address]
	Address string            `json:"address"`
	Command string            `json:"command"` // what runs it in a terminal
	Page    map[string]string `json:"page"`    // the page's own keys of the link
	Unused  []string          `json:"unused"`  // keys of the link that have no effect
	Missing string            `json:"missing"` // why it cannot be run yet; empty when it can
	Name    string            `json:"name"`    // of the exhibit or task
	Engine  int               `json:"engine"`  // of the link; results differ when it is not Current
	Current int               `json:"current"`
	Exhibit *Exhibit          `json:"exhibit"` // nil for a task
	Next    []Suggestion      `json:"next"`    // what to try after the exhibit
	// these are the exhibit's own settings, which were run on other seeds too: see [Exhibit.File]
	Studied bool              `json:"studied"`
	Task    TaskDescription   `json:"task"`
	Data    *DataDescription  `json:"data"` // nil: the task's own training prompts
	Base    BaseDescription   `json:"base"`
	Bases   []string          `json:"bases"` // all models that must be at hand
	Knobs   []Setting         `json:"knobs"` // recipe-wide
	Sizes   Adjustable        `json:"sizes"` // of the task
	Lanes   []LaneDescription `json:"lanes"`
	// what lanes can be made of; null for those of the menu
	Methods []MenuEntry `json:"methods"`
}

// TaskDescription is a task with an example of each level.
type TaskDescription struct {
	Name   string             `json:"name"`
	Title  string             `json:"title"`
	Cite   string             `json:"cite"`
	Doc    string             `json:"doc"`
	Form   string             `json:"form"` // what prompts look like
	Levels []LevelDescription `json:"levels"`
	// one held-out problem per level; null where there are no responses
	Examples []Example `json:"examples"`
	// a training problem; empty where there are no responses
	Row Example `json:"row"`
	// one, step by step; empty where there are no responses
	Worked task.Example `json:"worked"`
}

// LevelDescription is a level with the metric that says how good a policy is at it.
type LevelDescription struct {
	task.Level
	Metric string `json:"metric"`
}

// DataDescription is the data set that is trained on.
type DataDescription struct {
	Digest  string `json:"digest"`
	Here    bool   `json:"here"` // whether somebody has brought it; the rest is only known then
	Rows    int    `json:"rows"`
	Dropped int    `json:"dropped"`
}

// Example is a problem with a right response, written as the base would.
type Example struct {
	Level    string `json:"level"`
	Prompt   string `json:"prompt"`
	Response string `json:"response"`
}

// BaseDescription is a model that lanes start from.
type BaseDescription struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Doc      string `json:"doc"`
	Weights  int    `json:"weights"`
	Layers   int    `json:"layers"`
	FromFile bool   `json:"own"` // from the user's file, of which only the name is known

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

// LaneDescription is one lane, with a name for people beside the label.
type LaneDescription struct {
	Label  string             `json:"label"`
	Name   string             `json:"name"`
	Base   *BaseDescription   `json:"base"` // nil: the recipe's
	Steps  int                `json:"steps"`
	Stages []StageDescription `json:"stages"`
}

// StageDescription is one method at its settings.
type StageDescription struct {
	Method     string   `json:"method"`
	Cite       string   `json:"cite"`
	Doc        string   `json:"doc"`
	Formula    string   `json:"formula"`
	Deviations string   `json:"deviations"`
	Unverified string   `json:"unverified"`
	Takes      []string `json:"takes"` // data, memory and arithmetic at these settings, in words
	// a demonstration at these settings; nil where none are used
	Example  *Example  `json:"example"`
	Settings []Setting `json:"settings"`
}

// Setting is a knob and what it is set to, as a link writes it.
type Setting struct {
	param.Knob
	Text string
}

// MarshalJSON encodes the keys of the knob's declaration and, for a page, its label, its value, the
// titles of its choices and whether it is a usual one.
func (s Setting) MarshalJSON() ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // the encoder of the value around it decides
	err := encoder.Encode(struct {
		param.Declaration
		Label  string   `json:"label"`
		Value  string   `json:"value"`
		Titles []string `json:"titles,omitempty"`
		Usual  bool     `json:"usual,omitempty"`
	}{s.Declaration(), s.Label(), s.Text, s.Titles, s.Usual})
	return text.Bytes(), err
}

// Describe says everything about the recipe.
func (r *Recipe) Describe() Description {
	d := Description{
		Link: r.Link(), Address: r.Address(), Command: r.takeAway(), Page: maps.Clone(r.page),
		Unused: r.unused(), Name: r.Name, Engine: r.Engine, Current: train.Engine,
		Studied: r.asExhibited(),
		Task:    describeTask(r.Task), Bases: r.Bases(), Knobs: settings(r.Values),
		Sizes: adjustable(r.bases.task.SizeValues()),
		Base:  BaseDescription{Settings: adjustable(param.Values{})},
	}
	if err := r.Ready(); err != nil {
		d.Missing = err.Error()
	}
	if r.Data != "" {
		d.Data = &DataDescription{Digest: r.Data}
	}
	if own := r.data; own != nil {
		*d.Data = DataDescription{own.Digest, true, own.Len(), own.Dropped}
	}
	if d.Exhibit = r.shown(); d.Exhibit != nil {
		d.Next, _ = r.catalogue.Suggestions(*d.Exhibit, r.Seed()) // which the catalogue has checked
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
	if r.own != nil {
		d.Base = BaseDescription{Name: ownPrefix + r.own.digest, Title: "A model from a file",
			Doc: "A link has nothing of it but the beginning of its digest.", FromFile: true,
			Settings: adjustable(param.Values{})}
		d.Knobs = slices.DeleteFunc(d.Knobs, func(s Setting) bool { return s.Name == "base" })
	}
	labels, names := r.Labels(), r.LaneNames()
	for i, lane := range r.Lanes {
		l := LaneDescription{Label: labels[i], Name: names[i]}
		if b, err := r.baseNamed(r.base(lane)); err == nil && b.Name != d.Base.Name {
			own := b.describe()
			l.Base = &own
		}
		for _, stage := range lane {
			l.Stages = append(l.Stages, r.policy().describe(stage, shape))
			l.Steps += stage.Values.Int("steps")
		}
		d.Lanes = append(d.Lanes, l)
	}
	return d
}

// shown returns the exhibit that the recipe is of, whatever was changed in it; nil where there is
// none, as where an exhibit has the name of its task and the lanes are others.
func (r *Recipe) shown() *Exhibit {
	ofTask := r.Name == r.Task.Name && r.Task.HasPrompts()
	if r.exhibit == nil || ofTask && !r.asExhibited() {
		return nil
	}
	e := *r.exhibit
	return &e
}

// asExhibited reports whether nothing but the seed differs from the exhibit.
func (r *Recipe) asExhibited() bool {
	return r.exhibit != nil && r.preset != nil && r.preset.write(r.Values.Text("seed")) == r.link
}

// Exhibit returns the exhibit that the link names; ok is false where it names a task.
func (r *Recipe) Exhibit() (e Exhibit, ok bool) {
	if r.exhibit == nil {
		return Exhibit{}, false
	}
	return *r.exhibit, true
}

// Hypotheses returns those of the exhibit, as long as nothing but the seed differs from it.
func (r *Recipe) Hypotheses() []Hypothesis {
	if !r.asExhibited() {
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

func describeTask(t task.Task) TaskDescription {
	d := TaskDescription{
		Name: t.Name, Title: t.Title, Cite: t.Cite, Doc: t.Doc, Form: t.Form, Worked: t.Example,
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

// Demonstration returns the first training problem of seed 1 with the expert's response to it, as
// the task's knobs in v want it. It is not a held-out problem, since no lane is shown any of those.
func Demonstration(t task.Task, v param.Values) Example {
	return demonstrate(t, t.Levels[0].Name, t.TrainPrompts(1, 1)[0], v)
}

// demonstrate returns a problem of a level with the expert's response to it.
func demonstrate(t task.Task, level string, p task.Problem, v param.Values) Example {
	r := num.NewRand(1, "explain", t.Name)
	return Example{level, p.Prompt, t.Demonstrate(&r, p, v)}
}
