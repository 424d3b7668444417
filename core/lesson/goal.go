package lesson

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
)

// Goal is what a student has to do in a step. Fields that its Kind does not name are empty.
type Goal struct {
	Kind GoalKind `json:"kind"`

	Update int `json:"update,omitempty"` // of GoalUpdate

	// Of GoalReach, which is reached when the lane's newest value of the metric compares so with
	// Value, and of GoalChange: the label of a lane. "" there means any lane.
	Lane string `json:"lane,omitempty"`

	Metric  string  `json:"metric,omitempty"`  // see [Short]
	Compare string  `json:"compare,omitempty"` // one of >= <= > <
	Value   float64 `json:"value"`

	// Of GoalChange. Without To, the setting has to differ from what the step's link has.
	Key string `json:"key,omitempty"`
	To  string `json:"to,omitempty"` // as a link has it

	Scene string `json:"scene,omitempty"` // of GoalSee
	Panel string `json:"panel,omitempty"` // of GoalOpen
}

// GoalKind is a kind of goal, by its first word.
type GoalKind string

// The kinds of goals.
const (
	GoalPredict GoalKind = "predict" // answer the question before the run
	GoalRun     GoalKind = "run"     // train every lane to its end
	GoalUpdate  GoalKind = "update"  // train every lane up to an update, or to its end
	GoalReach   GoalKind = "reach"   // train until a measured value is reached
	GoalChange  GoalKind = "change"  // change a setting
	GoalSee     GoalKind = "see"     // look at a picture
	GoalOpen    GoalKind = "open"    // open a panel
	GoalAsk     GoalKind = "ask"     // try a prompt of one's own
	GoalAnswer  GoalKind = "answer"  // answer the question
)

// goalForms are the goals as lessons have them, for errors.
const goalForms = "predict, run, update N, reach LANE METRIC >= X, change KEY, change KEY=VALUE, " +
	"change LANE KEY=VALUE, see SCENE, open PANEL, ask, answer"

// panelOf returns the panel of the page that a kind of goal needs, and "" if it needs none, or one
// that it names.
func (k GoalKind) panelOf() string {
	switch k {
	case GoalPredict:
		return "predict"
	case GoalRun, GoalUpdate, GoalReach, GoalSee:
		return "stage"
	case GoalChange:
		return "recipe"
	case GoalAsk:
		return "try"
	}
	return ""
}

// goal reads a goal of a step that is about the recipe r.
func (w *writer) goal(text string, r *recipe.Recipe) (*Goal, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, fmt.Errorf("goal is empty: want one of %s", goalForms)
	}
	g, rest := &Goal{Kind: GoalKind(words[0])}, words[1:]
	n := 1 // how many words are wanted behind the first one
	switch g.Kind {
	case GoalPredict, GoalRun, GoalAsk, GoalAnswer:
		n = 0
	case GoalReach:
		n = 4
	case GoalChange:
		n = max(1, min(2, len(rest)))
	case GoalUpdate, GoalSee, GoalOpen:
	default:
		return nil, fmt.Errorf("unknown goal %s: want one of %s", param.Quote(text), goalForms)
	}
	if len(rest) != n {
		return nil, fmt.Errorf("goal %s has %d words behind %s, and %d are wanted: "+
			"the goals are %s", param.Quote(text), len(rest), g.Kind, n, goalForms)
	}
	err := w.shown(g.Kind.panelOf(), r)
	if err != nil {
		return nil, fmt.Errorf("goal %s: %w", param.Quote(text), err)
	}
	switch g.Kind {
	case GoalUpdate:
		err = g.update(rest[0], r)
	case GoalReach:
		err = g.reach(rest, r)
	case GoalChange:
		err = g.change(rest, r)
		if err == nil {
			err = w.changeable(g.Key)
		}
	case GoalSee:
		g.Scene = rest[0]
		if scenes := w.vocabulary.Scenes(r); !slices.Contains(scenes, g.Scene) {
			err = param.Unknown("picture", g.Scene, scenes)
		}
	case GoalOpen:
		g.Panel = rest[0]
		err = w.openable(g.Panel, r)
	}
	if err != nil {
		return nil, fmt.Errorf("goal %s: %w", param.Quote(text), err)
	}
	return g, nil
}

