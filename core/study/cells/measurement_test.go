package cells

import (
	"maps"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/study/design"
)

func TestMeasurements(t *testing.T) {
	o := small("cards?lane=sft")
	o.After = maps.Clone(o.After)
	o.After["eval/id/pass_at_1"] = 0.75 // measured at the end alone
	r := NewResult(design.Cell{Experiment: "e", Arm: "a", Config: "sft", Base: 3, Seed: 4,
		Part: design.Judge, Link: o.Link}, o)
	all := r.Measurements()
	costs := len(newCost(protocol.Cost{}))
	if want := 2*(1+costs) + 1; len(all) != want {
		t.Fatalf("%d measurements, want %d: %+v", len(all), want, all)
	}
	for _, want := range []Measurement{
		{o.ID, "e", "a", "sft", 3, 4, "judge", 0, "eval/id/accuracy", 0.25},
		{o.ID, "e", "a", "sft", 3, 4, "judge", 1, "eval/id/accuracy", 0.5},
		{o.ID, "e", "a", "sft", 3, 4, "judge", 1, "cost/flops", 1},
		{o.ID, "e", "a", "sft", 3, 4, "judge", 1, "eval/id/pass_at_1", 0.75},
	} {
		if !slices.Contains(all, want) {
			t.Errorf("no %+v", want)
		}
	}
}
