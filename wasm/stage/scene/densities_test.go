package scene

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// The areas are the densities: their heights in a plot are to each other as the densities are, up
// to where a narrow one is cut off, and what lies farther to the right is drawn so.
func TestDensities(t *testing.T) {
	drawn := 0
	forMany(t, func(t *testing.T, r *rand.Rand, record *Record) {
		p := drawDensities(record, View{}, 500+r.Float64()*800, 400+r.Float64()*500)
		areas := keyed(p.Areas, func(a Area) string { return a.Key })
		for lane := range record.lanes {
			_, now, _ := record.lanes[lane].densities()
			key := "density " + strconv.Itoa(lane) + " "
			aim, ok := areas[key+"target"]
			if ok != (len(now.parts) > 0 && len(record.target().parts) > 0) {
				t.Fatalf("lane %d has %d components and is drawn: %v", lane, len(now.parts), ok)
			}
			if !ok {
				continue
			}
			drawn++
			is := areas[key+"now"]
			scale := 0.0
			for i, at := range aim.Upper {
				x := densitiesFrom +
					(densitiesTo-densitiesFrom)*float64(i)/float64(len(aim.Upper)-1)
				if y := record.target().at(x); y > 0.01 && scale == 0 {
					scale = (aim.Lower[i].Y - at.Y) / y
				}
				if i > 0 && at.X <= aim.Upper[i-1].X {
					t.Fatalf("point %d is not to the right of the one before", i)
				}
			}
			top := is.Lower[0].Y - scale*record.highest(record.target())
			for i, at := range is.Upper {
				x := densitiesFrom + (densitiesTo-densitiesFrom)*float64(i)/float64(len(is.Upper)-1)
				if want := max(is.Lower[i].Y-scale*now.at(x),
					top); math.Abs(at.Y-want) > 1e-6*(1+scale) {
					t.Errorf("lane %d at %.2f: height %v, want %v", lane, x, at.Y, want)
				}
			}
		}
	})
	if drawn == 0 {
		t.Error("no lane had a density")
	}
}
