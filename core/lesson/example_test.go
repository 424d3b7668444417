package lesson_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
)

const short = `---
title: More than luck
link: cards?lane=sft&lane=grpo
---
## Train both {goal="run"}
SFT is at ` + "`=sft id/accuracy`" + `

## Why? {goal="answer"}
Why does it get better?

- [ ] By luck
- [x] It imitates an expert
`

// A lesson is read, and its steps are printed.
func ExampleParse() {
	l, err := lesson.Parse([]byte(short), lesson.Vocabulary{Links: recipe.Standard()})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range l.Steps {
		fmt.Printf("%s: %s, %d choices\n", s.ID, s.Goal.Kind, len(s.Choices))
	}
	fmt.Println(l.Steps[1].Question, l.Steps[1].Choices[1].Right)

	// Output:
	// train-both: run, 0 choices
	// why: answer, 2 choices
	// Why does it get better? true
}

// A sheet says that SFT ended at an accuracy of 1, and the run gives another one.
func ExampleSheet_Compare() {
	sheet, err := lesson.ReadSheet([]byte(`{"posttrain": "sheet", "version": 1, "engine": 2,
		"lesson": "mine", "runs": [{"link": "cards?lane=sft", "lanes": [{
			"label": "sft", "updates": 200, "metrics": {"id/accuracy": 1},
			"digest": "` + digest + `"}]}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	given := &study.Result{Lanes: []study.LaneResult{{Label: "sft", Step: 200, Digest: digest,
		Metrics: map[string]float64{"eval/id/accuracy": 0.998046875}}}}
	o := sheet.Compare(&lesson.Lesson{Name: "mine"}, []*study.Result{given})
	fmt.Println(o.Numbers, o.Differences)

	// Output:
	// 3 [runs[0] sft id/accuracy: the sheet says 1, the run gives 0.998046875]
}

const digest = "56f26d9cebab7e86d5ec26da0e02808298059c34b92bf8bfcc348b4c2d0720c6"
