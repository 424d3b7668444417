//go:build verify

package study

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"runtime"
	"testing"

	"github.com/posttrain/posttrain/core/internal/parallel"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/recipe"
)

var measure = flag.Bool("measure", false, "write trials.json anew")

// Every method is better at what it practised after training than before, with every seed, and by
// the very numbers that are kept in trials.json.
func TestVerifyEveryMethodImproves(t *testing.T) {
	kept, err := Trials()
	if err != nil {
		t.Fatal(err)
	}
	methods := method.All()
	all := make([]Trial, len(methods))
	parallel.Do(runtime.NumCPU(), len(methods), func(_, i int) {
		name := methods[i].Name
		trial, err := Try(context.Background(), recipe.Standard(), methods[i], 1)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		all[i] = trial
		t.Logf("%s: %v", name, trial)
	})
	if t.Failed() {
		return
	}
	for i, trial := range all {
		name := methods[i].Name
		if !trial.Improves() {
			t.Errorf("%s does not improve with every seed: %v", name, trial)
		}
		if !*measure && !reflect.DeepEqual(trial, kept[name]) {
			t.Errorf("%s: trials.json has %+v, now it is %+v; with -measure the file is "+
				"written anew", name, kept[name], trial)
		}
	}
	if !*measure {
		return
	}
	text, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("trials.json", append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
