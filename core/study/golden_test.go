package study

import (
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"strconv"
	"strings"
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

var threadCounts = flag.String("threads", "1,2,4", "how many threads both lanes of memorise have")

// The whole exhibit, with each backend and compiler setting that the Makefile runs this test under,
// and with the lanes on one and on two threads each. How often it is measured leaves no trace
// either, so it is measured seldom here.
func TestMemoriseDigests(t *testing.T) {
	r, err := recipe.Standard().Parse("memorise?seed=1&eval_every=1000&eval_prompts=8")
	if err != nil {
		t.Fatal(err)
	}
	want := make(map[string]string)
	if err := json.Unmarshal(memorise, &want); err != nil {
		t.Fatal(err)
	}
	counts := *threadCounts
	if num.Backend() == "go" {
		counts = "4" // minutes each; other counts are tested on short lanes
	}
	for count := range strings.SplitSeq(counts, ",") {
		n, err := strconv.Atoi(count)
		if err != nil {
			t.Fatal(err)
		}
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
