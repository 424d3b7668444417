// Package extreme has extreme settings for tests of anything with knobs.
package extreme

import (
	"slices"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

// Settings returns the settings at the ends of a knob's range, the lower one first, and 0 if that
// lies between. They are written as by a person. For a choice or a flag it returns all settings,
// for a text the empty one and the longest ones of one letter.
func Settings(k param.Knob) (texts []string) {
	switch k.Type {
	case param.TypeChoice:
		return k.Choices
	case param.TypeFlag:
		return []string{"false", "true"}
	case param.TypeText:
		texts = []string{""}
		for _, letter := range k.Choices {
			texts = append(texts, strings.Repeat(letter, int(k.Max)))
		}
		return texts
	}
	for _, x := range []float64{k.Min, k.Max, 0} {
		if text := strconv.FormatFloat(x, 'f', -1, 64); x >= k.Min && x <= k.Max &&
			!slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}
