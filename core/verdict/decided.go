package verdict

import (
	"path"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/task"
)

// contest has the words for comparing lanes by a metric that decides an exhibit. Differences
// smaller than much do not count; it is relative to the largest value if that is above 1. more is
// about the one of two lanes with the larger value. Of three or more lanes, most is about those
// with the largest values and least about those with the smallest. alike is about lanes that do not
// differ.
type contest struct {
	much        float64
	more        string
	most, least string
	alike       string
}

// contests has an entry for each metric that decides an exhibit, by the end of the metric's name.
// LEVEL stands for the level's title, and N for the number at the end of the name.
var contests = map[string]contest{
	"accuracy": {0.05, "did better at LEVEL than", "did best at LEVEL", "worst",
		"did about equally well at LEVEL"},
	"reward": {0.03, "did better at LEVEL than", "did best at LEVEL", "worst",
		"did about equally well at LEVEL"},
	"overlap": {0.03, "covered more of LEVEL than", "covered most of LEVEL", "least",
		"covered about equally much of LEVEL"},
	"pass_at": {0.01, "solved more prompts of LEVEL in N tries than",
		"solved most prompts of LEVEL in N tries", "fewest",
		"solved about equally many prompts of LEVEL in N tries"},
	"entropy_nats": {0.03, "kept more entropy than", "kept the most entropy", "the least",
		"kept about the same entropy"},
	"response_tokens": {0.05, "wrote longer answers than", "wrote the longest answers",
		"the shortest", "wrote answers of about the same length"},
	"unchanged_bf16_share": {0.01, "left more weights as they were, in bfloat16, than",
		"left most weights as they were, in bfloat16", "fewest",
		"left about equally many weights as they were, in bfloat16"},
	"flops": {0.10, "took more arithmetic than", "took the most arithmetic",
		"the least", "took about the same arithmetic"},
}

// contestOf returns how lanes are compared by a metric, with the level and the number filled in.
func contestOf(metric string, levels []task.Level) (contest, bool) {
	name, n := path.Base(metric), ""
	if of, tries, ok := strings.Cut(name, "pass_at_"); ok && of == "" {
		name, n = "pass_at", tries
	}
	c, ok := contests[name]
	filled := strings.NewReplacer("LEVEL", LevelOf(metric, levels), "N tries", n+" tries")
	c.more, c.most, c.alike = filled.Replace(c.more), filled.Replace(c.most),
		filled.Replace(c.alike)
	return c, ok
}

// decided returns a sentence about the lanes with the largest and the smallest values of the metric
// that decides, and the indices of those with the largest. It returns "" and nil for a single lane,
// and until all lanes have a value. everybody is the phrase for all lanes.
func decided(q Question, names []string, lanes []Lane, everybody string) (sentence string,
	ahead []int) {
	if len(q.About) == 0 || len(lanes) < 2 {
		return "", nil
	}
	c, ok := contestOf(q.About[0], q.Levels)
	if !ok {
		return "", nil
	}
	var values []float64
	for i := range lanes {
		v, known := lanes[i].newest(q.About[0])
		if !known {
			return "", nil
		}
		values = append(values, v)
	}
	high, low := slices.Max(values), slices.Min(values)
	much := c.much * max(1, high)
	var first, last []string
	for i, v := range values {
		switch {
		case high-v < much:
			ahead, first = append(ahead, i), append(first, names[i])
		case v-low < much:
			last = append(last, names[i])
		}
	}
	switch {
	case len(ahead) == len(lanes):
		return prose.Capital(everybody) + " " + c.alike + ".", ahead
	case len(lanes) == 2:
		return prose.Capital(first[0]) + " " + c.more + " " + last[0] + ".", ahead
	}
	return prose.Capital(prose.List(first)) + " " + c.most + ", " + prose.List(last) + " " +
		c.least + ".", ahead
}
