// Package staging says how a recipe is put on the stage: what its scenes need to know of it, which of them have something to show,
// and what to look at first.
package staging

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// Description is a recipe's, with what the page shows of it.
type Description struct {
	recipe.Description
	Scenes []string   `json:"scenes"` // that have something to show
	First  scene.View `json:"first"`  // what to look at first

	Captions map[string]string `json:"captions"` // of scenes that show something else of every task
}

// Describe says everything about a recipe that the page needs before anything is trained.
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
	return d
}

// Of returns what the scenes need to know of a recipe.
func Of(r *recipe.Recipe) scene.Recipe { return of(r, r.Describe()) }

func of(r *recipe.Recipe, d recipe.Description) scene.Recipe {
	staged := scene.Recipe{Task: r.Task.Name, Series: series(d.Exhibit), RewardModel: learnsReward(r)}
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
		level := scene.Level{Name: l.Name, Title: l.Title, Doc: l.Doc, Metric: l.Metric(), Passed: eval.HasPassAtK(l.Name)}
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

// The groups that series are offered in.
var groups = map[string]string{"eval": "at each kind of prompts", "weights": "of the weights", "train": "in training", "cost": "used up so far"}

// series are those of the dictionary, what an exhibit is about first.
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
		s := scene.Series{Name: name, Levels: levels, Title: d.Title, Unit: d.Unit, Doc: d.Doc, Group: groups[kind]}
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

// first is what to look at first: the scene that the exhibit names or the race, and there what decides the exhibit.
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
	if entry, ok := strings.CutPrefix(decides, "cost/"); ok { // what it takes to get as good as the others
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
