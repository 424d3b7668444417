package verdict

import (
	"path"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/task"
)

// contest is how lanes are compared by a metric that decides an exhibit.
type contest struct {
	much        float64 // the least difference that counts as one, as a share of the largest value where that is above 1
	more        string  // what is said of the one of two lanes that has more, before the other's name
	most, least string  // what is said of those who have most, and after it of those who have least
	alike       string  // what is said of all when they do not differ
}

// contests are those of all metrics that decide an exhibit, by the end of the metric's name. LEVEL stands for the level's title, and
// N for the number that the name ends with.
var contests = map[string]contest{
	"accuracy":             {0.05, "did better at LEVEL than", "did best at LEVEL", "worst", "did about equally well at LEVEL"},
	"reward":               {0.03, "did better at LEVEL than", "did best at LEVEL", "worst", "did about equally well at LEVEL"},
	"overlap":              {0.03, "covered more of LEVEL than", "covered most of LEVEL", "least", "covered about equally much of LEVEL"},
	"pass_at":              {0.01, "solved more prompts of LEVEL in N tries than", "solved most prompts of LEVEL in N tries", "fewest", "solved about equally many prompts of LEVEL in N tries"},
	"entropy_nats":         {0.03, "kept more entropy than", "kept the most entropy", "the least", "kept about the same entropy"},
	"response_tokens":      {0.05, "wrote longer answers than", "wrote the longest answers", "the shortest", "wrote answers of about the same length"},
	"unchanged_bf16_share": {0.01, "left more weights as they were, in bfloat16, than", "left most weights as they were, in bfloat16", "fewest", "left about equally many weights as they were, in bfloat16"},
	"flops":                {0.10, "took more arithmetic than", "took the most arithmetic", "the least", "took about the same arithmetic"},
}

// contestOf returns how lanes are compared by a metric, with the level and the number filled in.
func contestOf(metric string, levels []task.Level) (contest, bool) {
	name, n := path.Base(metric), ""
	if of, tries, ok := strings.Cut(name, "pass_at_"); ok && of == "" {
		name, n = "pass_at", tries
	}
	c, ok := contests[name]
	filled := strings.NewReplacer("LEVEL", LevelOf(metric, levels), "N tries", n+" tries")
	c.more, c.most, c.alike = filled.Replace(c.more), filled.Replace(c.most), filled.Replace(c.alike)
	return c, ok
}

// decided says in a sentence who has most and who has least of what decides, and who has most; nothing of a single lane, or before all
// lanes have told. everybody is what all lanes are called.
func decided(q Question, names []string, lanes []Lane, everybody string) (sentence string, ahead []int) {
	if len(q.About) == 0 || len(lanes) < 2 {
		return "", nil
	}
	c, ok := contestOf(q.About[0], q.Levels)
	if !ok {
		return "", nil
	}
	var values []float64
	for i := range lanes {
		v, known := lanes[i].now(q.About[0])
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
		return upper(everybody) + " " + c.alike + ".", ahead
	case len(lanes) == 2:
		return upper(first[0]) + " " + c.more + " " + last[0] + ".", ahead
	}
	return upper(prose.List(first)) + " " + c.most + ", " + prose.List(last) + " " + c.least + ".", ahead
}
