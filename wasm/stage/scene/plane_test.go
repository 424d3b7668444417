package scene

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// Who has more of one measure is farther to the right, who has more of the other is higher, and
// both are read where they are drawn.
func TestPlane(t *testing.T) {
	forMany(t, func(t *testing.T, r *rand.Rand, record *Record) {
		v := randomView(r, record)
		x, y := record.directions(v)
		p := drawPlane(record, v, 400+r.Float64()*900, 300+r.Float64()*500)
		at := keyed(p.Dots, func(d Dot) string { return d.Key })
		var all []stop
		for lane := range record.lanes {
			for _, s := range record.tracks()[lane].stops(x, y) {
				dot, ok := at[dotKey(lane, s.step)]
				if !ok {
					t.Fatalf("lane %d is not drawn where it was at step %d", lane, s.step)
				}
				s.at = dot.At
				all = append(all, s)
				tip := p.Point(dot.At).Tip
				if tip == nil {
					t.Fatalf("nothing is read at %v", dot.At)
				}
			}
		}
		for lane := range record.lanes {
			for _, w := range p.Words {
				stops := record.tracks()[lane].stops(x, y)
				if !strings.HasPrefix(w.Key, "name ") || len(stops) == 0 {
					continue
				}
				end := at[dotKey(lane, stops[len(stops)-1].step)].At
				if w.Box().Meets(Box{end.X - endSize/2, end.Y - endSize/2, endSize, endSize}) {
					t.Errorf("%q lies on the end of lane %d", w.Text, lane)
				}
			}
		}
		for i, a := range all {
			for _, b := range all[:i] {
				if (a.x > b.x) != (a.at.X > b.at.X) || (a.y > b.y) != (a.at.Y < b.at.Y) {
					t.Errorf("%+v and %+v are drawn in another order", a, b)
				}
			}
		}
	})
}
