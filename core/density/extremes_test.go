package density

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/internal/extreme"
	"github.com/posttrain/posttrain/core/param"
)

// Every allowed setting can be trained with, or the lane says that it diverged: each knob at the
// ends of its range, with every other one at its ends besides.
func TestExtremeSettings(t *testing.T) {
	most := map[string]float64{"steps": 30, "samples": 200} // more is more of the same
	ends := func(k param.Knob) []string {
		if x, ok := most[k.Name]; ok {
			k.Max = x
		}
		return extreme.Settings(k)
	}
	for _, m := range Methods() {
		for i, k := range m.Knobs {
			for _, other := range m.Knobs[:i] {
				for _, x := range ends(k) {
					for _, y := range ends(other) {
						settings := []string{"steps=30", "samples=50", "until=1", k.Name + "=" + x,
							other.Name + "=" + y}
						tryOut(t, lane(t, strings.Join(settings, " "), m.Name), settings)
					}
				}
			}
		}
	}
}

// tryOut runs a lane to its end. Whatever it tells is finite.
func tryOut(t *testing.T, l Lane, settings []string) {
	t.Helper()
	s := opened(t, l)
	for !s.Done() {
		events, err := s.Advance()
		if err != nil {
			if !strings.Contains(err.Error(), "no longer finite; try a lower lr than") {
				t.Errorf("%v: %v", settings, err)
			}
			return
		}
		for _, e := range events {
			for _, metric := range e.Metrics {
				if math.IsNaN(metric.Value) || math.IsInf(metric.Value, 0) {
					t.Errorf("%v: after %d updates %s is %v", settings, s.Updates(), metric.Name,
						metric.Value)
					return
				}
			}
		}
	}
	if slices.ContainsFunc(s.q,
		func(c Component) bool { return math.IsInf(c.Mean+c.Std, 0) || math.IsNaN(c.Mean+c.Std) }) {
		t.Errorf("%v: it ends as %+v", settings, s.q)
	}
}