// update reads the number of updates.
func (g *Goal) update(text string, r *recipe.Recipe) error {
	most := 0
	for _, lane := range r.Lanes {
		steps := 0
		for _, stage := range lane {
			steps += stage.Values.Int("steps")
		}
		most = max(most, steps)
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return fmt.Errorf("%s is no update of these lanes: want a whole number from 1 to %d",
			param.Quote(text), most)
	}
	g.Update = n
	return nil
}

// reach reads LANE METRIC >= X.
func (g *Goal) reach(words []string, r *recipe.Recipe) (err error) {
	if g.Lane, err = readLane(r, words[0]); err != nil {
		return err
	}
	if g.Metric, err = readMetric(r, words[1]); err != nil {
		return err
	}
	signs := []string{">=", "<=", ">", "<"}
	if g.Compare = words[2]; !slices.Contains(signs, g.Compare) {
		return param.Unknown("comparison", g.Compare, signs)
	}
	g.Value, err = strconv.ParseFloat(words[3], 64)
	if err != nil || math.IsNaN(g.Value) || math.IsInf(g.Value, 0) {
		return fmt.Errorf("%s is not a number: want one such as 0.9", param.Quote(words[3]))
	}
	d, ok := eval.Define(ofLevel + g.Metric)
	if !ok {
		d, _ = eval.Define(g.Metric)
	}
	if d.Unit == eval.Share && (g.Value < 0 || g.Value > 1) {
		return fmt.Errorf("%s is a share: want a number from 0 to 1, such as 0.9", g.Metric)
	}
	return nil
}

// change reads KEY or KEY=VALUE, perhaps with a LANE before it.
func (g *Goal) change(words []string, r *recipe.Recipe) (err error) {
	all, lanes := []param.Values{r.Values}, r.Lanes
	if len(words) == 2 {
		if g.Lane, err = readLane(r, words[0]); err != nil {
			return err
		}
		i := slices.Index(r.Labels(), g.Lane)
		all, lanes = nil, lanes[i:i+1]
	}
	key, value, given := strings.Cut(words[len(words)-1], "=")
	g.Key = key
	var known []string
	for _, lane := range lanes {
		for _, stage := range lane {
			all = append(all, stage.Values)
		}
	}
	var wrong error
	accepted, has := "", false
	for _, values := range all {
		for _, k := range values.Knobs() {
			if !slices.Contains(known, k.Name) {
				known = append(known, k.Name)
			}
		}
		if !values.Has(key) || !given {
			continue
		}
		trial := values.Clone()
		if err := trial.Set(key, value); err != nil {
			wrong = err
			continue
		}
		accepted = trial.Text(key)
		has = has || values.Text(key) == accepted
	}
	switch {
	case !slices.Contains(known, key):
		return param.Unknown("setting", key, known)
	case !given:
		return nil
	case accepted == "":
		if wrong == nil {
			wrong = errors.New("the value is empty: want KEY=VALUE")
		}
		return wrong
	case has:
		return fmt.Errorf("%s is %s already in the step's link: want another value", key, accepted)
	}
	g.To = accepted
	return nil
}

// changeable returns an error if students cannot change a setting yet.
func (w *writer) changeable(key string) error {
	locked := w.lesson.Lock == LockSettings || w.lesson.Lock == LockSeed && key == "seed"
	if locked && !w.unlocked {
		return fmt.Errorf("lock: %s keeps students from changing %s: want unlock=true at this "+
			"step or before it", w.lesson.Lock, key)
	}
	return nil
}

// openable returns an error if there is no such panel, or if it is hidden.
func (w *writer) openable(panel string, r *recipe.Recipe) error {
	if !slices.Contains(w.vocabulary.Panels, panel) {
		return param.Unknown("panel", panel, w.vocabulary.Panels)
	}
	return w.shown(panel, r)
}

// shown returns an error if a panel is hidden. "" is none.
func (w *writer) shown(panel string, r *recipe.Recipe) error {
	if panel == "" {
		return nil
	}
	hidden := append(strings.Split(r.Describe().Page["hide"], ","), w.lesson.Hide...)
	if slices.Contains(hidden, panel) {
		return fmt.Errorf("the panel %s is hidden: take it out of hide", panel)
	}
	return nil
}
