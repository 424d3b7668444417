package stats

import (
	"math"
	"testing"
)

// near reports a value that differs from the wanted one by more than a rounding error.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	within(t, what, got, want, 1e-9*(1+math.Abs(want)))
}

// within reports a value that differs from the wanted one by more than a tolerance, or is no
// number.
func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// ofBases returns a sample with one score for each base.
func ofBases(values ...float64) Sample {
	s := blank(Design{len(values), 1, 1})
	copy(s.values, values)
	return s
}
