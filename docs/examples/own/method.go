package main

import (
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// firstRight is a method: it imitates the first right answer of every group and nothing else.
var firstRight = method.Method{
	Name:    "first_right",
	Title:   "Imitation of the first right answer",
	Cite:    "made up for this example, after rejection sampling",
	Family:  "policy gradient",
	Formula: "J = (1/N) Σ_i A_i Σ_t log π(a_it|s_it), A_i = 1 for the first right answer, else 0",
	Doc: `Samples several answers to each prompt and makes the first right one likelier. It needs a verifier
and no demonstrations, and learns nothing from a prompt without a right answer.`,
	Knobs: []param.Knob{
		knob.LR.With(1e-3), knob.Batch, knob.Group.With(4), knob.Temp, knob.Tempered,
	},
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Group: v.Int("group"), Epochs: 1}
	},
	Build: func(param.Values) objective.Objective {
		return objective.Row{
			From:      objective.Rollout,
			Advantage: objective.InGroup(objective.Rollout, objective.Reward, first),
			Reduce:    objective.TokenMean,
		}
	},
}

// first replaces the rewards of a group: 1 for the first right answer, 0 for all others.
func first(rewards []float64) {
	found := false
	for i, r := range rewards {
		rewards[i] = 0
		if r == 1 && !found {
			rewards[i], found = 1, true
		}
	}
}
