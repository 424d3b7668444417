package num

import (
	"flag"
	"math"
	"math/big"
	"testing"
)

var exhaustive = flag.Bool("exhaustive", false, "test Exp32 and Log32 on every float32")

// TestElementary64 holds the float64 functions to the errors that their documentation promises.
func TestElementary64(t *testing.T) {
	uniform := func(lo, hi float64) func(*Rand) float64 {
		return func(r *Rand) float64 { return lo + (hi-lo)*r.Float64() }
	}
	// scaled draws magnitudes of all sizes from 2^lo to 2^hi.
	scaled := func(lo, hi float64, signed bool) func(*Rand) float64 {
		return func(r *Rand) float64 {
			x := math.Ldexp(1+r.Float64(), int(lo+(hi-lo)*r.Float64()))
			if signed && r.IntN(2) == 0 {
				return -x
			}
			return x
		}
	}
	// nearZero draws floats next to multiples of π/2, where a sine or cosine is tiny.
	nearZero := func(r *Rand) float64 {
		x, _ := bigNew().Mul(bigPi, bigOf(float64(r.IntN(1<<20))/2)).Float64()
		return x
	}
	for _, c := range []struct {
		name  string
		f     func(float64) float64
		ref   func(x float64) *big.Float
		bound float64
		draw  []func(*Rand) float64
	}{
		{"Exp", Exp, func(x float64) *big.Float { return bigExp(bigOf(x)) }, 1,
			[]func(*Rand) float64{uniform(-1, 1), uniform(-746, 710), uniform(-745.2, -707),
				scaled(-60, 9, true)}},
		{"Log", Log, func(x float64) *big.Float { return bigLog(bigOf(x)) }, 1,
			[]func(*Rand) float64{uniform(0, 3), uniform(0.99, 1.01), scaled(-1074, 1023, false)}},
		{"Sin", Sin, func(x float64) *big.Float { return bigSin(bigOf(x)) }, 1,
			[]func(*Rand) float64{uniform(-7, 7), uniform(-maxAngle, maxAngle),
				scaled(-70, 20, true), nearZero}},
		{"Cos", Cos, func(x float64) *big.Float { return bigCos(bigOf(x)) }, 1,
			[]func(*Rand) float64{uniform(-7, 7), uniform(-maxAngle, maxAngle),
				scaled(-70, 20, true), nearZero}},
	} {
		r := NewRand(1, "elementary", c.name)
		worst, at := 0.0, 0.0
		for i := range 3000 {
			x := c.draw[i%len(c.draw)](&r)
			if e := ulps(c.f(x), c.ref(x)); e > worst {
				worst, at = e, x
			}
		}
		t.Logf("%s: %.3f ulp at %v", c.name, worst, at)
		if !(worst <= c.bound) {
			t.Errorf("%s(%v) = %v is wrong by %.3f ulp, allowed %v", c.name, at, c.f(at), worst,
				c.bound)
		}
	}
}

func TestPow(t *testing.T) {
	r := NewRand(1, "elementary", "Pow")
	worst := 0.0
	for range 4000 {
		x := math.Ldexp(1+r.Float64(), r.IntN(60)-30)
		y := r.Norm() * 12
		switch r.IntN(4) {
		case 0:
			x, y = 1+r.Norm()*1e-3, r.Norm()*1e4
		case 1:
			x, y = 0.7+0.7*r.Float64(), float64(r.IntN(5000))
		}
		l := bigLog(bigOf(x))
		l.Mul(l, bigOf(y))
		if size, _ := l.Float64(); math.Abs(size) < 708 {
			worst = max(worst, ulps(Pow(x, y), bigExp(l)))
		}
	}
	t.Logf("%.3f ulp", worst)
	if worst > 1 {
		t.Errorf("Pow is wrong by %v ulp", worst)
	}
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range [][3]float64{
		{0, 0, 1}, {1, nan, 1}, {nan, 0, 1}, {0, 2, 0}, {2, inf, inf}, {0.5, inf, 0}, {2, -inf, 0},
		{0.5, -inf, inf}, {inf, 1, inf},
		{inf, -1, 0}, {-1, 2, nan}, {0, -1, nan}, {2, nan, nan}, {nan, 1, nan}, {2, 1024, inf},
		{2, -1080, 0}, {2, -1074, 5e-324},
		{0.5, 1e300, 0}, {2, 10, 1024}, {math.MaxFloat64, 1, math.MaxFloat64}, {5e-324, 1, 5e-324},
	} {
		if got := Pow(c[0], c[1]); got != c[2] && !(got != got && c[2] != c[2]) {
			t.Errorf("Pow(%v, %v) = %v, want %v", c[0], c[1], got, c[2])
		}
	}
}

