// Package staging prepares a recipe for the stage: the data that scenes need, which scenes have
// something to show, and what to show first.
package staging

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// Description is the description of a recipe, with what the stage can show of it.
type Description struct {
	recipe.Description
	Scenes []string   `json:"scenes"` // those with something to show
	First  scene.View `json:"first"`  // what to show first

	Captions map[string]string `json:"captions"` // of scenes whose caption depends on the recipe

	Computed []Computed `json:"computed"` // bases that have to be computed before lanes can start
}

// Describe returns what the page needs to know about a recipe before training starts.
func Describe(r *recipe.Recipe) Description {
	d := Description{Description: r.Describe()}
	staged := of(r, d.Description)
	d.Captions = map[string]string{}
	for _, s := range scene.Of(staged) {
		d.Scenes = append(d.Scenes, s.Name)
		if s.Caption != nil {
			d.Captions[s.Name] = s.Caption(staged)
		}
	}
	d.First = first(d.Description, staged)
	d.Computed = []Computed{} // a page cannot walk through what JSON calls null
	for _, b := range r.Unshipped() {
		c, err := computed(b)
		if d.Computed = append(d.Computed, c); err != nil && d.Missing == "" {
			d.Missing = err.Error()
		}
	}
	return d
}

// Of returns what scenes need to know about a recipe.
func Of(r *recipe.Recipe) scene.Recipe { return of(r, r.Describe()) }

func of(r *recipe.Recipe, d recipe.Description) scene.Recipe {
	staged := scene.Recipe{Task: r.Task.Name, Series: series(d.Exhibit),
		RewardModel: learnsReward(r), OwnReward: readsOwnReward(r)}
	if r.Values.Has("passk") {
		staged.PassK = r.Values.Int("passk")
	}
	if r.Task.Atlas != nil {
		atlas := r.Task.Atlas()
		staged.Atlas = &scene.Atlas{Ring: atlas.Ring, Near: atlas.Near}
	}
	for _, l := range d.Lanes {
		staged.Lanes = append(staged.Lanes, scene.Lane{Label: l.Name, Steps: l.Steps})
	}
	for _, l := range r.Task.Levels {
		level := scene.Level{Name: l.Name, Title: l.Title, Doc: l.Doc, Metric: l.Metric(),
			Passed: eval.HasPassAtK(l.Name)}
		if mode, ok := r.Mode(l); ok {
			level.Mode = &scene.Component{Weight: mode.Weight, Mean: mode.Mean, Std: mode.Std}
		}
		staged.Levels = append(staged.Levels, level)
	}
	return staged
}

// learnsReward reports whether a lane trains a reward model.
func learnsReward(r *recipe.Recipe) bool {
	for _, lane := range r.Lanes {
		for _, s := range lane {
			if s.Method.Collect != nil && s.Method.Collect(s.Values).RewardModel != nil {
				return true
			}
		}
	}
	return false
}

// readsOwnReward reports whether a lane learns from a reward of somebody's own.
func readsOwnReward(r *recipe.Recipe) bool {
	if r.Reward == "" {
		return false
	}
	return slices.ContainsFunc(r.Lanes, func(lane recipe.Lane) bool {
		return slices.ContainsFunc(lane, train.ReadsOwnReward)
	})
}

// groups has the headings under which a menu lists series, by the first part of a series' name.
var groups = map[string]string{"eval": "at each kind of prompts", "weights": "of the weights",
	"train": "in training", "cost": "used up so far"}

// series returns a series for each entry of the dictionary, those that the exhibit is about first.
func series(e *recipe.Exhibit) (all []scene.Series) {
	about := []string(nil)
	if e != nil {
		for _, metric := range e.About() {
			d, _ := eval.Define(metric)
			about = append(about, d.Name)
		}
	}
	for _, d := range eval.Dictionary() {
		name, levels := strings.CutPrefix(d.Name, "eval/LEVEL/")
		kind, _, _ := strings.Cut(d.Name, "/")
		s := scene.Series{Name: name, Levels: levels, Title: d.Title, Unit: d.Unit, Doc: d.Doc,
			Group: groups[kind]}
		if slices.Contains(about, d.Name) {
			s.Group = "what this is about"
		}
		all = append(all, s)
	}
	rank := func(s scene.Series) int {
		if at := slices.Index(about, patternOf(s)); at >= 0 {
			return at
		}
		return len(about)
	}
	slices.SortStableFunc(all, func(a, b scene.Series) int { return rank(a) - rank(b) })
	return all
}

func patternOf(s scene.Series) string {
	if s.Levels {
		return "eval/LEVEL/" + s.Name
	}
	return s.Name
}

// first returns the view to start with: the scene that the exhibit names, or else the race, and in
// it the metric that decides the exhibit.
func first(d recipe.Description, staged scene.Recipe) scene.View {
	v := scene.View{Scene: scene.All()[0].Name}
	if d.Exhibit == nil {
		return v
	}
	if d.Exhibit.Scene != "" {
		v.Scene = d.Exhibit.Scene
		return v
	}
	decides := d.Exhibit.Decides
	if entry, ok := strings.CutPrefix(decides, "cost/"); ok { // the axis shows it
		v.Axis = entry
		return v
	}
	if slices.ContainsFunc(staged.Levels, func(l scene.Level) bool { return l.Metric == decides }) {
		return v
	}
	if p, ok := eval.Define(decides); ok {
		v.Series = strings.TrimPrefix(p.Name, "eval/LEVEL/")
	}
	return v
}
