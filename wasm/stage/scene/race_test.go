package scene

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
)

// The higher a value, the higher it is drawn, whatever is measured, and every value is read where
// it is drawn.
func TestRace(t *testing.T) {
	forMany(t, func(t *testing.T, r *rand.Rand, record *Record) {
		v := randomView(r, record)
		p := drawRace(record, v, 400+r.Float64()*900, 300+r.Float64()*500)
		at := keyed(p.Lines, func(l Line) string { return l.Key })
		type point struct{ y, value float64 }
		var all []point
		for _, panel := range record.panels(v) {
			for lane, curve := range panel.curves {
				points := at[fmt.Sprint("curve ", lane, " ", panel.metric)].Points
				if len(points) != len(curve) {
					t.Fatalf("lane %d has %d measurements of %s, %d are drawn", lane, len(curve),
						panel.metric, len(points))
				}
				for i, m := range curve {
					all = append(all, point{points[i].Y, m.value})
					hover := p.Point(points[i])
					want := written(m.value, panel.kind.Unit)
					if hover.Tip == nil || !slices.ContainsFunc(hover.Tip.Rows,
						func(row Row) bool {
							return row.Role == LaneRole(lane) && row.Value == want
						}) {
						t.Errorf("%s of lane %d at step %d: %s is not read at %v", panel.metric,
							lane, m.step, want, points[i])
					}
				}
			}
			if len(record.panels(v)) > 1 {
				all = nil // panels have different places
			}
		}
		for i, a := range all {
			for _, b := range all[:i] {
				if (a.value > b.value) != (a.y < b.y) {
					t.Errorf("%v and %v: the larger one is not higher", a, b)
				}
			}
		}
	})
}

func TestTicks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		reach, wide := r.Float64()*[]float64{1, 300, 5e4, 7e12}[r.IntN(4)]+1e-3, 20+r.Float64()*800
		all := ticks(reach, wide, 60, "tokens trained on")
		if all[0].at != 0 || len(all) > 40 {
			t.Fatalf("%d ticks to %v on %v pixels, the first at %v", len(all), reach, wide,
				all[0].at)
		}
		if wide > 60 && len(all) < 2 {
			t.Fatalf("no tick but 0 to %v on %v pixels", reach, wide)
		}
		for i := 1; i < len(all); i++ {
			if all[i].at <= all[i-1].at || all[i].at > reach*(1+1e-9) {
				t.Fatalf("ticks at %v and %v to %v", all[i-1].at, all[i].at, reach)
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 7: "7", 950: "950", 999.4: "999", 999.6: "1k",
		1200: "1.2k", 51234: "51k", 3.4e6: "3.4M", 1e9: "1G", 2.5e12: "2.5T"} {
		if got := amount(x); got != want {
			t.Errorf("amount of %v is %s, want %s", x, got, want)
		}
	}
	for x, want := range map[float64]string{0: ".00", 0.5: ".50", 0.974: ".97", 1: "1.00"} {
		if got := share(x); got != want {
			t.Errorf("share of %v is %s, want %s", x, got, want)
		}
	}
	for p, want := range map[float64]string{0: ".00", 1: "1.00", 0.12: ".12", 0.04: ".04",
		0.0996: ".10", 0.004: ".004", 0.0009: ".0009", 2e-7: "2e-7"} {
		if got := probability(p); got != want {
			t.Errorf("probability %v is %s, want %s", p, got, want)
		}
	}
}

func TestWritten(t *testing.T) {
	for _, c := range []struct {
		v    float64
		unit string
		want string
	}{
		{0.47, Share, "47\u202f%"}, {0.997, Share, "99.7\u202f%"}, {1, Share, "100\u202f%"},
		{0, Share, "0\u202f%"}, {0.001, Share, "0.1\u202f%"},
		{0, "nats", "0"}, {0.353, "nats", "0.35"}, {0.5, "nats", "0.50"}, {1.729, "nats", "1.73"},
		{38.94, "nats", "38.9"}, {2, "tokens", "2"}, {0.0123, "", ".012"}, {3e-5, "", "3e-5"},
		{1.3e9, "FLOPs", "1.3G"}, {-0.37, "", "-0.37"},
	} {
		if got := written(c.v, c.unit); got != c.want {
			t.Errorf("%v of %q is written %q, want %q", c.v, c.unit, got, c.want)
		}
	}
}

