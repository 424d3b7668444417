//go:build verify

package signal_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/signal"
	"github.com/posttrain/posttrain/core/study"
)

// trained runs a recipe and returns the lines that recordedFile would have of it.
func trained(t *testing.T, exhibit string, r *recipe.Recipe) (lines []line) {
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
			lines = append(lines, line{exhibit, slices.Index(labels, e.Lane), e.Kind, e.Stage,
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
	var text bytes.Buffer
	for _, e := range recipe.Standard().Exhibits() {
		r := parsed(t, e.Name)
		if r.Signals()[0].Stages == nil {
			continue
		}
		for _, l := range trained(t, e.Name, r) {
			encoded, err := json.Marshal(l)
			if err != nil {
				t.Fatal(err)
			}
			text.Write(append(encoded, '\n'))
		}
		t.Logf("%s was run", e.Name)
	}
	if *update {
		var packed bytes.Buffer
		w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		_, _ = w.Write(text.Bytes())
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(recordedFile, packed.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.ReadFile(recordedFile)
	if err != nil {
		t.Fatal(err)
	}
	in, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var have bytes.Buffer
	if _, err := have.ReadFrom(in); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have.Bytes(), text.Bytes()) {
		t.Errorf("%s is not what the exhibits report: write it with -update", recordedFile)
	}
}

// The cure that is offered for each failure of the museum removes its sign.
func TestVerifyCures(t *testing.T) {
	for _, e := range recipe.Standard().Exhibits() {
		r := parsed(t, e.Name)
		for i, findings := range found(r, recorded(t)[e.Name]) {
			for _, f := range findings {
				cured := parsed(t, r.Notice(i, f).Cure.Link)
				for _, again := range found(cured, trained(t, e.Name, cured))[i] {
					if again.Name == f.Name {
						t.Errorf("exhibit %s: %s is still there with %s: %s", e.Name, f.Name,
							r.Notice(i, f).Cure.Says, again.Measured)
					}
				}
			}
		}
	}
}
