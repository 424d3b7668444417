package fd

import (
	"math"
	"testing"
)

func TestSlopeOfKnownFunctions(t *testing.T) {
	x := 0.7
	for _, c := range []struct {
		name string
		f    func() float64
		want float64
	}{
		{"constant", func() float64 { return 3 }, 0},
		{"square", func() float64 { return x * x }, 2 * x},
		{"exponential", func() float64 { return math.Exp(x) }, math.Exp(x)},
		{"sine", func() float64 { return math.Sin(x) }, math.Cos(x)},
	} {
		// rounding 1e-11, truncation 1e-10
		if got := Slope(c.f, &x, 1e-5); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: slope %v, want %v", c.name, got, c.want)
		}
	}
}

func TestSlopeInFloat32UsesTheStepTaken(t *testing.T) {
	x := float32(0.7)
	square := func() float64 { return float64(x) * float64(x) }
	// a square has no truncation error
	if got, want := Slope(square, &x, 1e-2), 2*float64(x); math.Abs(got-want) > 1e-7 {
		t.Errorf("slope %v, want %v", got, want)
	}
}

func TestSlopeRestores(t *testing.T) {
	x := float32(1e-9) // lost when h is added and taken away again
	Slope(func() float64 { return 0 }, &x, 1e-2)
	if x != 1e-9 {
		t.Errorf("x became %v", x)
	}
}
