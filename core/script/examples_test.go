package script

import (
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
)

// Every example judges what the expert of every task writes, and tells that from nothing.
func TestExampleRewards(t *testing.T) {
	for _, e := range Rewards() {
		own, err := Reward("reward.star", e.Text)
		if err != nil {
			t.Fatalf("%s: %v", e.Title, err)
		}
		if (Starlark{}).Pack(e.Text) == "" {
			t.Errorf("%s is too long for a link", e.Title)
		}
		for _, of := range task.All() {
			if !of.HasPrompts() {
				continue
			}
			values := param.Defaults(of.Knobs)
			for i, p := range of.TrainPrompts(1, 4) {
				r := num.NewRand(1, "examples", of.Name, uint64(i))
				expert := of.Demonstrate(&r, p, values)
				good, err := own.Of(of, p, append(of.MustEncode(expert), task.End), 1)
				if err != nil {
					t.Fatalf("%s, task %s: %v", e.Title, of.Name, err)
				}
				bad, err := own.Of(of, p, []int32{task.End}, 0)
				if err != nil {
					t.Fatalf("%s, task %s, nothing: %v", e.Title, of.Name, err)
				}
				if own.Sum(good) == own.Sum(bad) {
					t.Errorf("%s, task %s: %q and nothing both earn %g", e.Title, of.Name, expert,
						own.Sum(good))
				}
			}
		}
	}
}

// Every example of a task can be read, and fits into a link.
func TestExampleTasks(t *testing.T) {
	for _, e := range Tasks() {
		own, err := Task("task.star", e.Text)
		if err != nil {
			t.Fatalf("%s: %v", e.Title, err)
		}
		if (Starlark{}).Pack(e.Text) == "" {
			t.Errorf("%s is too long for a link", e.Title)
		}
		problems := own.TrainPrompts(1, own.Prompts)
		for _, l := range own.Levels {
			problems = append(problems, own.EvalPrompts(l.Name, own.HeldOutPrompts)...)
		}
		for _, p := range problems {
			if got := own.Reward(p, own.Demonstrate(nil, p, param.Values{})); got != 1 {
				t.Errorf("%s: the expert earns %g at %s", e.Title, got, p.Prompt)
			}
		}
	}
}
