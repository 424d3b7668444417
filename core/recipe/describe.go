package recipe

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// Description is a recipe with all that a page needs to show it and to offer changes to it, ready for JSON.
type Description struct {
	Link    string            `json:"link"`    // canonical
	Address string            `json:"address"` // the same with all that travels with it, see [Recipe.Address]
	Command string            `json:"command"` // what runs it in a terminal
	Page    map[string]string `json:"page"`    // the page's own keys of the link
	Unused  []string          `json:"unused"`  // keys of the link that have no effect
	Missing string            `json:"missing"` // why it cannot be run yet; empty when it can
	Name    string            `json:"name"`    // of the exhibit or task
	Engine  int               `json:"engine"`  // of the link; results differ when it is not Current
	Current int               `json:"current"`
	Exhibit *Exhibit          `json:"exhibit"` // nil for a task
	Next    []Suggestion      `json:"next"`    // what to try after the exhibit
	Studied bool              `json:"studied"` // these are the exhibit's own settings, which were run on other seeds too: see [Exhibit.File]
	Task    TaskDescription   `json:"task"`
	Data    *DataDescription  `json:"data"` // nil: the task's own training prompts
	Base    BaseDescription   `json:"base"`
	Bases   []string          `json:"bases"` // all models that must be at hand
	Knobs   []Setting         `json:"knobs"` // recipe-wide
	Lanes   []LaneDescription `json:"lanes"`
	Methods []MenuEntry       `json:"methods"` // what lanes can be made of; null for those of the menu
}

// TaskDescription is a task with an example of each level.
type TaskDescription struct {
	Name     string             `json:"name"`
	Title    string             `json:"title"`
	Cite     string             `json:"cite"`
	Doc      string             `json:"doc"`
	Form     string             `json:"form"` // what prompts look like
	Levels   []LevelDescription `json:"levels"`
	Examples []Example          `json:"examples"` // one held-out problem per level; null where there are no responses
	Row      Example            `json:"row"`      // a training problem; empty where there are no responses
	Worked   task.Example       `json:"worked"`   // one, step by step; empty where there are no responses
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
	Name    string `json:"name"`
	Title   string `json:"title"`
	Doc     string `json:"doc"`
	Weights int    `json:"weights"`
	Layers  int    `json:"layers"`
	Own     bool   `json:"own"` // somebody's own, of which only the name is known
}

func (b Base) describe() BaseDescription {
	c := b.Pretraining.Config
	return BaseDescription{Name: b.Name, Title: b.Title, Doc: b.Doc, Weights: c.Weights(), Layers: c.Layers}
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
	Method     string    `json:"method"`
	Cite       string    `json:"cite"`
	Doc        string    `json:"doc"`
	Formula    string    `json:"formula"`
	Deviations string    `json:"deviations"`
	Unverified string    `json:"unverified"`
	Takes      []string  `json:"takes"`   // data, memory and arithmetic at these settings, in words
	Example    *Example  `json:"example"` // a demonstration at these settings; nil where none are used
	Settings   []Setting `json:"settings"`
}

// Setting is a knob and what it is set to, as a link writes it.
type Setting struct {
	param.Knob
	Text string
}

// MarshalJSON writes the knob's keys and, for a page, its label, its value, the titles of its choices
// and whether it is a usual one.
func (s Setting) MarshalJSON() ([]byte, error) {
	knob, err := s.Knob.MarshalJSON()
	if err != nil {
		return nil, err
	}
	own, err := json.Marshal(struct {
		Label  string   `json:"label"`
		Value  string   `json:"value"`
		Titles []string `json:"titles,omitempty"`
		Usual  bool     `json:"usual,omitempty"`
	}{s.Label(), s.Text, s.Titles, s.Usual})
	if err != nil {
		return nil, err
	}
	return []byte(strings.TrimRight(string(knob), "}\n") + "," + strings.TrimPrefix(string(own), "{")), nil
}

