//go:build !page

package verdict_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/verdict"
)

// recorded is what several seeds of an exhibit gave: a study.Summary.
type recorded struct {
	Seeds []uint64
	Base  map[string]struct{ Mean float64 }
	Lanes []struct {
		Metrics map[string]struct{ Mean float64 }
		Cost    protocol.Cost
	}
}

// lanesOf returns an exhibit's as they ended on average. Of a base that was not recorded nothing is
// known but that it was like its lanes.
func lanesOf(t *testing.T, e recipe.Exhibit, r *recipe.Recipe) []verdict.Lane {
	t.Helper()
	var s recorded
	if err := json.Unmarshal(e.Results(), &s); err != nil || len(s.Lanes) != len(r.Lanes) {
		t.Fatalf("the results of %s: %v", e.Name, err)
	}
	lanes := r.Verdicts()
	for i, l := range s.Lanes {
		base := s.Base
		if base == nil {
			base = l.Metrics
		}
		lanes[i].Step, lanes[i].Base, lanes[i].Now, lanes[i].Cost = 1, map[string]float64{},
			map[string]float64{}, l.Cost
		lanes[i].Cost.FLOPs /= float64(len(s.Seeds))
		for name, v := range base {
			lanes[i].Base[name] = v.Mean
		}
		for name, v := range l.Metrics {
			lanes[i].Now[name] = v.Mean
		}
		// what is not recorded, as updates tell of it
		for step, value := range []float64{0.25, 0.75} {
			for _, name := range slices.DeleteFunc(e.About(),
				func(name string) bool { return !strings.HasPrefix(name, "train/") }) {
				lanes[i].Add(protocol.Event{Kind: protocol.Updated, Step: 1 + step,
					Cost: lanes[i].Cost, Metrics: []protocol.Metric{{Name: name, Value: value}}})
			}
		}
	}
	return lanes
}

// The verdict on what was recorded of every exhibit begins with what the exhibit is about, in the
// sentence and in the table, and is what was read and found to be plain.
func TestVerdictsOfExhibits(t *testing.T) {
	var b strings.Builder
	for _, e := range recipe.Standard().Exhibits() {
		r, err := recipe.Standard().Parse(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		lanes := lanesOf(t, e, r)
		v := verdict.Of(r.Question(), lanes)
		fmt.Fprintf(&b, "%s\n  %s\n", e.Name, v)
		for _, row := range v.Rows {
			fmt.Fprintf(&b, "    %s (%s)", row.Title, row.Note)
			for _, c := range row.Cells {
				fmt.Fprintf(&b, " | %s", c.Text)
			}
			fmt.Fprintln(&b)
		}
		if v.Ahead == nil || v.More == "" {
			t.Errorf("%s is decided by %s, of which the verdict says nothing: %q", e.Name,
				e.Decides, v.Headline)
		}
		title := ""
		for _, l := range r.Task.Levels {
			if l.Metric() == e.Decides {
				title = l.Title
			}
		}
		if d, _ := eval.Define(e.Decides); title == "" {
			title = d.Title
		}
		if !strings.EqualFold(v.Rows[0].Title, title) {
			t.Errorf("%s is decided by %s, and its table begins with %s", e.Name, title,
				v.Rows[0].Title)
		}
	}
	golden(t, "testdata/exhibits.txt", b.String())
}

// golden compares with a file, or writes it.
func golden(t *testing.T, file, have string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(have), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(file); err != nil || string(want) != have {
		t.Errorf("%s is not what is said (%v): read the sentences below, and write the file with "+
			"-update\n%s", file, err, have)
	}
}