// A scale has all values between its ends, and a few round numbers with different texts.
func TestScales(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		var values []float64
		size := []float64{1e-4, 0.3, 1, 40, 3e9}[r.IntN(5)]
		for range r.IntN(4) {
			values = append(values, size*(r.Float64()-0.2*float64(r.IntN(2))))
		}
		unit := []string{"nats", Share}[r.IntN(2)]
		s, said := around(unit, values), map[string]bool{}
		for _, v := range values {
			if unit != Share && (v < s.low || v > s.high*(1+1e-9)) {
				t.Fatalf("%v is not between %v and %v", v, s.low, s.high)
			}
		}
		if len(s.grid) < 2 || len(s.grid) > 8 {
			t.Fatalf("%v has %d ticks: %v", values, len(s.grid), s.grid)
		}
		for _, v := range s.grid {
			if said[s.tick(v)] {
				t.Fatalf("two ticks of %v are %s", s.grid, s.tick(v))
			}
			said[s.tick(v)] = true
		}
	}
}

// Labels stand beside the curves, not upon them.
func TestLabelsAreClearOfCurves(t *testing.T) {
	forMany(t, func(t *testing.T, r *rand.Rand, record *Record) {
		p := drawRace(record, randomView(r, record), 300+r.Float64()*900, 300+r.Float64()*500)
		for _, w := range p.Words {
			for _, l := range p.Lines {
				for i := 1; strings.HasPrefix(w.Key, "label ") && strings.HasPrefix(l.Key,
					"curve ") && i < len(l.Points); i++ {
					if crosses(l.Points[i-1], l.Points[i], w.Box()) {
						t.Errorf("%q at %v lies upon %s", w.Text, w.Box(), l.Key)
					}
				}
			}
		}
	})
}

// Before anything is trained a picture has its axes, where the base is, and a sentence about what
// is to come.
func TestPicturesBeforeTheRun(t *testing.T) {
	recipe := Recipe{Lanes: []Lane{{"SFT", 10}, {"GRPO", 10}}, PassK: 64, RewardModel: true,
		Levels: []Level{{Name: "id", Title: "rule A", Metric: "eval/id/accuracy", Passed: true},
			{Name: "ood", Title: "rule B", Metric: "eval/ood/accuracy",
				Passed: true}, {Name: "prior", Title: "sorting", Metric: "eval/prior/accuracy"}}}
	fresh, based := NewRecord(recipe), NewRecord(recipe)
	for lane := range recipe.Lanes {
		based.Add(lane, protocol.Event{Kind: protocol.Measured,
			Metrics: []protocol.Metric{{Name: "eval/id/accuracy", Value: .5},
				{Name: "eval/id/pass_at_1", Value: .5}, {Name: "eval/id/pass_at_2", Value: .6}}})
	}
	for _, size := range [][2]float64{{690, 440}, {350, 440}} {
		for _, c := range []struct {
			scene  Scene
			record *Record
			says   []string
			dots   int
		}{
			{race, fresh, []string{"rule A", "SFT", "GRPO",
				"The lanes appear with the first measurement."}, 2},
			{race, based, []string{"rule A", "SFT", "GRPO", "base 50\u202f%",
				"their first measurement."}, 4},
			{passK, fresh, []string{"rule A", "rule B", "k = 1", "64",
				"The base's curve appears with the first measurement"}, 0},
			{reward, fresh, []string{"Proxy", "Gold", "The score appears with the first update."},
				2},
			{passK, based, []string{"rule A", "rule B", "base", "appears at its end"}, 0},
		} {
			p := c.scene.Picture(c.record, View{}, size[0], size[1])
			words := ""
			for _, w := range p.Words {
				words += w.Text + " "
			}
			for _, want := range c.says {
				if !strings.Contains(words, want) {
					t.Errorf("%s at %v: %q is not said: %q", c.scene.Name, size, want, words)
				}
			}
			if len(p.Lines) < 4 || len(p.Dots) != c.dots {
				t.Errorf("%s at %v: %d lines and %d dots, want axes and %d dots", c.scene.Name,
					size, len(p.Lines), len(p.Dots), c.dots)
			}
		}
	}
}
