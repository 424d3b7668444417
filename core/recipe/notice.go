package recipe

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/signal"
	"github.com/posttrain/posttrain/core/train"
)

// Notice is a signal that was found in a lane, with its cure as a link.
type Notice struct {
	Name     string `json:"name"` // see [signal.Lookup]
	Title    string `json:"title"`
	Lane     int    `json:"lane"`     // from 0
	Stage    int    `json:"stage"`    // from 0
	Step     int    `json:"step"`     // the update after which it was found
	Measured string `json:"measured"` // what was measured
	Why      string `json:"why"`      // why it happens
	Cite     string `json:"cite"`     // the source of Why

	Cure  Suggestion `json:"cure"`  // its link is "" if nothing can be changed here
	Shown Suggestion `json:"shown"` // the exhibit that shows it; "" if that is this one
}

// Signals returns the lanes in which signals are looked for, before their first event. A lane that
// does not train a network has no stages.
func (r *Recipe) Signals() (lanes []signal.Lane) {
	for i, lane := range r.Lanes {
		l := signal.Lane{Levels: r.Task.Levels, Prompts: r.EvalPrompts(),
			Every: r.Values.Int("eval_every")}
		clearBase := r.clearBase(lane)
		for k, c := range r.Collects(i) {
			l.Stages = append(l.Stages, signal.Stage{Values: lane[k].Values, Collect: c,
				Steps: lane[k].Values.Int("steps"), ClearBase: clearBase,
				OwnReward: r.Reward != "" && train.ReadsOwnReward(lane[k])})
			clearBase = "" // of the first stage alone, which names the base
		}
		lanes = append(lanes, l)
	}
	return lanes
}

// clearBase returns the task's usual base if a lane starts from another one that confuses two
// rules, and "" otherwise.
func (r *Recipe) clearBase(lane Lane) string {
	name := r.base(lane)
	b, err := r.baseNamed(name)
	if err != nil || name == r.Task.Base || !b.Values().Has("confused") ||
		b.Values().Float("confused") == 0 {
		return ""
	}
	return r.Task.Base
}

// Notices returns what was found in the lanes, the newest first.
func (r *Recipe) Notices(lanes []signal.Lane) (all []Notice) {
	for i := range lanes {
		for _, f := range lanes[i].Found() {
			all = append(all, r.Notice(i, f))
		}
	}
	slices.SortStableFunc(all, func(a, b Notice) int { return b.Step - a.Step })
	return all
}

// Notice returns a finding in a lane as a notice.
func (r *Recipe) Notice(lane int, f signal.Finding) Notice {
	n := Notice{Name: f.Name, Title: f.Title, Lane: lane, Stage: f.Stage, Step: f.Step,
		Measured: f.Measured, Why: f.Why, Cite: f.Cite}
	if link, err := r.Cured(lane, f.Stage, f.Cure); err == nil {
		n.Cure = Suggestion{Says: f.Cure.Says, Link: link}
	}
	if e, err := r.catalogue.Exhibit(f.Exhibit); err == nil && e.Name != r.Name {
		n.Shown = Suggestion{Says: e.Title, Link: e.Name}
	}
	return n
}

// Cured returns the address of the recipe with a cure in a stage of a lane. It returns "" if there
// is no cure, and an error if the recipe could not be run with it.
func (r *Recipe) Cured(lane, stage int, c signal.Cure) (address string, err error) {
	cured := r.Clone()
	switch {
	case c.Before != "":
		err = cured.putBefore(lane, stage, c.Before)
	case c.Set != "":
		name, text := c.Setting()
		err = cured.Lanes[lane][stage].Values.Set(name, text)
	default:
		return "", nil
	}
	cured.relink()
	if err == nil {
		err = cured.Ready()
	}
	if err != nil {
		return "", err
	}
	return cured.Address(), nil
}

// putBefore puts a stage before another one of a lane. If that was the first, the new stage says
// which base the lane starts from.
func (r *Recipe) putBefore(lane, stage int, text string) error {
	old := r.Lanes[lane]
	if first := old[0].Values; stage == 0 && first.Has("base") {
		if base := first.Choice("base"); base != SameBase {
			text += ",base=" + base
		}
		if err := first.Set("base", SameBase); err != nil {
			return err
		}
	}
	parts := []string{text, old[stage:].String()}
	if stage > 0 {
		parts = slices.Insert(parts, 0, old[:stage].String())
	}
	with, err := r.catalogue.ParseLane(r.Task, strings.Join(parts, "~"))
	if err == nil {
		r.Lanes[lane] = with
	}
	return err
}
