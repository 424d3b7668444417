package main

import "github.com/posttrain/posttrain/core/recipe"

// longerWords is an experiment made ready. Its link is opened by its name.
var longerWords = recipe.Exhibit{
	Name:     "longer_words",
	Title:    "Longer words",
	Claim:    "What reward teaches on short words carries over to longer ones.",
	Cite:     "made up for this example",
	Counter:  "Nobody has measured it.",
	Question: "Both practise words of four letters. Which lane will be better at five?",
	Decides:  "eval/ood/accuracy",
	Doc:      "One lane imitates demonstrations, the other its own first right answers.",
	Why:      "Nobody knows yet: more seeds have to be run.",
	Next:     []recipe.Change{{Says: "Practise for longer.", Set: "steps=120"}},
	Link:     "rotate?eval_prompts=64&lane=sft,steps=60&lane=first_right,steps=60",
	Hypotheses: []recipe.Hypothesis{{
		Says:   "Reward carries over better",
		Metric: "eval/ood/accuracy", Higher: "first_right", Lower: "sft", By: 0.05,
	}},
}
