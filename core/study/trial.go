package study

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/task"
)

// trialSettings has the recipe in which the methods of each family are tried, with %s for the
// method's name. The base leaves room for improvement, and the task has what the family learns
// from.
var trialSettings = []struct{ family, link string }{
	{"imitation", "cards?eval_every=100&lane=%s,steps=100"},       // demonstrations
	{"policy gradient", "cards?eval_every=100&lane=%s,steps=100"}, // a verifier, often passed
	{"preference", "taste?eval_every=100&lane=%s,steps=100"},      // labels, in many grades
	{"distillation", "cards?eval_every=100&lane=%s,steps=100"},    // a more careful teacher
	{"hybrid", "lock?eval_every=100&lane=%s,steps=100"},           // a verifier, seldom passed
}

// trialSeeds are the seeds with which each method is tried.
var trialSeeds = []uint64{1, 2, 3}

// Trial is the result of trying a method in the setting of its family.
type Trial struct {
	Method  string              `json:"method"`
	Link    string              `json:"link"` // of the first seed
	Seeds   []uint64            `json:"seeds"`
	Changes map[string][]Change `json:"changes"` // by metric, then by seed
}

// Change is the value of a metric before and after training.
type Change struct {
	Before float64 `json:"before"`
	After  float64 `json:"after"`
}

// TrialRecipe returns the recipe in which a method of a catalogue is tried, with its first seed.
func TrialRecipe(c *recipe.Catalogue, m method.Method) (*recipe.Recipe, error) {
	for _, s := range trialSettings {
		if s.family == m.Family {
			return c.Parse(fmt.Sprintf(s.link, m.Name))
		}
	}
	return nil, fmt.Errorf("there is no setting to try %s in, of the family %q", m.Name, m.Family)
}

// Try runs TrialRecipe with several seeds.
func Try(ctx context.Context, c *recipe.Catalogue, m method.Method, threads int) (Trial, error) {
	r, err := TrialRecipe(c, m)
	if err != nil {
		return Trial{}, err
	}
	t := Trial{Method: m.Name, Seeds: slices.Clone(trialSeeds), Changes: map[string][]Change{}}
	for i, seed := range trialSeeds {
		if err := r.SetSeed(seed); err != nil {
			return Trial{}, err
		}
		if i == 0 {
			t.Link = r.Link()
		}
		before := map[string]float64{}
		result, err := Run(ctx, r, Options{Threads: threads, Observe: func(e protocol.Event) {
			if e.Kind == protocol.Measured && e.Step == 0 {
				for _, m := range e.Metrics {
					before[m.Name] = m.Value
				}
			}
		}})
		if err != nil {
			return Trial{}, err
		}
		for _, name := range trialMetrics(r.Task) {
			t.Changes[name] = append(t.Changes[name],
				Change{before[name], result.Lanes[0].Metrics[name]})
		}
	}
	return t, nil
}

// trialMetrics returns the names of the rewards on a task's levels, the practised one first.
func trialMetrics(t task.Task) (names []string) {
	for _, l := range t.Levels {
		names = append(names, "eval/"+l.Name+"/reward")
	}
	return names
}

// Improves reports whether training improved the reward at the practised level with each seed.
func (t Trial) Improves() bool {
	changes := t.Changes["eval/id/reward"]
	for _, c := range changes {
		if c.After <= c.Before {
			return false
		}
	}
	return len(changes) > 0
}

// Sentence returns the result as a sentence, with the 95 % interval over seeds of the reward after
// training. c is the catalogue with which the method was tried.
func (t Trial) Sentence(c *recipe.Catalogue) string {
	r, err := c.Parse(t.Link)
	if err != nil {
		return err.Error()
	}
	var levels []string
	for _, l := range r.Task.Levels {
		var before, after []float64
		for _, c := range t.Changes["eval/"+l.Name+"/reward"] {
			before, after = append(before, c.Before), append(after, c.After)
		}
		if len(before) == 0 {
			continue
		}
		b, a := estimate(before), estimate(after).within(0, 1)
		levels = append(levels,
			fmt.Sprintf("%s %s → %s", l.Title, prose.Percent(b.Mean), a.Text(prose.Percent)))
	}
	return fmt.Sprintf("Mean reward before → after, over %d seeds, with the 95 %% interval of "+
		"what is reached: %s. Its recipe: %s", len(t.Seeds), strings.Join(levels, "; "), t.Link)
}

//go:embed trials.json
var trials []byte

// Trials returns the trials that are part of the program, by method.
func Trials() (map[string]Trial, error) {
	var all []Trial
	if err := json.Unmarshal(trials, &all); err != nil {
		return nil, fmt.Errorf("trials.json: %w", err)
	}
	byName := map[string]Trial{}
	for _, t := range all {
		byName[t.Method] = t
	}
	return byName, nil
}
