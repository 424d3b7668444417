package verdict_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/verdict"
)

// Two lanes were measured on 512 prompts before and after training.
func ExampleOf() {
	about := verdict.Question{Levels: []task.Level{{Name: "id", Title: "rule A"}}, Prompts: 512}
	base := map[string]float64{"eval/id/accuracy": 0.47}
	v := verdict.Of(about, []verdict.Lane{
		{Name: "SFT", Step: 100, Base: base, Now: map[string]float64{"eval/id/accuracy": 0.99}},
		{Name: "GRPO", Step: 100, Base: base, Now: map[string]float64{"eval/id/accuracy": 0.48}},
	})
	fmt.Println(v.Headline)
	// Output: SFT got better at rule A; GRPO did not differ clearly from the base.
}
