package task

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

// Resized returns the task for a model of a size, with settings of its Sizes such as "hand=6" that
// count instead of those that suit the size. The error names the setting that cannot be.
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
	resized := t.Sized(v)
	resized.sizes = &v
	return resized, nil
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
