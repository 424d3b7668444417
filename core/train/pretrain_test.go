package train

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
)

// pretrainingOf returns the pretraining of a small network on a task.
func pretrainingOf(t *testing.T, name string, settings map[string]string) Pretraining {
	t.Helper()
	k, err := task.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	p := Pretraining{Task: k, Config: model.Config{Vocab: k.Vocab(), Dim: 16, Layers: 1, Heads: 2,
		Hidden: 32, Context: 40}, Values: param.Defaults(PretrainingKnobs(k))}
	for setting, text := range settings {
		if err := p.Values.Set(setting, text); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// At the defaults a base grows up on what its task has for it, and only on that.
func TestADefaultBaseGrowsUpOnItsTask(t *testing.T) {
	for _, k := range task.All() {
		p := pretrainingOf(t, k.Name, nil)
		for i := range 500 {
			problem, text := p.example(i)
			if want, wantText := k.PretrainExample(1, i); problem != want || text != wantText {
				t.Fatalf("%s: example %d is %+v %s, the task's is %+v %s", k.Name, i, problem, text,
					want, wantText)
			}
		}
	}
}

// Each knob does what it says, within four standard deviations of the counts.
func TestPretrainingKnobs(t *testing.T) {
	const n = 4000
	share := func(name string, settings map[string]string,
		of func(k task.Task, p task.Problem, text string) (counted, hit bool)) (float64, float64) {
		p, counted, hits := pretrainingOf(t, name, settings), 0.0, 0.0
		for i := range n {
			problem, text := p.example(i)
			if p.Task.HeldOut(problem) {
				t.Fatalf("%v: %+v is held out", settings, problem)
			}
			c, h := of(p.Task, problem, text)
			if c {
				counted++
				if h {
					hits++
				}
			}
		}
		return hits / counted, counted
	}
	near := func(what string, got, counted, want float64) {
		t.Helper()
		if math.Abs(got-want) > 4*math.Sqrt(max(want*(1-want), 0)/counted)+1e-12 {
			t.Errorf("%s: %.4f, want %.4f", what, got, want)
		}
	}
	prior := func(_ task.Task, p task.Problem, _ string) (bool, bool) {
		return true, p.Level == "prior"
	}
	right := func(k task.Task, p task.Problem, text string) (bool, bool) {
		return p.Level != "prior", k.Reward(p, text) == 1
	}
	got, counted := share("cards", map[string]string{"prior": "0"}, prior)
	near("no prior skill", got, counted, 0)
	natural, _ := share("cards", nil, prior)
	// Of the examples that are drawn anew as many are kept again.
	got, _ = share("cards", map[string]string{"prior": "0.5"}, prior)
	if want := natural / 2 / (1 - natural/2); math.Abs(got-want) > 0.04 {
		t.Errorf("half of the prior skill: %.3f, want about %.3f", got, want)
	}
	got, counted = share("cards", map[string]string{"mistakes": "0"}, right)
	near("no mistakes", got, counted, 1)
	careless, _ := share("cards", nil, right)
	got, _ = share("cards", map[string]string{"mistakes": "0.5"}, right)
	if want := (1 + careless) / 2; math.Abs(got-want) > 0.04 {
		t.Errorf("half of the mistakes: %.3f right, want about %.3f", got, want)
	}
	got, counted = share("cards", map[string]string{"foreign": "0.3"},
		func(_ task.Task, p task.Problem, text string) (bool, bool) {
			return p.Level != "prior", len(text) == 8
		})
	near("a foreign style", got, counted, 0.3)
	got, counted = share("cards", map[string]string{"confused": "0.3", "mistakes": "0"},
		func(k task.Task, p task.Problem, text string) (bool, bool) {
			return k.Twin(p).Answer != p.Answer, k.Reward(p, text) == 0
		})
	near("the wrong rule", got, counted, 0.3)
	got, _ = share("cards", map[string]string{"confused": "1", "mistakes": "0"},
		func(k task.Task, p task.Problem, text string) (bool, bool) {
			return p.Level == "prior", k.Reward(p, text) == 1
		})
	near("what no rule is for", got, counted, 1)
}

// No steps leave the fresh weights, rounded as every base is.
func TestAnUntrainedBase(t *testing.T) {
	p := pretrainingOf(t, "lock", map[string]string{"steps": "0", "seed": "7"})
	got, err := p.Run(1, func(int, float64) error { t.Error("a step was made"); return nil })
	if err != nil {
		t.Fatal(err)
	}
	want := model.NewParams(p.Config)
	want.Init(7)
	want.RoundBF16()
	if got.Digest() != want.Digest() {
		t.Errorf("digest %s, want that of fresh weights, %s", got.Digest(), want.Digest())
	}
}
