package scene

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/protocol"
)

// More solved prompts are drawn higher, a larger k farther to the right, and every number is read
// where it is drawn.
func TestPassK(t *testing.T) {
	forMany(t, func(t *testing.T, r *rand.Rand, record *Record) {
		p := drawPassK(record, View{}, 600+r.Float64()*700, 500+r.Float64()*300)
		lines := keyed(p.Lines, func(l Line) string { return l.Key })
		for level := range record.recipe.Levels {
			for _, c := range record.passCurves(level) {
				line, ok := lines[fmt.Sprint("pass ", c.lane, " ", level)]
				if !ok || len(line.Points) != len(c.at) {
					t.Fatalf("%s at level %d is not drawn", c.name, level)
				}
				for i, at := range line.Points {
					if i > 0 && (at.X <= line.Points[i-1].X ||
						c.at[i] < c.at[i-1] != (at.Y > line.Points[i-1].Y)) {
						t.Errorf("%s at level %d: %v after %v for %v after %v", c.name, level, at,
							line.Points[i-1], c.at[i], c.at[i-1])
					}
					found := false
					if tip := p.Point(at).Tip; tip != nil {
						for _, row := range tip.Rows {
							found = found ||
								row.Text == c.name && row.Value == prose.Percent(c.at[i])
						}
					}
					if !found {
						t.Errorf("%s at level %d, k = %d: %s is not read at %v", c.name, level,
							1<<i, prose.Percent(c.at[i]), at)
					}
				}
			}
		}
	})
}

func TestOvertaken(t *testing.T) {
	for _, c := range []struct {
		what       string
		lane, base []float64
		want       float64
	}{
		{"in the middle between 2 and 4", []float64{.5, .6, .7}, []float64{.1, .5, .8},
			math.Sqrt2 * 2},
		{"nearer to where the difference is smaller", []float64{.5, .8}, []float64{.2, .9},
			math.Exp2(.75)},
		{"as good for a while", []float64{.5, .9, .9}, []float64{.4, .9, 1}, 2},
		{"never ahead", []float64{.1, .2}, []float64{.2, .3}, 0},
		{"never behind", []float64{.3, .4, 1}, []float64{.2, .3, 1}, 0},
		{"behind first, ahead later", []float64{.1, .9}, []float64{.2, .3}, 0},
		{"no base", []float64{.1, .9}, nil, 0},
	} {
		if got := overtaken(c.lane, c.base); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

// The base's curve is from any lane that measured it, and a lane's curve is its newest. The table
// has both, and where they meet.
func TestPassKTable(t *testing.T) {
	r := NewRecord(Recipe{Lanes: []Lane{{"SFT", 9}, {"GRPO", 9}},
		Levels: []Level{{Name: "id", Title: "rule A", Metric: "eval/id/accuracy"}}})
	tell := func(lane, step int, values ...float64) {
		var metrics []protocol.Metric
		for i, v := range values {
			metrics = append(metrics,
				protocol.Metric{Name: fmt.Sprintf("eval/id/pass_at_%d", 1<<i), Value: v})
		}
		if err := r.Add(lane, protocol.Event{Kind: protocol.Measured, Step: step,
			Metrics: metrics}); err != nil {
			t.Fatal(err)
		}
	}
	tell(1, 9, .5, .6, .7)
	tell(0, 0, .1, .5, .8)
	tell(1, 3, .2, .2, .2)
	want := [][]string{{"rule A", "base", "10\u202f%", "50\u202f%", "80\u202f%", ""},
		{"rule A", "GRPO", "50\u202f%", "60\u202f%", "70\u202f%", "2.8"}}
	if got := tabulatePassK(r, View{}).Rows; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the table has %v, want %v", got, want)
	}
}

// No curve runs through a note, on a telephone as on a desktop: what is awaited, and where the base
// overtakes a lane.
func TestPassKNotesAreBesideTheCurves(t *testing.T) {
	rising := []float64{.06, .1, .18, .3, .45, .6, .75}
	for _, size := range [][2]float64{phone, desk} {
		for at := 0.0; at < 1; at += 0.11 {
			r := NewRecord(Recipe{PassK: 64, Lanes: []Lane{{"GRPO", 9}},
				Levels: []Level{{Name: "id", Title: "rule A", Metric: "eval/id/accuracy",
					Passed: true}, {Name: "ood", Title: "rule B", Passed: true}}})
			measure := func(step int, of func(i int) float64) {
				var metrics []protocol.Metric
				for i := range rising {
					for _, level := range []string{"id", "ood"} {
						metrics = append(metrics, protocol.Metric{Value: of(i),
							Name: fmt.Sprintf("eval/%s/pass_at_%d", level, 1<<i)})
					}
				}
				if err := r.Add(0, protocol.Event{Kind: protocol.Measured, Step: step,
					Metrics: metrics}); err != nil {
					t.Fatal(err)
				}
			}
			measure(0, func(i int) float64 { return rising[i] * (at + 0.3) })
			p := drawPassK(r, View{}, size[0], size[1])
			besideCurves(t, &p, "panel awaited0")
			measure(9, func(i int) float64 { return (rising[i] + 0.3) * (at + 0.3) * 0.7 })
			p = drawPassK(r, View{}, size[0], size[1])
			besideCurves(t, &p, "cross 0 0")
		}
	}
}

// besideCurves fails if the word with a key is not in a picture or a curve runs through it.
func besideCurves(t *testing.T, p *Picture, key string) {
	t.Helper()
	note, ok := keyed(p.Words, func(w Word) string { return w.Key })[key]
	if !ok {
		t.Errorf("%.0f x %.0f: there is no %s", p.w, p.h, key)
	}
	for _, l := range p.Lines {
		for i := range len(l.Points) - 1 {
			if strings.HasPrefix(l.Key, "pass ") &&
				crosses(l.Points[i], l.Points[i+1], note.Box()) {
				t.Errorf("%.0f x %.0f: a curve runs through %q", p.w, p.h, note.Text)
			}
		}
	}
}
