//go:build verify

package signal_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/signal"
	"github.com/posttrain/posttrain/core/study"
)

// trained runs a recipe and returns the lines that a recorded file would have of it.
func trained(t *testing.T, r *recipe.Recipe) (lines []line) {
	t.Helper()
	labels, measured := r.Labels(), map[string]int{}
	_, err := study.Run(t.Context(), r, study.Options{Threads: runtime.GOMAXPROCS(0),
		Observe: func(e protocol.Event) {
			switch {
			case e.Kind == protocol.Measured:
				measured[e.Lane] = e.Step
			case e.Kind == protocol.Updated && e.Step == measured[e.Lane]+1:
			case e.Kind == protocol.Finished:
				e.Metrics = nil // they were measured before
			default:
				return
			}
			lines = append(lines, line{slices.Index(labels, e.Lane), e.Kind, e.Stage,
				e.Step, readBy(r, e.Metrics)})
		}})
	if err != nil {
		t.Fatal(err)
	}
	// lanes run at the same time
	slices.SortStableFunc(lines, func(a, b line) int { return a.Lane - b.Lane })
	return lines
}

// readBy returns those of the metrics that rules read.
func readBy(r *recipe.Recipe, metrics []protocol.Metric) map[string]float64 {
	read := map[string]bool{}
	for _, s := range signal.All() {
		for _, name := range s.Reads {
			for _, level := range r.Task.Levels {
				read[strings.Replace(name, "LEVEL", level.Name, 1)] = true
				read[level.Metric()] = true
			}
		}
	}
	values := map[string]float64{}
	for _, m := range metrics {
		if read[m.Name] {
			values[m.Name] = m.Value
		}
	}
	return values
}

// What is recorded of the exhibits is what they report when they are run.
func TestVerifyRecorded(t *testing.T) {
	for _, e := range recipe.Standard().Exhibits() {
		r := parsed(t, e.Name)
		if r.Signals()[0].Stages == nil {
			continue
		}
		t.Run(e.Name, func(t *testing.T) {
			lines := trained(t, r)
			if *update {
				record(t, e.Name, lines)
			}
			if have := recorded(t, e.Name); !reflect.DeepEqual(have, lines) {
				t.Errorf("%s is not what the exhibit reports: write it with -update",
					recordedFile(e.Name))
			}
		})
	}
}

// record writes the recorded file of an exhibit.
func record(t *testing.T, exhibit string, lines []line) {
	t.Helper()
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	encoder := json.NewEncoder(w)
	for _, l := range lines {
		if err := encoder.Encode(l); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(recordedFile(exhibit), packed.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The cure that is offered for each failure of the museum removes its sign.
func TestVerifyCures(t *testing.T) {
	for _, e := range recipe.Standard().Exhibits() {
		r := parsed(t, e.Name)
		if !e.Museum {
			continue
		}
		for i, findings := range found(r, recorded(t, e.Name)) {
			for _, f := range findings {
				t.Run(e.Name+"/"+f.Name, func(t *testing.T) { removes(t, r, i, f) })
			}
		}
	}
}

// removes fails if the signal is still found in a lane of a recipe with its cure.
func removes(t *testing.T, r *recipe.Recipe, lane int, f signal.Finding) {
	t.Helper()
	cure := r.Notice(lane, f).Cure
	cured := parsed(t, cure.Link)
	if err := cured.SetLanes(strings.Split(cured.Link(), "&lane=")[1+lane]); err != nil {
		t.Fatal(err)
	}
	for _, again := range found(cured, trained(t, cured))[0] {
		if again.Name == f.Name {
			t.Errorf("with the cure %q %s is still there: %s", cure.Says, f.Name, again.Measured)
		}
	}
}
