package recipe

import (
	"slices"
	"testing"
)

// A lane keeps the name that its exhibit gives it while what the name tells of is as it was.
func TestLanesKeepTheirNames(t *testing.T) {
	const (
		foreign = "lane=sft,lr=3e-3,style=y,steps=150"
		own     = "&lane=sft,lr=1e-3,steps=150"
		rft     = "&lane=rft,lr=5e-4,steps=150"
		grpo    = "&lane=grpo,lr=4e-4,beta=0,steps=100"
	)
	for link, want := range map[string][]string{
		"razor":            {"SFT, foreign style", "SFT, own style", "RFT", "GRPO"},
		"razor?seed=3":     {"SFT, foreign style", "SFT, own style", "RFT", "GRPO"},
		"razor?base=cards": {"SFT, foreign style", "SFT, own style", "RFT", "GRPO"},
		"razor?" + foreign + own + rft + "&lane=grpo,lr=2e-3,beta=0,steps=100": {
			"SFT, foreign style", "SFT, own style", "RFT", "GRPO"},
		"razor?" + foreign + ",decay=0.1" + own + rft + grpo: {
			"SFT, foreign style", "SFT, own style", "RFT", "GRPO"},
		"razor?" + foreign + own + ",style=y" + rft + grpo: {
			"SFT, foreign style", "SFT-2", "RFT", "GRPO"},
		"razor?lane=sft,lr=1e-3,style=y,steps=150" + own + rft + grpo: { // the rates differ
			"SFT", "SFT, own style", "RFT", "GRPO"},
		"razor?" + own[1:] + rft + grpo: {"SFT", "RFT", "GRPO"},
		"razor?" + foreign + own + rft + "&lane=dapo" + grpo: {
			"SFT, foreign style", "SFT, own style", "RFT", "DAPO", "GRPO"},
		"failure_groups":         {"groups of 2", "groups of 16"},
		"cards?lane=sft,style=y": {"SFT"},
	} {
		if got := parsed(t, link).LaneNames(); !slices.Equal(got, want) {
			t.Errorf("the lanes of %s are %q, want %q", link, got, want)
		}
	}
}
