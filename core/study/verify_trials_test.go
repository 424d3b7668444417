//go:build verify

package study

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"runtime"
	"testing"

	"posttrain/core/internal/parallel"
	"posttrain/core/method"
)

var measure = flag.Bool("measure", false, "try every method with every seed and write trials.json anew")

// Every method is better at what it practised after training than before, with every seed. The numbers that are kept in trials.json
// say so, and those of the first seed come out again.
func TestVerifyEveryMethodImproves(t *testing.T) {
	kept, err := Trials()
	if err != nil {
		t.Fatal(err)
	}
	seeds := trialSeeds[:1]
	if *measure {
		seeds = trialSeeds
	}
	methods := method.All()
	all := make([]Trial, len(methods))
	parallel.Do(runtime.NumCPU(), len(methods), func(_, i int) {
		name := methods[i].Name
		trial, err := Try(context.Background(), methods[i], seeds)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		all[i] = trial
		t.Logf("%s: %v", name, trial)
	})
	for i, trial := range all {
		name := methods[i].Name
		if *measure {
			kept[name] = trial
		}
		if !kept[name].Improves() {
			t.Errorf("%s does not improve with every seed: %v", name, kept[name])
		}
		for metric, changes := range trial.Changes {
			if of := kept[name].Changes[metric]; len(of) == 0 || of[0] != changes[0] {
				t.Errorf("%s: trials.json has %+v of %s, now it is %+v; with -measure the file is written anew", name, of, metric, changes)
			}
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
