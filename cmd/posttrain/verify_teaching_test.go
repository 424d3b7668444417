//go:build verify

package main

import (
	"encoding/json"
	"os"
	"reflect"
	"runtime"
	"testing"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/study"
)

// The runs of docs/teaching.md give what is recorded of them. With -update they are recorded anew,
// all of them or those of the lessons that -run names.
func TestVerifyTeaching(t *testing.T) {
	kept := records(t)
	var all []recorded
	for _, name := range lesson.Names() {
		t.Run(name, func(t *testing.T) {
			for _, r := range allTaught(name) {
				got := r.compute(t)
				if !*update && !reflect.DeepEqual(kept[got.Command], got) {
					t.Errorf("%s gives %+v, %s has %+v", got.Command, got, teachingRecord,
						kept[got.Command])
				}
				kept[got.Command] = got
			}
		})
		for _, r := range allTaught(name) {
			if have, ok := kept[r.command()]; ok {
				all = append(all, have)
			}
		}
	}
	if len(kept) != len(all) && !*update {
		t.Errorf("%s has %d runs, docs/teaching.md tells of %d", teachingRecord, len(kept),
			len(all))
	}
	if *update {
		text, err := json.MarshalIndent(all, "", " ")
		if err == nil {
			err = os.WriteFile(teachingRecord, append(text, '\n'), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// compute runs what a command runs.
func (r taught) compute(t *testing.T) recorded {
	t.Helper()
	result, err := study.Run(t.Context(), r.recipe(t), study.Options{
		Threads: runtime.GOMAXPROCS(0)})
	if err != nil {
		t.Fatalf("%s: %v", r.command(), err)
	}
	return r.record(t, result)
}
