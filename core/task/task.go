// Package task defines verifiable toy problems. A [Task] is one value in one file: a vocabulary,
// levels, a sampler, demonstrations and a verifier. It knows nothing of models or tensors. Start
// with [Cards], or with the example of a task of one's own at [Task].
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

// Task is a family of problems.
type Task struct {
	Name, Title, Cite, Doc string

	// Program is the digest of the program that defines the task; "" for one that is part of
	// posttrain. The functions of a task from a program may panic with a [Failure].
	Program string

	// Example is a problem worked step by step.
	Example Example

	// Alphabet has one rune per token. Its first rune is token 1: token 0 is End.
	Alphabet string

	// Words has one word per token, for a task whose symbols are words: texts have a blank between
	// two of them. nil means that the symbols are the runes of Alphabet. A task has one of the two.
	Words []string

	// Levels name the kinds of problem. The first is practised; the others are
	// only measured.
	Levels []Level

	// HeldOutPrompts is the number of held-out prompts of each level. 0 means the usual number. A
	// task with a level that has fewer sets it.
	HeldOutPrompts int

	// MaxResponse is the largest number of tokens of a response, End included.
	MaxResponse int

	// Prompts is the number of training prompts of the practised level.
	Prompts int

	// Knobs are the settings of the demonstrations.
	Knobs []param.Knob

	// Form describes the prompts to users who write one.
	Form string

	// Read returns the problem of a prompt that a user wrote, and whether it is one. It accepts any
	// string, like Reward. The prompt is canonical, see [Task.Canonical].
	Read func(prompt string) (Problem, bool)

	// Sample draws a problem of a level.
	Sample func(r *num.Rand, level string) Problem

	// Demonstrate returns an expert's response, which always has the full reward.
	Demonstrate func(r *num.Rand, p Problem, k param.Values) string

	// Pretrain draws an example for the pretraining of the base: a problem and a response, which
	// may be wrong.
	Pretrain func(r *num.Rand) (Problem, string)

	// Twin returns the same problem under the other of two rules, and p itself if it is about
	// neither rule. It is nil for a task without two rules that a base could confuse.
	Twin func(p Problem) Problem

	// Reward returns the score in [0, 1] of a finished response, which may be any text of its
	// symbols. It must not panic.
	Reward func(p Problem, response string) float64

	// Final returns the part of a finished response that the verifier looks at: of two responses
	// with the same one, both are right or none is. Like Reward it accepts any string. nil means
	// the whole response.
	Final func(p Problem, response string) string

	// Abstains reports whether a finished response declines to answer. Like Reward it accepts any
	// string. nil means that no response of the task abstains.
	Abstains func(p Problem, response string) bool

	// Leak reports whether a verifier with a hole would take a wrong finished response for right.
	// Methods can be trained with the hole; measurements never use it. nil means that no hole is
	// known.
	Leak func(p Problem, response string) bool

	// World returns what the world says after an unfinished response, before the policy goes on,
	// and "" if it says nothing, as right after it has spoken. Its text is context, like the
	// prompt. It accepts any response. nil means that the task has no world.
	World func(p Problem, response string) string

	// Base names the base that lanes start from unless a link says otherwise; "" when the task has
	// none yet.
	Base string

	// Teacher names the base that methods of distillation learn from unless a link says otherwise;
	// "" when the task has none.
	Teacher string

	// Atlas returns the map that problems take place on, for pictures of it; nil where there is
	// none.
	Atlas func() Atlas

	// Sizes are the settings of how large the problems are and how many are trained on, with the
	// task's own sizes as defaults. One of them is train_prompts. A link sets them for the whole
	// recipe. nil means that the task has one size.
	Sizes []param.Knob

	// Sized returns t, which is the task as it is declared, at settings of Sizes. It leaves the
	// number of training prompts to its caller. nil means that nothing else has a size.
	Sized func(t Task, v param.Values) Task

	// Larger returns the settings of Sizes that suit a larger model, such as "hand=6", by the name
	// of its size: "full" or "large". nil means that they are the same at any size.
	Larger func(size string) []string

	sizes       *param.Values // those of [Task.Resized]; nil means the defaults of Sizes
	userPrompts []Problem     // training prompts from [Task.With]; nil means the task's own
}

