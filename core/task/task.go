// Package task defines verifiable toy problems. A task is one value in one file:
// an alphabet, levels, a sampler, demonstrations, a verifier. It knows nothing
// of models or tensors.
package task

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
)

// Task is one problem family.
type Task struct {
	Name, Title, Cite, Doc string

	// Example is a problem worked step by step.
	Example Example

	// Alphabet has one rune per token. Its first rune is token 1: token 0 is End.
	Alphabet string

	// Levels name the kinds of problem. The first is practised; the others are
	// only measured.
	Levels []Level

	// HeldOutPrompts is the number of held-out prompts of each level. 0 means the usual number; a
	// task sets it if it is so small that a level has fewer.
	HeldOutPrompts int

	// MaxResponse is the most tokens a response may have, End included.
	MaxResponse int

	// Prompts is how many training prompts of the practised level there are.
	Prompts int

	// Knobs shape the demonstrations.
	Knobs []param.Knob

	// Form says what prompts look like, for whoever writes one.
	Form string

	// Read is the problem of a prompt that somebody wrote, and whether it is one. It is total, like Reward.
	Read func(prompt string) (Problem, bool)

	// Sample draws a problem of a level.
	Sample func(r *num.Rand, level string) Problem

	// Demonstrate writes an expert's response; it always earns the full reward.
	Demonstrate func(r *num.Rand, p Problem, k param.Values) string

	// Pretrain draws what the base model grows up on: a problem and a response
	// that may be wrong.
	Pretrain func(r *num.Rand) (Problem, string)

	// Twin is the same problem under the other of two rules, and a problem that neither rule is for itself; nil where
	// there are no two rules that a base could confuse.
	Twin func(p Problem) Problem

	// Reward scores a finished response in [0, 1]. It is total: any string of
	// the alphabet, no panic.
	Reward func(p Problem, response string) float64

	// Abstains says whether a finished response declines to answer; nil where the task knows no such responses. It is as total as
	// Reward.
	Abstains func(p Problem, response string) bool

	// Leak says which finished responses a verifier with a hole takes for right besides those that are; nil where none is known.
	// Methods can be trained with it, and nothing is measured with it.
	Leak func(p Problem, response string) bool

	// World is what the world says after a response so far, before the policy goes on: "" when it has nothing to say, as when it
	// has just spoken, or nobody has. What it says is context, like the prompt. It is total. nil: nobody answers between two tokens.
	World func(p Problem, response string) string

	// Base names the base that lanes start from unless a link says otherwise; "" when the task has
	// none yet.
	Base string

	// Teacher names the base that methods of distillation learn from unless a link says otherwise; ""
	// when the task has none.
	Teacher string

	// Atlas returns the map that problems take place on, for pictures of it; nil where there is none.
	Atlas func() Atlas

	brought []Problem // training prompts that somebody brought, see [Task.With]; nil: the task's own
}

// Atlas is a map of places in a ring, some of which are joined across it.
type Atlas struct {
	Ring string   // the places in order, each a symbol
	Near []string // those next to each place of the ring, in the same order
}

// Example is a problem with a right response, worked step by step for somebody who sees the notation for the first time.
type Example struct {
	Prompt   string   `json:"prompt"`
	Response string   `json:"response"`
	Steps    []string `json:"steps"` // plain sentences, which quote both
}

// Level is one kind of problem.
type Level struct {
	Name  string `json:"name"`  // id, ood, prior, ...
	Title string `json:"title"` // a word or two for a legend
	Doc   string `json:"doc"`   // what goes on in it

	Graded  bool   `json:"graded,omitempty"`  // a response can be partly right, so that its reward says more than whether it is right
	Measure string `json:"measure,omitempty"` // where there are no responses: the name of what is measured instead
}

// Metric is the measure, from 0 to 1, that says how good a policy is at the level.
func (l Level) Metric() string {
	if l.Measure != "" {
		return "eval/" + l.Name + "/" + l.Measure
	}
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

// EncodePrompt is Encode for a prompt that somebody wrote, which must leave room for a response in a model's context.
func (t Task) EncodePrompt(text string, context int) ([]int32, error) {
	prompt, err := t.Encode(text)
	switch most := context - t.MaxResponse; {
	case err != nil:
		return nil, err
	case len(prompt) == 0:
		return nil, errors.New("the prompt is empty: want at least one symbol")
	case len(prompt) > most:
		return nil, fmt.Errorf("the prompt has %d symbols: at most %d leave room for a response in the model's context", len(prompt), most)
	}
	return prompt, nil
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

// Problem is what a prompt asks for; an error says what the prompts are that the verifier can judge.
func (t Task) Problem(prompt string) (Problem, error) {
	if p, ok := t.Read(prompt); ok {
		return p, nil
	}
	return Problem{}, fmt.Errorf("task %s cannot judge the prompt %s: want %s", t.Name, param.Quote(prompt), t.Form)
}

// cutPrompt takes a prompt apart into its first symbol and what stands between that and the =; nothing of any other text.
func cutPrompt(prompt string) (kind, body string) {
	if len(prompt) < 2 || !strings.HasSuffix(prompt, "=") {
		return "", ""
	}
	return prompt[:1], prompt[1 : len(prompt)-1]
}

// madeOf says whether a text is as long as n symbols, all of them these.
func madeOf(text, symbols string, n int) bool {
	return len(text) == n && strings.Trim(text, symbols) == ""
}

// Score is the reward of a response in tokens: nothing for one that never ends.
func (t Task) Score(p Problem, response []int32) float64 {
	text, finished := t.Decode(response)
	if !finished {
		return 0
	}
	return t.Reward(p, text)
}

// Leaky is the task with the hole in its verifier.
func (t Task) Leaky() Task {
	strict := t.Reward
	t.Reward = func(p Problem, response string) float64 {
		if t.Leak(p, response) {
			return 1
		}
		return strict(p, response)
	}
	return t
}

// Right reports whether a reward is that of a right response: the full one.
func Right(reward float64) bool { return reward >= 1 }

// Mark returns how a reward for a response to p is shown to people. Everything that shows one goes by it.
func (t Task) Mark(p Problem, reward float64) protocol.Mark {
	switch level := slices.IndexFunc(t.Levels, func(l Level) bool { return l.Name == p.Level }); {
	case level >= 0 && t.Levels[level].Graded:
		return protocol.Graded
	case Right(reward):
		return protocol.Right
	}
	return protocol.Wrong
}

// HasPrompts reports whether there is anything to answer. There is nothing where the policy is not a
// network but a density over numbers.
func (t Task) HasPrompts() bool { return t.Sample != nil }

// HasLevel says whether a level exists.
func (t Task) HasLevel(name string) bool {
	return slices.ContainsFunc(t.Levels, func(l Level) bool { return l.Name == name })
}
