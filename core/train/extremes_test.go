package train

import (
	"math"
	"math/rand/v2"
	"regexp"
	"testing"

	"github.com/posttrain/posttrain/core/internal/extreme"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
)

// capped are knobs that only say how much of the same is done, with as much as is enough here.
var capped = map[string]float64{
	"batch": 24, "group": 16, "pairs": 40, "steps": 3, "steps_reward": 2, "ensemble": 3,
}

// refusals are what a lane may say instead of training at an allowed setting.
var refusals = regexp.MustCompile(
	`diverged at (step|its update) \d+: .* no longer finite; try a lower lr|: none of the \d+ sampled responses was kept, so there is nothing to learn from; raise group|: the annotator sees no difference between the answers of any of the \d+ pairs`)

// extremeTask returns the task of refusals with few prompts and a verifier that is content with
// every other answer, so that fresh weights are right now and then.
func extremeTask(t *testing.T) task.Task {
	t.Helper()
	k, err := task.Lookup("refusal")
	if err != nil {
		t.Fatal(err)
	}
	k.Prompts = 24
	k.Reward = func(_ task.Problem, response string) float64 { return float64(len(response) % 2) }
	return k
}

// ends returns the settings at the ends of a knob's range, with what capped says in the place of a
// large one.
func ends(k param.Knob) []string {
	if most, ok := capped[k.Name]; ok {
		k.Max = min(k.Max, most)
	}
	return extreme.Settings(k)
}

// tryOut trains a short lane with some settings. It fails unless the weights stay finite or the
// lane says why it cannot go on.
func tryOut(t *testing.T, k task.Task, base, teacher *model.Params, m method.Method,
	settings ...string) {
	t.Helper()
	usual := append([]string{"steps=2", "batch=3", "group=4", "epochs=2", "k=2", "pairs=8",
		"steps_reward=2"}, settings...)
	values := param.Defaults(StageKnobs(k, m))
	for _, setting := range usual {
		name, text := split(setting)
		if !values.Has(name) {
			continue
		}
		if err := values.Set(name, text); err != nil {
			t.Fatal(err)
		}
	}
	s := session(t, Lane{Label: "test", Task: k, Base: base, Teacher: teacher, Seed: 11,
		EvalEvery: 100, EvalPrompts: 1, Stages: []Stage{{m, values}}}, 1)
	for !s.Done() {
		if _, err := s.Advance(); err != nil {
			if !refusals.MatchString(err.Error()) {
				t.Errorf("%v: %v", settings, err)
			}
			break
		}
	}
	for _, w := range s.Weights().Data {
		if math.IsNaN(float64(w)) || math.IsInf(float64(w), 0) {
			t.Errorf("%v: a weight is %v after %d updates", settings, w, s.Updates())
			break
		}
	}
}

// Every allowed setting of every method can be trained with, or the lane says why not: each knob at
// the ends of its range and at 0, alone, and random pairs of them.
func TestExtremeSettings(t *testing.T) {
	k := extremeTask(t)
	fresh := func(seed uint64) *model.Params {
		p := model.NewParams(model.Config{Vocab: k.Vocab(), Dim: 8, Layers: 1, Heads: 2, Hidden: 8,
			Context: 20})
		p.Init(seed)
		return p
	}
	base, teacher := fresh(3), fresh(4)
	met := map[string]bool{}
	for _, m := range method.All() {
		for _, knob := range StageKnobs(k, m) {
			_, limited := capped[knob.Name]
			met[knob.Name] = met[knob.Name] || limited && knob.Max > capped[knob.Name]
		}
	}
	for name := range capped {
		if !met[name] {
			t.Errorf("no method has a knob %s with more than %v: it needs no cap", name,
				capped[name])
		}
	}
	eachMethod(t, func(t *testing.T, m method.Method) {
		knobs := StageKnobs(k, m)
		for _, knob := range knobs {
			for _, text := range ends(knob) {
				tryOut(t, k, base, teacher, m, knob.Name+"="+text)
			}
		}
		r := rand.New(rand.NewPCG(uint64(len(m.Name)), 17))
		for range 15 {
			var pair []string
			for range 2 {
				knob := knobs[r.IntN(len(knobs))]
				texts := ends(knob)
				pair = append(pair, knob.Name+"="+texts[r.IntN(len(texts))])
			}
			tryOut(t, k, base, teacher, m, pair...)
		}
	})
}