// Atlas is a map of places in a ring, some of which are joined across it.
type Atlas struct {
	Ring string   // the places in order, each a symbol
	Near []string // those next to each place of the ring, in the same order
}

// Example is a problem with a right response, explained step by step to somebody who sees the
// notation for the first time.
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

	// Graded means that a response can be partly right, so the reward is measured, not accuracy.
	Graded bool `json:"graded,omitempty"`
	// Measure names what is measured instead if there are no responses.
	Measure string `json:"measure,omitempty"`
}

// Metric returns the name of the metric, from 0 to 1, that says how good a policy is at the level.
func (l Level) Metric() string {
	if l.Measure != "" {
		return "eval/" + l.Name + "/" + l.Measure
	}
	if l.Graded {
		return "eval/" + l.Name + "/reward"
	}
	return "eval/" + l.Name + "/accuracy"
}

// Problem is a prompt and what its verifier needs.
type Problem struct {
	Level  string
	Prompt string
	Answer string
	// Key identifies the problem: problems with the same key are the same one in other words.
	// Training and held-out problems share no key.
	Key string
}

// End is the token that ends a response.
const End = 0

// EncodePrompt is [Task.Encode] for a prompt that a user wrote. It returns an error unless the
// prompt leaves room for a response in a model's context.
func (t Task) EncodePrompt(text string, context int) ([]int32, error) {
	prompt, err := t.Encode(text)
	switch most := context - t.MaxResponse; {
	case err != nil:
		return nil, err
	case len(prompt) == 0:
		return nil, errors.New("the prompt is empty: want at least one symbol")
	case len(prompt) > most:
		return nil, fmt.Errorf("the prompt has %d symbols: at most %d leave room for a response "+
			"in the model's context", len(prompt), most)
	}
	return prompt, nil
}

// Problem returns the problem of a prompt that a user wrote, with any blanks between words. The
// error says which prompts the verifier can judge.
func (t Task) Problem(prompt string) (Problem, error) {
	if p, ok := t.Read(t.Canonical(prompt)); ok {
		return p, nil
	}
	return Problem{}, fmt.Errorf("task %s cannot judge the prompt %s: want %s", t.Name,
		param.Quote(prompt), t.Form)
}

// cutPrompt returns the first symbol of a prompt and what stands between it and the final "=". It
// returns empty strings for any other text.
func cutPrompt(prompt string) (kind, body string) {
	if len(prompt) < 2 || !strings.HasSuffix(prompt, "=") {
		return "", ""
	}
	return prompt[:1], prompt[1 : len(prompt)-1]
}

// madeOf reports whether text consists of n of these symbols.
func madeOf(text, symbols string, n int) bool {
	return len(text) == n && strings.Trim(text, symbols) == ""
}

// Score returns the reward of a response in tokens, and 0 if it has no End.
func (t Task) Score(p Problem, response []int32) float64 {
	text, finished := t.Decode(response)
	if !finished {
		return 0
	}
	return t.Reward(p, text)
}

// FinalOf returns the part of a response in tokens that the verifier looks at, and whether the
// response has an End.
func (t Task) FinalOf(p Problem, response []int32) (final string, finished bool) {
	text, finished := t.Decode(response)
	if t.Final != nil {
		text = t.Final(p, text)
	}
	return text, finished
}

// Leaky returns the task with the hole of Leak in its verifier.
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

// Right reports whether a reward is the full one.
func Right(reward float64) bool { return reward >= 1 }

// Mark returns how the reward of a response to p is shown to people.
func (t Task) Mark(p Problem, reward float64) protocol.Mark {
	switch level := slices.IndexFunc(t.Levels, func(l Level) bool { return l.Name == p.Level }); {
	case level >= 0 && t.Levels[level].Graded:
		return protocol.Graded
	case Right(reward):
		return protocol.Right
	}
	return protocol.Wrong
}

// HasPrompts reports whether there is anything to answer. There is nothing where the policy is not
// a network but a density over numbers.
func (t Task) HasPrompts() bool { return t.Sample != nil }

// HasLevel reports whether the task has a level of this name.
func (t Task) HasLevel(name string) bool {
	return slices.ContainsFunc(t.Levels, func(l Level) bool { return l.Name == name })
}
