package task_test

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
)

// A response is scored by the task's verifier, in tokens and with its End. One that was cut off has
// the score 0.
func ExampleTask_Score() {
	p, err := task.Cards.Problem("A1194=") // the last digit of 1+1+9+4
	if err != nil {
		fmt.Println(err)
	}
	right := task.Cards.MustEncode("1215")
	fmt.Println(task.Cards.Score(p, append(right, task.End)))
	fmt.Println(task.Cards.Score(p, right))
	// Output:
	// 1
	// 0
}

// A task of one's own: a word is to be written in capital letters. The levels are words of three
// letters, which are practised, and of four.
func ExampleTask() {
	ask := func(level, word string) task.Problem {
		answer := strings.ToUpper(word)
		return task.Problem{Level: level, Prompt: word + "=", Answer: answer, Key: word}
	}
	capitals := task.Task{
		Name:     "capitals",
		Title:    "Capital letters",
		Alphabet: "abcdABCD=",
		Levels: []task.Level{
			{Name: "id", Title: "three letters"}, {Name: "ood", Title: "four letters"},
		},
		HeldOutPrompts: 10,
		MaxResponse:    6,
		Prompts:        20,
		Sample: func(r *num.Rand, level string) task.Problem {
			word := make([]byte, 3)
			if level == "ood" {
				word = make([]byte, 4)
			}
			for i := range word {
				word[i] = "abcd"[r.IntN(4)]
			}
			return ask(level, string(word))
		},
		Demonstrate: func(_ *num.Rand, p task.Problem, _ param.Values) string { return p.Answer },
		Reward: func(p task.Problem, response string) float64 {
			if response == p.Answer {
				return 1
			}
			return 0
		},
	}
	p := capitals.TrainPrompts(1, capitals.Prompts)[0]
	r := num.NewRand(1, "example", capitals.Name)
	demonstration := capitals.Demonstrate(&r, p, param.Defaults(capitals.Knobs))
	response := append(capitals.MustEncode(demonstration), task.End)
	fmt.Println(p.Prompt, demonstration, capitals.Score(p, response))
	fmt.Println(len(capitals.EvalPrompts("ood", capitals.MostEvalPrompts())), "held-out prompts")
	// Output:
	// cca= CCA 1
	// 10 held-out prompts
}