// Describe says everything about the recipe.
func (r *Recipe) Describe() Description {
	d := Description{
		Link: r.Link(), Address: r.Address(), Command: r.takeAway(), Page: r.page, Unused: r.unused(), Name: r.Name, Engine: r.Engine, Current: train.Engine, Studied: r.asExhibited(),
		Task: describeTask(r.Task), Bases: r.Bases(), Knobs: settings(r.Values),
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
	if d.Exhibit = r.exhibit(); d.Exhibit != nil {
		d.Next, _ = d.Exhibit.Suggestions(r.Seed()) // those of every exhibit are tested
	}
	shape := train.ReferenceModels[0].Config // for a task without a base
	if r.Values.Has("base") {
		if b, err := LookupBase(r.Values.Choice("base")); err == nil {
			shape = b.Pretraining.Config
			d.Base = b.describe()
		}
	}
	if methods := methodsOn(r.Task); withoutNetwork(r.Task) || len(methods) < len(method.All()) {
		d.Methods = menuOf(methods)
	}
	if r.own != nil {
		d.Base = BaseDescription{Name: ownPrefix + r.own.digest, Title: "A model from a file", Doc: "A link has nothing of it but the beginning of its digest.", Own: true}
		d.Knobs = slices.DeleteFunc(d.Knobs, func(s Setting) bool { return s.Name == "base" })
	}
	labels, names := r.Labels(), r.LaneNames()
	for i, lane := range r.Lanes {
		l := LaneDescription{Label: labels[i], Name: names[i]}
		if b, err := LookupBase(r.base(lane)); err == nil && b.Name != d.Base.Name {
			own := b.describe()
			l.Base = &own
		}
		for _, stage := range lane {
			if withoutNetwork(r.Task) {
				l.Stages = append(l.Stages, describeDensities(stage))
			} else {
				l.Stages = append(l.Stages, describeStage(r.Task, shape, stage))
			}
			l.Steps += stage.Values.Int("steps")
		}
		d.Lanes = append(d.Lanes, l)
	}
	return d
}

// exhibit is the one that the recipe is of, whatever was changed in it; nil where there is none, as of other lanes on a task whose name an
// exhibit has.
func (r *Recipe) exhibit() *Exhibit {
	e, err := LookupExhibit(r.Name)
	if err != nil || !r.asExhibited() && r.Name == r.Task.Name && !withoutNetwork(r.Task) {
		return nil
	}
	return &e
}

// asExhibited says whether nothing but the seed differs from the exhibit.
func (r *Recipe) asExhibited() bool {
	own, err := named(r.Name)
	if err != nil || own.SetSeed(r.Seed()) != nil {
		return false
	}
	return own.Engine == r.Engine && own.Link() == r.Link()
}

// Hypotheses are those of the exhibit, as long as nothing but the seed differs from it.
func (r *Recipe) Hypotheses() []Hypothesis {
	e, err := LookupExhibit(r.Name)
	if err != nil || !r.asExhibited() {
		return nil
	}
	return e.Hypotheses
}

func settings(v param.Values) []Setting {
	var all []Setting
	for _, k := range v.Knobs() {
		all = append(all, Setting{k, v.Text(k.Name)})
	}
	return all
}

func describeTask(t task.Task) TaskDescription {
	d := TaskDescription{Name: t.Name, Title: t.Title, Cite: t.Cite, Doc: t.Doc, Form: t.Form, Worked: t.Example}
	for _, l := range t.Levels {
		d.Levels = append(d.Levels, LevelDescription{l, l.Metric()})
	}
	if withoutNetwork(t) {
		return d
	}
	for _, level := range t.Levels {
		d.Examples = append(d.Examples, demonstrate(t, level.Name, t.EvalPrompts(level.Name, 1)[0], param.Defaults(t.Knobs)))
	}
	d.Row = Demonstration(t, param.Defaults(t.Knobs))
	return d
}

func describeStage(t task.Task, shape model.Config, s train.Stage) StageDescription {
	m := s.Method
	takes, usual := train.OutlayOf(m, s.Values), Demonstration(t, param.Defaults(t.Knobs))
	tokens := len(t.MustEncode(usual.Prompt+usual.Response)) + 1
	d := StageDescription{
		Method: m.Name, Cite: m.Cite, Doc: m.Doc, Formula: m.Formula, Deviations: m.Deviations, Unverified: m.Unverified,
		Takes: []string{takes.Data(), takes.Memory(), takes.Arithmetic(shape, tokens)}, Settings: settings(s.Values),
	}
	if m.Collect(s.Values).Demonstrates() {
		d.Example = new(Demonstration(t, s.Values))
	}
	return d
}

// Demonstration returns the first training problem of seed 1 with the expert's response to it, as the task's knobs in v want it. It is
// not a held-out problem, since no lane is shown any of those.
func Demonstration(t task.Task, v param.Values) Example {
	return demonstrate(t, t.Levels[0].Name, t.TrainPrompts(1, 1)[0], v)
}

// demonstrate returns a problem of a level with the expert's response to it.
func demonstrate(t task.Task, level string, p task.Problem, v param.Values) Example {
	r := num.NewRand(1, "explain", t.Name)
	return Example{level, p.Prompt, t.Demonstrate(&r, p, v)}
}
