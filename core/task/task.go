// Package task defines verifiable toy problems. A task is one value in one file:
// an alphabet, levels, a sampler, demonstrations, a verifier. It knows nothing
// of models or tensors.
package task

import (
	"fmt"
	"slices"
	"strings"

	"posttrain/core/num"
	"posttrain/core/param"
)

// Task is one problem family.
type Task struct {
	Name, Title, Cite, Doc string

	// Alphabet has one rune per token. Its first rune is token 1: token 0 is End.
	Alphabet string

	// Levels name the kinds of problem. The first is practised; the others are
	// only measured.
	Levels []Level

	// Held is how many held-out prompts every level has, where the world is so small that there are fewer than usual;
	// 0 is as many as usual.
	Held int

	// MaxResponse is the most tokens a response may have, End included.
	MaxResponse int

	// Prompts is how many training prompts of the practised level there are.
	Prompts int

	// Knobs shape the demonstrations.
	Knobs []param.Knob

	// Sample draws a problem of a level.
	Sample func(r *num.Rand, level string) Problem

	// Demonstrate writes an expert's response; it always earns the full reward.
	Demonstrate func(r *num.Rand, p Problem, k param.Values) string

	// Pretrain draws what the base model grows up on: a problem and a response
	// that may be wrong.
	Pretrain func(r *num.Rand) (Problem, string)

	// Reward scores a finished response in [0, 1]. It is total: any string of
	// the alphabet, no panic.
	Reward func(p Problem, response string) float64
}

// Level is one kind of problem.
type Level struct {
	Name  string `json:"name"`  // id, ood, prior, ...
	Title string `json:"title"` // a word or two for a legend
	Doc   string `json:"doc"`   // what goes on in it

	Graded bool `json:"graded,omitempty"` // a response can be partly right, so that its reward says more than whether it is right
}

// Metric is the measure, from 0 to 1, that says how good a policy is at the level.
func (l Level) Metric() string {
	if l.Graded {
		return "eval/" + l.Name + "/reward"
	}
	return "eval/" + l.Name + "/accuracy"
}

// Problem is a prompt and what its verifier needs to know.
type Problem struct {
	Level  string
	Prompt string
	Answer string
	// Key is what must not be shared between training and held-out problems:
	// two problems with one key are the same problem in other words.
	Key string
}

// End is the token that ends a response.
const End = 0

var all []Task

func register(t Task) Task {
	if slices.ContainsFunc(all, func(o Task) bool { return o.Name == t.Name }) {
		panic("task: duplicate name " + t.Name)
	}
	all = append(all, t)
	return t
}

// All returns every task in the order of their files.
func All() []Task { return all }

// Lookup finds a task by name; the error names the nearest one.
func Lookup(name string) (Task, error) {
	names := make([]string, len(all))
	for i, t := range all {
		if t.Name == name {
			return t, nil
		}
		names[i] = t.Name
	}
	return Task{}, param.Unknown("task", name, names)
}

// Vocab is the number of tokens, End included.
func (t Task) Vocab() int { return len([]rune(t.Alphabet)) + 1 }

// Encode turns text into tokens; an error names the first rune that is not in
// the alphabet.
func (t Task) Encode(text string) ([]int32, error) {
	alphabet := []rune(t.Alphabet)
	tokens := make([]int32, 0, len(text))
	for _, r := range text {
		i := slices.Index(alphabet, r)
		if i < 0 {
			return nil, fmt.Errorf("task %s has no symbol %q: its alphabet is %q", t.Name, r, t.Alphabet)
		}
		tokens = append(tokens, int32(i+1))
	}
	return tokens, nil
}

// MustEncode is Encode for text that the task itself wrote.
func (t Task) MustEncode(text string) []int32 {
	tokens, err := t.Encode(text)
	if err != nil {
		panic(err)
	}
	return tokens
}

// Decode turns tokens into text up to the first End; finished says whether there
// was one.
func (t Task) Decode(tokens []int32) (text string, finished bool) {
	alphabet := []rune(t.Alphabet)
	var b strings.Builder
	for _, tok := range tokens {
		if tok == End {
			return b.String(), true
		}
		b.WriteRune(alphabet[tok-1])
	}
	return b.String(), false
}

// Score is the reward of a response in tokens: nothing for one that never ends.
func (t Task) Score(p Problem, response []int32) float64 {
	text, finished := t.Decode(response)
	if !finished {
		return 0
	}
	return t.Reward(p, text)
}

// HasLevel says whether a level exists.
func (t Task) HasLevel(name string) bool {
	return slices.ContainsFunc(t.Levels, func(l Level) bool { return l.Name == name })
}
