package guide_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/guide"
)

// part has the bases and the seeds of both parts of an example. A single base and seed show
// nothing, so that nothing is ranked.
func part(base, seed uint64) guide.Part {
	return guide.Part{Bases: []uint64{base}, Seeds: []uint64{seed}}
}

// config returns a config with one judged run, which ends at a skill after some arithmetic.
func config(lane string, input guide.Input, skill, flops float64) []guide.Config {
	return []guide.Config{{Lane: lane, Inputs: []guide.Input{input}, Judge: []guide.Run{{
		Link: "cards?lane=" + lane, Steps: guide.Numbers{0, 100},
		Costs:  []guide.Numbers{{0, flops}, {}, {}, {}},
		Values: []guide.Numbers{{0.45, skill}},
	}}}}
}

// A study with one run of each method is asked with what there is and what is needed.
func ExampleAsk() {
	study := guide.Study{Name: "small", Results: "sha256", Experiments: []guide.Experiment{{
		Name: "cards", Task: "cards", TaskTitle: "Cards", Recipe: "cards",
		Tune: part(1, 1), Judge: part(2, 2),
		Columns: []guide.Column{{Need: "id", Metric: "eval/id/accuracy", Share: true}},
		Arms: []guide.Arm{
			{Name: "sft", Title: "SFT", Configs: config("sft", guide.OwnDemos, 0.8, 3e10)},
			{Name: "grpo", Title: "GRPO", Configs: config("grpo", guide.Verifier, 0.9, 9e10)},
			{Name: "dpo", Title: "DPO", Configs: config("dpo", guide.Labels, 0.7, 6e10)},
		}}}}
	situation, err := guide.Asked{Have: "demos=200,verifier", Need: "id"}.Parse()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, found := range guide.Ask([]guide.Study{study}, situation).Found {
		for _, row := range found.Rows {
			fmt.Printf("%s %.2f, first: %v\n", row.Title, row.Values[0].Mean, row.First)
		}
		for _, e := range found.Excluded {
			fmt.Println(e.Sentence())
		}
		fmt.Println(found.Ranking()[0])
	}
	// Output:
	// SFT 0.80, first: true
	// GRPO 0.90, first: true
	// DPO needs preference labels.
	// None of these is shown to be behind another: SFT; GRPO.
}

// A word that is not known is refused with the nearest.
func ExampleAsked_Parse() {
	_, err := guide.Asked{Need: "ood", Budget: "1e12flop"}.Parse()
	fmt.Println(err)
	// Output:
	// unknown unit "flop": did you mean flops? accepted: flops, demos, labels, checks
}
