//go:build !page

package verdict_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/verdict"
)

var update = flag.Bool("update", false, "write testdata/sentences.txt anew")

// From where to where a share goes, by the letter that stands for it in the ends below.
var ends = map[rune][2]float64{'+': {.45, .9}, '-': {.9, .5}, '0': {.9, .01}, '=': {.5, .51},
	'!': {.5, .5}}

// shapes are what lanes can do, a word for each, a letter for each level; both begin again where
// there are more lanes or levels.
var shapes = []string{"+++", "===", "+=-", "+00 ++-", "+== ++= +=-", "+-0 +=- === +++", "--- +++",
	"!!! +==", "!!!"}

// The sentences about every exhibit in every shape are those that were read and found to be plain.
func TestSentences(t *testing.T) {
	var b strings.Builder
	for _, e := range recipe.Standard().Exhibits() {
		r, err := recipe.Standard().Parse(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n", e.Name)
		said := map[string]bool{}
		for _, shape := range shapes {
			var lanes []verdict.Lane
			for i, l := range r.Describe().Lanes {
				words := strings.Fields(shape)
				lanes = append(lanes, laneOf(l.Name, r.Task.Levels, words[i%len(words)]))
			}
			v := verdict.Of(verdict.Question{Levels: r.Task.Levels, Prompts: r.EvalPrompts()},
				lanes)
			if !said[v.Headline] {
				fmt.Fprintf(&b, "  %s\n", v.Headline)
			}
			said[v.Headline] = true
			if strings.Count(v.Headline, ".") != 1 || len(v.Rows) != len(r.Task.Levels)+1 {
				t.Errorf("%s, %s: want one sentence and a row for each level and the distance: %+v",
					e.Name, shape, v)
			}
		}
	}
	golden(t, "testdata/sentences.txt", b.String())
}

// laneOf returns a lane whose end is given by a letter for each level.
func laneOf(name string, levels []task.Level, letters string) verdict.Lane {
	l := verdict.Lane{Name: name, Step: 9, Base: map[string]float64{},
		Now: map[string]float64{"train/active_share_so_far": 1, "weights/update_norm": 1}}
	for i, level := range levels {
		end := ends[[]rune(letters)[i%len(letters)]]
		l.Base[level.Metric()], l.Now[level.Metric()] = end[0], end[1]
	}
	if strings.HasPrefix(letters, "!") {
		l.Now["train/active_share_so_far"], l.Now["weights/update_norm"] = 0, 0
	}
	return l
}
