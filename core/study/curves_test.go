//go:build !page

package study

import (
	"context"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
)

var updateCurves = flag.Bool("curves", false, "write core/recipe/curves anew")

// curvePoints is how often the longest lane is measured for a curve.
const curvePoints = 10

// curveRecipe returns an exhibit's recipe, measured as often as its curves need.
func curveRecipe(t *testing.T, e recipe.Exhibit) *recipe.Recipe {
	t.Helper()
	r, err := recipe.Standard().Parse(e.Name)
	if err != nil || e.Axis() == recipe.AxisTries {
		return r
	}
	longest := 0
	for _, l := range r.Describe().Lanes {
		longest = max(longest, l.Steps)
	}
	if err := r.Set("eval_every", strconv.Itoa(max(1, longest/curvePoints))); err != nil {
		t.Fatal(err)
	}
	return r
}

// record runs an exhibit and returns its curves.
func record(t *testing.T, e recipe.Exhibit) recipe.Curves {
	t.Helper()
	r := curveRecipe(t, e)
	c := recipe.Curves{Engine: r.Engine, Link: r.Link(), Metric: e.Decides, Axis: e.Axis()}
	if strings.HasPrefix(c.Axis, "cost/") {
		c.Metric = r.Task.Levels[0].Metric()
	}
	seen := map[string]*recipe.Curve{}
	for _, label := range r.Labels() {
		seen[label] = &recipe.Curve{Label: label}
	}
	observe := func(ev protocol.Event) {
		if ev.Kind == protocol.Measured {
			addPoint(seen[ev.Lane], c, ev)
		}
	}
	result, err := Run(context.Background(), r, Options{Threads: 2, Observe: observe})
	if err != nil {
		t.Fatal(err)
	}
	if c.Axis == recipe.AxisTries {
		c.Lanes = append(c.Lanes, passes(recipe.OfBase, c.Metric, result.Base))
	}
	for _, lane := range result.Lanes {
		curve := *seen[lane.Label]
		if c.Axis == recipe.AxisTries {
			curve = passes(lane.Label, c.Metric, lane.Metrics)
		}
		curve.Digest = lane.Digest
		c.Lanes = append(c.Lanes, curve)
	}
	return c
}

// addPoint adds what an event has measured of the metric of curves. A measurement that comes twice,
// as between two stages, is one point.
func addPoint(curve *recipe.Curve, c recipe.Curves, ev protocol.Event) {
	at := float64(ev.Step)
	if name, ok := strings.CutPrefix(c.Axis, "cost/"); ok {
		at, _ = ev.Cost.Entry(name) // the catalogue has checked the name
	}
	for _, m := range ev.Metrics {
		if m.Name == c.Metric && !slices.Contains(curve.At, rounded(at)) {
			curve.At = append(curve.At, rounded(at))
			curve.Values = append(curve.Values, rounded(m.Value))
		}
	}
}

// passes returns pass@k against k, at the level of a metric.
func passes(label, metric string, metrics map[string]float64) recipe.Curve {
	curve := recipe.Curve{Label: label}
	level := metric[:strings.LastIndex(metric, "_")+1]
	byTries := map[int]float64{}
	for name, value := range metrics {
		if k, err := strconv.Atoi(strings.TrimPrefix(name, level)); err == nil {
			byTries[k] = value
		}
	}
	for _, k := range slices.Sorted(maps.Keys(byTries)) {
		curve.At = append(curve.At, float64(k))
		curve.Values = append(curve.Values, rounded(byTries[k]))
	}
	return curve
}

// rounded returns a number with five digits, which are enough for a picture.
func rounded(x float64) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 5, 64), 64)
	if err != nil {
		panic(err)
	}
	return y
}

// curvesText returns curves as their file has them.
func curvesText(c recipe.Curves) ([]byte, error) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(c)
	return []byte(text.String()), err
}

// holdCurves compares the curves of an exhibit with those that are checked in, or writes them.
func holdCurves(t *testing.T, e recipe.Exhibit) {
	t.Helper()
	got := record(t, e)
	if *updateCurves {
		text, err := curvesText(got)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("..", "recipe", "curves", e.Name+".json")
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want, err := e.Curves(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("exhibit %s: its run gives %+v, core/recipe/curves has %+v (%v): %s", e.Name, got,
			want, err, "run go test -tags verify -run TestVerifyCurves ./core/study -curves")
	}
}

// Every exhibit has curves of all its lanes from the base to the end, of the recipe that its link
// makes. What they are in a run is held in the long tier, and here for the lanes without a network.
func TestCurvesAreOfTheExhibits(t *testing.T) {
	for _, e := range recipe.Standard().Exhibits() {
		c, err := e.Curves()
		if err != nil {
			t.Fatal(err)
		}
		r := curveRecipe(t, e)
		if c.Link != r.Link() || c.Axis != e.Axis() {
			t.Errorf("exhibit %s: its curves are of %s against %s, want %s against %s", e.Name,
				c.Link, c.Axis, r.Link(), e.Axis())
		}
		labels := r.Labels()
		if c.Axis == recipe.AxisTries {
			labels = append([]string{recipe.OfBase}, labels...)
		}
		if len(c.Lanes) != len(labels) {
			t.Errorf("exhibit %s has %d curves, want %d", e.Name, len(c.Lanes), len(labels))
			continue
		}
		for i, l := range r.Describe().Lanes {
			curve := c.Lanes[len(c.Lanes)-len(r.Lanes)+i]
			// a lane without a network ends where it has converged
			end, steps := curve.At[len(curve.At)-1], float64(l.Steps)
			ends := end == steps || !r.Task.HasPrompts() && end < steps
			if c.Axis == recipe.AxisUpdates && (curve.At[0] != 0 || !ends) {
				t.Errorf("exhibit %s: the curve of %s is from %v to %v, the lane has %d updates",
					e.Name, l.Label, curve.At[0], end, l.Steps)
			}
		}
		for i, curve := range c.Lanes {
			if curve.Label != labels[i] || len(curve.At) < 2 ||
				len(curve.At) != len(curve.Values) || !slices.IsSorted(curve.At) {
				t.Errorf("exhibit %s has the curve %+v", e.Name, curve)
			}
		}
		if !r.Task.HasPrompts() {
			holdCurves(t, e)
		}
	}
}

// The lanes whose curves are checked in for the exhibit memorise end with the digests of that run.
func TestCurvesAreOfTheRunOfTheLink(t *testing.T) {
	c, err := recipe.Memorise.Curves()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	if err := json.Unmarshal(memorise, &want); err != nil {
		t.Fatal(err)
	}
	for _, curve := range c.Lanes {
		if curve.Digest != want[curve.Label] {
			t.Errorf("the curve of %s is of a lane that ended with %s, want %s", curve.Label,
				curve.Digest, want[curve.Label])
		}
	}
}
