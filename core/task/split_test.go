package task

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
)

func keys(ps []Problem) map[string]bool {
	set := make(map[string]bool, len(ps))
	for _, p := range ps {
		set[p.Key] = true
	}
	return set
}

func TestTrainingNeverSeesAHeldOutProblem(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		held := map[string]bool{}
		for _, l := range k.Levels {
			for key := range keys(k.EvalPrompts(l.Name, k.MostEvalPrompts())) {
				held[key] = true
			}
		}
		for seed := range uint64(60) {
			for _, p := range k.TrainPrompts(seed, k.Prompts) {
				if held[p.Key] || k.HeldOut(p) {
					t.Fatalf("seed %d: training prompt %+v is held out", seed, p)
				}
				if p.Level != k.Levels[0].Name {
					t.Fatalf("seed %d: training prompt %+v is not of the practised level", seed, p)
				}
			}
		}
		for seed := range uint64(4) {
			for i := range 8000 {
				if p, _ := k.PretrainExample(seed, i); held[p.Key] || k.HeldOut(p) {
					t.Fatalf("pretraining example %d of seed %d, %+v, is held out", i, seed, p)
				}
			}
		}
	})
}

func TestHeldOutShare(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		held := 0
		different := map[string]Problem{}
		for _, p := range problems(k, 6000) {
			different[p.Key] = p
		}
		for _, p := range different {
			if k.HeldOut(p) {
				held++
			}
		}
		// Each key is held out by its own draw: a binomial share of standard
		// deviation below 0.5/sqrt(n). Five of them are never seen by chance.
		n := float64(len(different))
		if share := float64(held) / n; (share-1.0/heldOutShare)*(share-
			1.0/heldOutShare) > 25*0.25/n {
			t.Errorf("%d of %v problems are held out, want one in %d", held, n, heldOutShare)
		}
	})
}

func TestPromptSetsAreDifferentAndPrefixesOfLargerOnes(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		sets := map[string]func(n int) []Problem{}
		most := map[string]int{}
		for _, seed := range []uint64{0, 1, 1 << 52} {
			name := fmt.Sprintf("train, seed %d", seed)
			sets[name], most[name] = func(n int) []Problem {
				return k.TrainPrompts(seed, n)
			}, k.Prompts
		}
		for _, l := range k.Levels {
			sets[l.Name] = func(n int) []Problem { return k.EvalPrompts(l.Name, n) }
			most[l.Name] = k.MostEvalPrompts()
		}
		for name, draw := range sets {
			all := draw(most[name])
			seen := map[string]bool{}
			for _, p := range all {
				if seen[p.Prompt] {
					t.Fatalf("%s: prompt %s comes twice", name, p.Prompt)
				}
				seen[p.Prompt] = true
			}
			for _, n := range []int{0, 1, 2, 16, 100, most[name] - 1} {
				if !slices.Equal(draw(n), all[:n]) {
					t.Fatalf("%s: the first %d are not the first of %d", name, n, most[name])
				}
			}
		}
	})
}

func TestSeedsDecideTrainingPromptsAlone(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		one, two := k.TrainPrompts(1, k.Prompts), k.TrainPrompts(2, k.Prompts)
		if slices.Equal(one, two) {
			t.Error("seeds 1 and 2 train on the same prompts in the same order")
		}
		if !slices.Equal(one, k.TrainPrompts(1, k.Prompts)) {
			t.Error("seed 1 gave other prompts the second time")
		}
		p, response := k.PretrainExample(1, 17)
		again, sameResponse := k.PretrainExample(1, 17)
		if p != again || response != sameResponse {
			t.Error("pretraining example 17 is another the second time")
		}
	})
}

func TestPretrainingExamplesCanBeTrainedOn(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		levels := map[string]int{}
		for i := range 3000 {
			p, response := k.PretrainExample(5, i)
			levels[p.Level]++
			_, err := k.Encode(p.Prompt)
			tokens, err2 := k.Encode(response)
			if err != nil || err2 != nil {
				t.Fatalf("example %d, %+v -> %q: %v, %v", i, p, response, err, err2)
			}
			if n := len(tokens) + 1; n > k.MaxResponse {
				t.Fatalf("example %d, %+v -> %q: %d tokens with its End, at most %d fit", i, p,
					response, n, k.MaxResponse)
			}
		}
		for _, l := range k.Levels {
			if levels[l.Name] == 0 {
				t.Errorf("the base never meets level %s", l.Name)
			}
		}
	})
}

// A task with four problems, two of a level held out at most, runs dry.
func TestRunningDryIsSaidNotLoopedOn(t *testing.T) {
	few := Task{
		Name: "few", Levels: []Level{{Name: "id"}}, Alphabet: "0123",
		Sample: func(r *num.Rand, level string) Problem {
			text := string(rune('0' + r.IntN(4)))
			return Problem{Level: level, Prompt: text, Key: text}
		},
	}
	said := func(f func()) (text string) {
		defer func() { text = fmt.Sprint(recover()) }()
		f()
		return ""
	}
	if text := said(func() { few.TrainPrompts(1, 5) }); !strings.Contains(text,
		"task few has fewer than 5 different train problems at level id") {
		t.Errorf("asked for 5 of 4 problems: %s", text)
	}
	if text := said(func() { few.EvalPrompts("di", 1) }); !strings.Contains(text, `no level "di"`) {
		t.Errorf("asked for a level that does not exist: %s", text)
	}
}
