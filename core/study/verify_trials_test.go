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

	"posttrain/core/method"
)

var measure = flag.Bool("measure", false, "write trials.json anew")

// Every method is better at what it practised after training than before, with every seed, and by the very numbers that are
// kept in trials.json.
func TestVerifyEveryMethodImproves(t *testing.T) {
	kept, err := Trials()
	if err != nil {
		t.Fatal(err)
	}
	var all []Trial
	for _, m := range method.All() {
		trial, err := Try(context.Background(), m, runtime.NumCPU())
		if err != nil {
			t.Errorf("%s: %v", m.Name, err)
			continue
		}
		all = append(all, trial)
		t.Logf("%s: %v", m.Name, trial)
		if !trial.Improves() {
			t.Errorf("%s does not improve with every seed: %v", m.Name, trial)
		}
		if !*measure && !reflect.DeepEqual(trial, kept[m.Name]) {
			t.Errorf("%s: trials.json has %+v, now it is %+v; with -measure the file is written anew", m.Name, kept[m.Name], trial)
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
