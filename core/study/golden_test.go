package study

import (
	"context"
	_ "embed"
	"encoding/json"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/recipe"
)

// memorise is what the lanes of the exhibit memorise end with at seed 1, on every
// platform and in the page (e2e reads it too). After a change of the numerics
// on purpose, raise train.Engine and put in what the test prints.
//
//go:embed testdata/memorise.json
var memorise []byte

// The whole exhibit, with each backend and compiler setting that the Makefile runs this test under,
// and with the lanes on one and on two threads each; under emulation, with -short, it is trained
// once. How often it is measured leaves no trace either, so it is measured seldom here.
func TestMemoriseDigests(t *testing.T) {
	r, err := recipe.Standard().Parse("memorise?seed=1&eval_every=1000&eval_prompts=8")
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[string]string)
	if err := json.Unmarshal(memorise, &want); err != nil {
		t.Fatal(err)
	}
	threads := []int{1, 2, 4} // of both lanes together
	if num.Backend() == "go" || testing.Short() {
		threads = []int{4} // minutes each; other counts are tested on short lanes
	}
	for _, n := range threads {
		result, err := Run(context.Background(), r,
			Options{Threads: n, Clock: func() float64 { return 0 }})
		if err != nil {
			t.Fatal(err)
		}
		for _, lane := range result.Lanes {
			if lane.Digest != want[lane.Label] {
				t.Errorf("lane %s on %d threads ends with %s, want %s", lane.Label, n, lane.Digest,
					want[lane.Label])
			}
		}
	}
}
