package design_test

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/design"
)

// A study is read, and says what it computes and what it claims.
func Example() {
	const file = `
name: imitation
title: Imitation and reinforcement
question: Which of both is better at the rule that nobody practises?
experiments:
  - name: cards
    recipe: cards?eval_prompts=64
    bases: {tune: 11, judge: 101..102}
    seeds: {tune: 11, judge: 101}
    arms:
      - name: sft
        lane: sft,lr=1e-3|3e-3,steps=100
      - name: grpo
        lane: grpo,lr=2e-4|4e-4,beta=0,steps=50
hypotheses:
  - name: other_rule
    says: GRPO is better at the rule that nobody practises
    metric: eval/ood/accuracy
    higher: grpo
    lower: sft
    by: 0.1
    choose: {highest: eval/id/accuracy}
`
	s, err := design.Parse(recipe.Standard(), []byte(file), design.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	cells := s.Cells()
	fmt.Println(len(cells), "cells, the first of which is")
	fmt.Println(cells[0].Part, cells[0].Link)
	fmt.Println(strings.ReplaceAll(s.Hypotheses[0].Words(), ". ", ".\n"))
	fmt.Println(s.Standing(nil, nil).Study)
	// Output:
	// 12 cells, the first of which is
	// tune cards?v=2&seed=11&eval_prompts=64&base=cards,seed=11&lane=sft,steps=100
	// eval/ood/accuracy of grpo is above that of sft by more than 0.1, at the end of the run.
	// Of each arm the config counts whose eval/id/accuracy is highest there in the tuning part.
	// not registered
}
