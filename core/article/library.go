package article

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// Library makes the articles of a catalogue. It has what several articles need.
type Library struct {
	c       *recipe.Catalogue
	recipes []exhibitRecipe
	words   map[string][]string // of the prose of each method, by its name
	trials  map[string]study.Trial
	tasks   []task.Task // see unlikeTasks
	knobs   []KnobEntry
}

// exhibitRecipe is an exhibit with its recipe.
type exhibitRecipe struct {
	exhibit recipe.Exhibit
	recipe  *recipe.Recipe
}

// New returns the library of a catalogue.
func New(c *recipe.Catalogue) (*Library, error) {
	trials, err := study.Trials()
	if err != nil {
		return nil, err
	}
	l := &Library{c: c, words: map[string][]string{}, trials: trials}
	for _, e := range c.Exhibits() {
		r, err := c.Parse(e.Name)
		if err != nil {
			return nil, err
		}
		l.recipes = append(l.recipes, exhibitRecipe{e, r})
	}
	for _, m := range c.Methods() {
		prose := strings.Join([]string{m.Doc, m.Deviations, m.Besides, m.Apart, m.Formula}, " ")
		l.words[m.Name] = strings.FieldsFunc(prose, func(r rune) bool { return !isWordRune(r) })
	}
	l.tasks = l.unlikeTasks()
	l.knobs = l.allKnobs()
	return l, nil
}

// Knobs returns every knob of the catalogue, by group and in declared order.
func (l *Library) Knobs() []KnobEntry { return slices.Clone(l.knobs) }

// exhibitsWhere returns the exhibits whose recipes fulfil a condition.
func (l *Library) exhibitsWhere(is func(*recipe.Recipe) bool) (refs []Ref) {
	for _, e := range l.recipes {
		if is(e.recipe) {
			refs = append(refs, Ref{Exhibit, e.exhibit.Name, e.exhibit.Title})
		}
	}
	return refs
}

// exhibitsOf returns the exhibits that run any of the methods.
func (l *Library) exhibitsOf(methods ...string) []Ref {
	return l.exhibitsWhere(func(r *recipe.Recipe) bool {
		// recipes without a network have their own methods
		return r.Task.HasPrompts() && slices.ContainsFunc(r.Lanes, func(lane recipe.Lane) bool {
			return slices.ContainsFunc(lane, func(s train.Stage) bool {
				return slices.Contains(methods, s.Method.Name)
			})
		})
	})
}

// mentions reports whether the prose of a method names another one.
func (l *Library) mentions(m method.Method, other string) bool {
	return !isEveryday(other) && (slices.Contains(l.words[m.Name], other) ||
		slices.Contains(l.words[m.Name], "J_"+other))
}

// unlikeTasks returns tasks with prompts, one for each way in which tasks differ in the names of
// the knobs that they add to stages.
func (l *Library) unlikeTasks() (tasks []task.Task) {
	seen := map[string]bool{}
	for _, t := range l.c.Tasks() {
		if !t.HasPrompts() {
			continue
		}
		knobs := names(l.laneKnobs(t, method.SFT), func(k param.Knob) string { return k.Name })
		if way := fmt.Sprint(knobs, t.Leak != nil); !seen[way] {
			seen[way] = true
			tasks = append(tasks, t)
		}
	}
	return tasks
}

// laneKnobs returns the knobs of a method on a task, as the first stage of a lane.
func (l *Library) laneKnobs(t task.Task, m method.Method) []param.Knob {
	lane, err := l.c.ParseLane(t, m.Name)
	if err != nil { // it cannot be trained on this task
		return nil
	}
	return lane[0].Values.Knobs()
}
