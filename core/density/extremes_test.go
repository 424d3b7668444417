package density

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"posttrain/core/param"
)

// Every allowed setting can be trained with, or the lane says that it diverged: each knob at the ends of its range, with every other one
// at its ends besides.
func TestExtremeSettings(t *testing.T) {
	ends := func(k param.Knob) []string {
		switch k.Name {
		case "steps":
			return []string{"1", "30"} // more is more of the same
		case "samples":
			return []string{"1", "200"} // so are more draws
		}
		if k.Type == param.TypeChoice {
			return k.Choices
		}
		return []string{strconv.FormatFloat(k.Min, 'f', -1, 64), strconv.FormatFloat(k.Max, 'f', -1, 64)}
	}
	for _, m := range Methods {
		for i, k := range m.Knobs {
			for _, other := range m.Knobs[:i] {
				for _, x := range ends(k) {
					for _, y := range ends(other) {
						settings := []string{"steps=30", "samples=50", "until=1", k.Name + "=" + x, other.Name + "=" + y}
						extreme(t, lane(t, strings.Join(settings, " "), m.Name), settings)
					}
				}
			}
		}
	}
}

// extreme runs a lane to its end. Whatever it tells is finite.
func extreme(t *testing.T, l Lane, settings []string) {
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
					t.Errorf("%v: after %d updates %s is %v", settings, s.Updates(), metric.Name, metric.Value)
					return
				}
			}
		}
	}
	if slices.ContainsFunc(s.q, func(c Component) bool { return math.IsInf(c.Mean+c.Std, 0) || math.IsNaN(c.Mean+c.Std) }) {
		t.Errorf("%v: it ends as %+v", settings, s.q)
	}
}
