package task

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/prose"
)

// Resized returns the task for a model of a size, with settings of its Sizes such as "hand=6" that
// count instead of those that suit the size. The task must be as it is declared. The error names
// the setting that cannot be.
func (t Task) Resized(size string, settings []string) (Task, error) {
	if t.Sizes == nil {
		if len(settings) > 0 {
			return t, fmt.Errorf("task %s has one size, so %s cannot be set", t.Name,
				param.Quote(settings[0]))
		}
		return t, nil
	}
	v := param.Defaults(t.Sizes)
	if t.Larger != nil {
		for _, setting := range t.Larger(size) {
			name, text, _ := strings.Cut(setting, "=")
			if err := v.Set(name, text); err != nil {
				return t, fmt.Errorf("task %s at size %s: %w", t.Name, size, err)
			}
		}
	}
	v = v.AsDefaults()
	for _, setting := range settings {
		name, text, _ := strings.Cut(setting, "=")
		if err := v.Set(name, text); err != nil {
			return t, err
		}
	}
	resized := t
	if t.Sized != nil {
		resized = t.Sized(resized, v)
	}
	resized.Prompts = v.Int(trainPrompts)
	if other := otherSizes(t.Sizes, v); len(other) > 0 {
		resized.Doc = fmt.Sprintf("%s That is the task at its usual sizes; here it has %s.", t.Doc,
			prose.List(other))
		resized.Example = Example{}
	}
	resized.sizes = &v
	return resized, nil
}

// trainPrompts is the name of the setting that every task with Sizes has.
const trainPrompts = "train_prompts"

// promptsKnob declares how many problems are trained on. There must be twice as many as most.
func promptsKnob(usual, most int) param.Knob {
	return param.Integer(trainPrompts, "prompts", usual, 1, most,
		"How many different training prompts there are. More of them are harder to learn by "+
			"heart.").Called("training prompts").Logarithmic()
}

// otherSizes returns the sizes of the problems that are not the declared ones.
func otherSizes(declared []param.Knob, v param.Values) (other []string) {
	usual := param.Defaults(declared)
	for _, k := range declared {
		if k.Name != trainPrompts && v.Text(k.Name) != usual.Text(k.Name) {
			other = append(other, k.Name+"="+v.Text(k.Name))
		}
	}
	return other
}

// SizeValues returns the settings of Sizes that the task has. Their defaults are those that suit
// the size of the model.
func (t Task) SizeValues() param.Values {
	if t.sizes != nil {
		return t.sizes.Clone()
	}
	return param.Defaults(t.Sizes)
}

// Context returns how many tokens the longest prompt and the longest response to it have together.
// It looks at a sample of the prompts of every level.
func (t Task) Context() int {
	const sample = 32
	longest := 0
	for _, l := range t.Levels {
		for _, p := range t.EvalPrompts(l.Name, min(sample, t.MostEvalPrompts())) {
			longest = max(longest, len(t.MustEncode(p.Prompt)))
		}
	}
	return longest + t.MaxResponse
}

// bySize returns settings by the size of a model: none at the size of a page.
func bySize(full, large []string) func(size string) []string {
	return func(size string) []string {
		switch size {
		case "full":
			return full
		case "large":
			return large
		}
		return nil
	}
}

// spelled returns a number in words, up to sixteen, and in digits above it.
func spelled(n int) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
		"ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"}
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}

// retold returns levels in which words of titles and docs are replaced.
func retold(levels []Level, oldnew ...string) []Level {
	said, all := strings.NewReplacer(oldnew...), make([]Level, len(levels))
	for i, l := range levels {
		l.Title, l.Doc = said.Replace(l.Title), said.Replace(l.Doc)
		all[i] = l
	}
	return all
}