// TestElementaryEdges checks the values that no tolerance covers.
func TestElementaryEdges(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	negZero := math.Copysign(0, -1)
	for _, c := range []struct {
		name    string
		f       func(float64) float64
		in, out float64
	}{
		{"Exp", Exp, 0, 1}, {"Exp", Exp, inf, inf}, {"Exp", Exp, -inf, 0}, {"Exp", Exp, nan, nan},
		{"Exp", Exp, 710, inf}, {"Exp", Exp, -746, 0},
		{"Log", Log, 0, -inf}, {"Log", Log, negZero, -inf}, {"Log", Log, 1, 0},
		{"Log", Log, inf, inf}, {"Log", Log, -1, nan}, {"Log", Log, nan, nan},
		{"Sin", Sin, 0, 0}, {"Sin", Sin, inf, nan}, {"Sin", Sin, nan, nan}, {"Sin", Sin, 1e7, nan},
		{"Cos", Cos, 0, 1}, {"Cos", Cos, -inf, nan},
	} {
		got := c.f(c.in)
		if math.Float64bits(got) != math.Float64bits(c.out) && !(got != got && c.out != c.out) {
			t.Errorf("%s(%v) = %v, want %v", c.name, c.in, got, c.out)
		}
	}
}

// ulps32 is the distance of got from want in units in the last place of a float32 near want.
func ulps32(got float32, want float64) float64 {
	if want != want || got != got {
		if want != want && got != got {
			return 0
		}
		return math.Inf(1)
	}
	if rounded := float32(want); math.IsInf(float64(got), 0) || math.IsInf(float64(rounded), 0) {
		if got == rounded || math.Abs(want) >= math.MaxFloat32 &&
			math.Abs(float64(got)) >= math.MaxFloat32 {
			return 0
		}
		return math.Inf(1)
	}
	_, exp := math.Frexp(want)
	return math.Abs(float64(got)-want) / math.Ldexp(1, max(exp-24, -149))
}

// TestElementary32 walks over the float32 in ascending order, so that it can check that the
// functions are monotone. The references are float64 functions, whose errors of about 1e-9 float32
// ulp do not count.
func TestElementary32(t *testing.T) {
	stride := uint32(257)
	if *exhaustive {
		stride = 1
	}
	for _, c := range []struct {
		name string
		f    func(float32) float32
		ref  func(float64) float64
	}{{"Exp32", Exp32, math.Exp}, {"Log32", Log32, math.Log}} {
		worst, at := 0.0, float32(0)
		var last float32
		check := func(bits uint32) {
			x := math.Float32frombits(bits)
			y := c.f(x)
			if e := ulps32(y, c.ref(float64(x))); e > worst {
				worst, at = e, x
			}
			if y < last {
				t.Fatalf("%s falls from %v to %v at %v", c.name, last, y, x)
			}
			last = y
		}
		last = negInf32
		for b := uint64(0xff800000); b > 0x80000000; b -= min(uint64(stride), b-0x80000000) {
			check(uint32(b))
		}
		for b := uint64(0); b <= 0x7f800000; b += uint64(stride) {
			check(uint32(b))
		}
		t.Logf("%s: %.3f ulp at %v", c.name, worst, at)
		if worst > 1 {
			t.Errorf("%s(%v) = %v is wrong by %.3f ulp", c.name, at, c.f(at), worst)
		}
	}
	// Every float around the points where the exponent or the clamp of Exp32 changes.
	for n := -152; n <= 130; n++ {
		x := float32((float64(n) + 0.5) * math.Ln2)
		b := math.Float32bits(x) - 300
		down := x < 0
		prev := Exp32(math.Float32frombits(b))
		for range 600 {
			b++
			next := Exp32(math.Float32frombits(b))
			if down && next > prev || !down && next < prev {
				t.Fatalf("Exp32 is not monotone at %v", math.Float32frombits(b))
			}
			prev = next
		}
	}
}

func TestEdges32(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	negZero := float32(math.Copysign(0, -1))
	for _, c := range []struct {
		name    string
		f       func(float32) float32
		in, out float32
	}{
		{"Exp32", Exp32, 0, 1}, {"Exp32", Exp32, negZero, 1}, {"Exp32", Exp32, inf, inf},
		{"Exp32", Exp32, -inf, 0}, {"Exp32", Exp32, nan, nan},
		{"Exp32", Exp32, 88.72284, inf}, {"Exp32", Exp32, -104, 0},
		{"Exp32", Exp32, -103.5, math.SmallestNonzeroFloat32},
		{"Log32", Log32, 0, -inf}, {"Log32", Log32, negZero, -inf}, {"Log32", Log32, 1, 0},
		{"Log32", Log32, inf, inf},
		{"Log32", Log32, -1, nan}, {"Log32", Log32, -inf, nan}, {"Log32", Log32, nan, nan},
	} {
		if got := c.f(c.in); !sameBits(got, c.out) {
			t.Errorf("%s(%v) = %v, want %v", c.name, c.in, got, c.out)
		}
	}
}
