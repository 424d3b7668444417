package scene

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
)

// again returns a record of one lane that was run three times. The first run ended at 0.8, the
// others at 0.6 and 0.4; all began at 0.2, and the last one was measured at its end alone.
func again(t *testing.T) *Record {
	t.Helper()
	lanes := []Lane{{Label: "SFT", Steps: 4}}
	r := NewRecord(Recipe{
		Lanes: lanes,
		Levels: []Level{{Name: "id", Title: "rule A", Metric: "eval/id/accuracy"},
			{Name: "ood", Title: "rule B", Metric: "eval/ood/accuracy"}},
		Series: []Series{{Name: "accuracy", Title: "accuracy", Unit: Share, Levels: true}},
		Beside: []Beside{{Name: "seed 2", Lanes: lanes, Again: true},
			{Name: "lr 1", Lanes: lanes}, {Name: "seed 3", Lanes: lanes, Again: true}},
	})
	for lane, values := range [][]float64{{0.2, 0.5, 0.8}, {0.2, 0.3, 0.6}, {0, 1, 1},
		{0.2, math.NaN(), 0.4}} {
		for i, v := range values {
			if math.IsNaN(v) {
				continue
			}
			e := protocol.Event{Kind: protocol.Measured, Step: 2 * i, Metrics: []protocol.Metric{
				{Name: "eval/id/accuracy", Value: v}, {Name: "eval/ood/accuracy", Value: v / 2}}}
			if err := r.Add(lane, e); err != nil {
				t.Fatal(err)
			}
		}
	}
	return r
}

// The spread of a lane is over its own run and the runs again, and not over kept ones.
func TestSpreads(t *testing.T) {
	r := again(t)
	var got [][4]float64
	for _, s := range r.spreads(0, "eval/id/accuracy") {
		got = append(got, [4]float64{float64(s.step), s.least, math.Round(1e6*s.mean) / 1e6,
			s.most})
	}
	if want := [][4]float64{{0, 0.2, 0.2, 0.2}, {2, 0.3, 0.4, 0.5},
		{4, 0.4, 0.6, 0.8}}; !slices.Equal(got, want) {
		t.Errorf("the spreads are %v, want %v", got, want)
	}
}

// The table has the spread behind the lane's own column, and kept runs after that.
func TestRepeatsInTheTable(t *testing.T) {
	race := tabulateRace(again(t), View{})
	if want := []string{"updates", "SFT, rule A", "SFT, rule B",
		"SFT, mean of 3 runs [least, most], rule A", "SFT, mean of 3 runs [least, most], rule B",
		"SFT, lr 1, rule A", "SFT, lr 1, rule B"}; !slices.Equal(race.Head, want) {
		t.Errorf("the head of the race's table is %q", race.Head)
	}
	last := race.Rows[len(race.Rows)-1]
	if want := "60\u202f% [40\u202f%, 80\u202f%]"; last[3] != want {
		t.Errorf("the runs have ended at %q, want %q", last[3], want)
	}
	var ends []string
	for _, row := range tabulatePlane(again(t), View{}).Rows {
		if row[1] == "4" {
			ends = append(ends, row[0]+" "+row[2]+" "+row[3])
		}
	}
	if want := []string{"SFT 80\u202f% 40\u202f%", "SFT, lr 1 100\u202f% 50\u202f%",
		"SFT, seed 2 60\u202f% 30\u202f%",
		"SFT, seed 3 40\u202f% 20\u202f%"}; !slices.Equal(ends, want) {
		t.Errorf("the ends in the plane's table are %q", ends)
	}
}

// The band reaches from the least to the most at every step, each run again has a mark at its end,
// and in the plane a box holds all ends.
func TestBands(t *testing.T) {
	r := again(t)
	p := drawRace(r, View{}, 900, 600)
	if len(p.Areas) != 2 {
		t.Fatalf("the race has %d bands, want one for each level", len(p.Areas))
	}
	band := p.Areas[0]
	curve := keyed(p.Lines, func(l Line) string { return l.Key })["curve 0 eval/id/accuracy"]
	high := curve.Points[0].Y - curve.Points[2].Y // of the 0.6 from 0.2 to 0.8
	for i, want := range [][2]float64{{0.2, 0.2}, {0.3, 0.5}, {0.4, 0.8}} {
		for k, at := range []Point{band.Lower[i], band.Upper[i]} {
			y := curve.Points[0].Y - high*(want[k]-0.2)/0.6
			if math.Abs(at.Y-y) > 0.01 || at.X != curve.Points[i].X {
				t.Errorf("at measurement %d the band has %v, want the height of %.1f", i, at,
					want[k])
			}
		}
	}
	marks := keyed(p.Dots, func(d Dot) string { return d.Key })
	for _, key := range []string{"again 0 0 eval/id/accuracy", "again 0 1 eval/id/accuracy"} {
		if marks[key].Size == 0 {
			t.Errorf("there is no mark %q", key)
		}
	}

	p = drawPlane(r, View{}, 900, 600)
	if len(p.Areas) != 1 {
		t.Fatalf("the plane has %d boxes, want 1", len(p.Areas))
	}
	box := p.Areas[0]
	for _, d := range p.Dots {
		if d.Size != 7 && d.Size != endSize {
			continue
		}
		if at := d.At; at.X < box.Upper[0].X-0.01 || at.X > box.Upper[1].X+0.01 ||
			at.Y < box.Upper[0].Y-0.01 || at.Y > box.Lower[0].Y+0.01 {
			t.Errorf("an end at %v lies outside the box %+v", at, box)
		}
	}
}
