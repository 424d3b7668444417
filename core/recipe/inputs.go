//go:build !page

package recipe

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/train"
)

// Inputs returns what the lane cannot train without, each once.
func (l Lane) Inputs() (all []guide.Input) {
	add := func(needed bool, input guide.Input) {
		if needed && !slices.Contains(all, input) {
			all = append(all, input)
		}
	}
	for _, s := range l {
		e := train.Estimate(s.Method, s.Values)
		add(e.PerPrompt.Demonstrations+e.PerPrompt.MoreDemonstrations > 0, demonstrated(s.Values))
		add(e.Prior+e.Consolidated > 0, guide.OldDemos)
		add(e.PerPrompt.Checked+e.PerPrompt.Retried > 0, guide.Verifier)
		add(e.PerPrompt.Labels > 0, guide.Labels)
		add(e.RewardModels.Pairs > 0, guide.RewardModel)
		add(slices.Contains(e.Frozen, "teacher"), guide.Teacher)
	}
	return all
}

// demonstrated returns the kind of demonstrations that a stage learns from. A task names the base's
// own style in the title of a choice, and all other choices are foreign to the base then. Where no
// choice is the base's own, as between whole solutions and bare answers, a style is neither.
func demonstrated(v param.Values) guide.Input {
	own := func(title string) bool { return strings.Contains(title, "own style") }
	for _, k := range v.Knobs() {
		switch {
		case k.Name != "style" || !slices.ContainsFunc(k.Titles, own):
		case own(k.Titles[slices.Index(k.Choices, v.Choice(k.Name))]):
			return guide.OwnDemos
		default:
			return guide.ForeignDemos
		}
	}
	return guide.OtherDemos
}
