package main

import (
	"strings"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/task"
)

const (
	letters = "abcdef"
	short   = 4 // letters of a word that is practised
	long    = 5 // letters of a word that is not
	slip    = 0.1
)

// rotate is the task "Rotating words": the first letter of a word goes to its end.
var rotate = task.Task{
	Name:  "rotate",
	Title: "Rotating words",
	Cite:  "made up for this example",
	Doc: `A word is written once more with its first letter at the end: Rbead= is answered eadb. Words of
four letters are practised, words of five are not. The base slips at one letter in ten. It can also
copy a word, the prior skill, which nobody practises.`,
	Example: task.Example{
		Prompt: "Rbead=", Response: "eadb",
		Steps: []string{
			"Rbead= asks for bead with its first letter at the end.",
			"The response eadb is the last three letters and then the first.",
		},
	},
	Alphabet: letters + "RC=",
	Levels: []task.Level{
		{Name: "id", Title: "four letters", Doc: "words of four letters: what is practised"},
		{Name: "ood", Title: "five letters", Doc: "words of five letters, which are not practised"},
		{Name: "prior", Title: "copying",
			Doc: "a word of four letters copied: a skill from before"},
	},
	Base:           "rotate",
	HeldOutPrompts: 128,
	MaxResponse:    long + 1,
	Prompts:        200,
	Form: "R and four or five of abcdef, or C and four of them, and then =, " +
		"such as Rbead=",
	Read:        read,
	Sample:      sample,
	Demonstrate: demonstrate,
	Pretrain:    pretrain,
	Reward:      reward,
}

// base is a model that has grown up on the task. It is pretrained when it is needed, which takes a
// few seconds.
var base = recipe.Base{
	Name:     "rotate",
	Title:    "Somebody who slips",
	Doc:      "One layer of 32 channels that was pretrained for a few seconds.",
	Task:     rotate,
	Shape:    model.Config{Dim: 32, Layers: 1, Heads: 2, Hidden: 64, Context: 16},
	Steps:    1000,
	Computed: true,
}

// ask returns the problem of a word.
func ask(level, word string) task.Problem {
	if level == "prior" {
		return task.Problem{Level: level, Prompt: "C" + word + "=", Answer: word, Key: word}
	}
	rotated := word[1:] + word[:1]
	return task.Problem{Level: level, Prompt: "R" + word + "=", Answer: rotated, Key: word}
}

// read returns the problem of a prompt that somebody typed; ok is false if it is none.
func read(prompt string) (p task.Problem, ok bool) {
	if len(prompt) < 2 || !strings.HasSuffix(prompt, "=") {
		return p, false
	}
	kind, word := prompt[0], prompt[1:len(prompt)-1]
	switch {
	case strings.Trim(word, letters) != "":
		return p, false
	case kind == 'R' && len(word) == short:
		return ask("id", word), true
	case kind == 'R' && len(word) == long:
		return ask("ood", word), true
	case kind == 'C' && len(word) == short:
		return ask("prior", word), true
	}
	return p, false
}

// sample draws a problem of a level.
func sample(r *num.Rand, level string) task.Problem {
	word := make([]byte, short)
	if level == "ood" {
		word = make([]byte, long)
	}
	for i := range word {
		word[i] = letters[r.IntN(len(letters))]
	}
	return ask(level, string(word))
}

// demonstrate writes an expert's response.
func demonstrate(_ *num.Rand, p task.Problem, _ param.Values) string { return p.Answer }

// pretrain draws what the base grows up on: problems of all levels, answered with slips.
func pretrain(r *num.Rand) (task.Problem, string) {
	p := sample(r, []string{"id", "ood", "prior"}[r.IntN(3)])
	response := []byte(p.Answer)
	for i := range response {
		if p.Level != "prior" && r.Float64() < slip {
			response[i] = letters[r.IntN(len(letters))]
		}
	}
	return p, string(response)
}

// reward scores a finished response.
func reward(p task.Problem, response string) float64 {
	if response == p.Answer {
		return 1
	}
	return 0
}
