package evidence_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/core/study/evidence"
)

// text is a study that nobody has run.
const text = `name: s
title: Short
question: Which of the two?
experiments:
  - name: cards
    recipe: cards
    bases: {judge: 101..105}
    seeds: {judge: 201..203}
    arms:
      - {name: sft, title: SFT, lane: "sft,steps=20"}
      - {name: grpo, title: GRPO, lane: "grpo,steps=20"}
`

// A study without results says what it would measure.
func ExampleOf() {
	c := recipe.Standard()
	s, err := design.Parse(c, []byte(text), design.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	planned, err := evidence.Of(c, s, nil, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	situation, err := guide.Asked{Have: "verifier", Need: "ood"}.Parse()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, sentence := range guide.Ask([]guide.Study{planned}, situation).GapSentences() {
		fmt.Println(sentence)
	}
	// Output:
	// Not measured with what you have: new situations (ood).
	// What would measure ood: the study s, with 30 runs: posttrain study run s --out out/s.
}
