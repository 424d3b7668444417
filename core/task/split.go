package task

import (
	"fmt"

	"github.com/posttrain/posttrain/core/num"
)

// heldOutShare is the share of problems kept for evaluation: one in heldOutShare, chosen by the key
// alone.
const heldOutShare = 4

// defaultEvalPrompts is the number of held-out prompts of each level, unless the task has another.
const defaultEvalPrompts = 2048

// heldOutSeed is the seed of evaluation prompts. It is fixed, so they are the same in every run.
const heldOutSeed = 0

// HeldOut reports whether a problem is kept for evaluation. Training prompts, demonstrations and
// pretraining examples are never held out.
func (t Task) HeldOut(p Problem) bool {
	r := num.NewRand(heldOutSeed, "split", t.Name+"/"+p.Key)
	return r.IntN(heldOutShare) == 0
}

// TrainPrompts returns the first n training problems of the practised level for a seed, all
// different. If [Task.With] replaced the prompts, it returns all of those.
func (t Task) TrainPrompts(seed uint64, n int) []Problem {
	if t.userPrompts != nil {
		return t.userPrompts
	}
	return t.draw(seed, "train", t.Levels[0].Name, n, false)
}

// ReplayPrompts returns the first n training problems of the prior skill for a seed, all different.
func (t Task) ReplayPrompts(seed uint64, n int) []Problem {
	return t.draw(seed, "replay", "prior", n, false)
}

// MostEvalPrompts returns the largest number of held-out prompts on which a level can be measured.
func (t Task) MostEvalPrompts() int {
	if t.HeldOutPrompts > 0 {
		return t.HeldOutPrompts
	}
	return defaultEvalPrompts
}

// EvalPrompts returns the first n held-out problems of a level, all different.
func (t Task) EvalPrompts(level string, n int) []Problem {
	return t.draw(heldOutSeed, "eval", level, n, true)
}

// PretrainExample returns example i of the base's pretraining.
func (t Task) PretrainExample(seed uint64, i int) (Problem, string) {
	r := num.NewRand(seed, "pretrain", t.Name, uint64(i))
	for {
		p, response := t.Pretrain(&r)
		if !t.HeldOut(p) {
			return p, response
		}
	}
}

func (t Task) draw(seed uint64, purpose, level string, n int, heldOut bool) []Problem {
	const patience = 1000 // draws per problem found before giving up
	if !t.HasLevel(level) {
		panic(fmt.Sprintf("task: %s has no level %q", t.Name, level))
	}
	problems, seen := make([]Problem, 0, n), make(map[string]bool, n)
	for i := 0; len(problems) < n; i++ {
		if i > patience*(n+1) {
			panic(Failure{fmt.Errorf("task %s has fewer than %d different %s problems at level %s",
				t.Name, n, purpose, level)})
		}
		r := num.NewRand(seed, purpose, t.Name+"/"+level, uint64(i))
		p := t.Sample(&r, level)
		if t.HeldOut(p) != heldOut || seen[p.Prompt] {
			continue
		}
		seen[p.Prompt] = true
		problems = append(problems, p)
	}
	return problems
}
