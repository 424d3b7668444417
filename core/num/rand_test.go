package num

import (
	"math"
	"slices"
	"testing"
)

func TestRandGolden(t *testing.T) {
	r := NewRand(1, "sample", "policy", 2, 3)
	got := []uint64{r.Uint64(), r.Uint64(), uint64(r.IntN(1e9)), math.Float64bits(r.Float64()),
		math.Float64bits(r.Norm())}
	want := []uint64{0x209dd4521a5d836d, 0x2a5117c4dc83dfd1, 0xf2392d6, 0x3fbcc14c272f0d18,
		0xbfe9b07701e8ab02}
	if !slices.Equal(got, want) {
		t.Errorf("the stream gives %#x, want %#x", got, want)
	}
	if p, want := r.Perm(8), []int{0, 1, 3, 2, 4, 6, 7, 5}; !slices.Equal(p, want) {
		t.Errorf("the permutation is %v, want %v", p, want)
	}
}

// Streams of different addresses differ from the first number on, wherever the parts of the address
// are cut.
func TestRandAddresses(t *testing.T) {
	seen := map[uint64]string{}
	add := func(what string, r Rand) {
		v := r.Uint64()
		if other, ok := seen[v]; ok {
			t.Errorf("%s and %s give the same stream", what, other)
		}
		seen[v] = what
	}
	add("a|bc", NewRand(1, "a", "bc"))
	add("ab|c", NewRand(1, "ab", "c"))
	add("abc|", NewRand(1, "abc", ""))
	add("|abc", NewRand(1, "", "abc"))
	add("seed 2", NewRand(2, "a", "bc"))
	add("nul", NewRand(1, "a", "bc\x00"))
	add("index 0", NewRand(1, "a", "bc", 0))
	add("index 0 0", NewRand(1, "a", "bc", 0, 0))
	add("index 1 0", NewRand(1, "a", "bc", 1, 0))
	add("index 0 1", NewRand(1, "a", "bc", 0, 1))
	add("long", NewRand(1, "a", "a name longer than a word"))
	add("longer", NewRand(1, "a", "a name longer than a word!"))
	for i := range uint64(20000) {
		add("indices", NewRand(7, "x", "y", i>>7, i&127+1))
	}
}

// The bits of neighbouring addresses are unrelated: each bit of the first number changes about
// every second time.
func TestRandNeighbours(t *testing.T) {
	const n = 20000
	var flips [64]int
	for i := range uint64(n) {
		a, b := NewRand(1, "p", "n", i), NewRand(1, "p", "n", i+1)
		for d, bit := a.Uint64()^b.Uint64(), 0; bit < 64; bit++ {
			flips[bit] += int(d >> bit & 1)
		}
	}
	for bit, f := range flips {
		// Five standard deviations of a fair coin.
		if math.Abs(float64(f)-n/2) > 5*math.Sqrt(n)/2 {
			t.Errorf("bit %d changes %d times in %d", bit, f, n)
		}
	}
}

func TestIntNIsUniform(t *testing.T) {
	r := NewRand(1, "test", "chi")
	const n, draws = 37, 370000
	var counts [n]float64
	for range draws {
		counts[r.IntN(n)]++
	}
	chi := 0.0
	for _, c := range counts {
		d := c - draws/n
		chi += d * d / (draws / n)
	}
	// 36 degrees of freedom: mean 36, standard deviation 8.5; beyond 75 has a chance of 1e-4.
	if chi > 75 || chi < 12 {
		t.Errorf("chi-square is %v", chi)
	}
	for _, n := range []int{1, 2, 3, math.MaxInt32, math.MaxInt} {
		for range 100 {
			if v := r.IntN(n); v < 0 || v >= n {
				t.Fatalf("IntN(%d) = %d", n, v)
			}
		}
	}
}

func TestNormMoments(t *testing.T) {
	r := NewRand(1, "test", "norm")
	const n = 400000
	var m1, m2, m3, m4 float64
	for range n {
		x := r.Norm()
		m1 += x
		m2 += x * x
		m3 += x * x * x
		m4 += x * x * x * x
	}
	// The standard deviations of these means are 1, 1.41, 3.87 and 9.8 over sqrt(n).
	for i, d := range []float64{m1 / n, (m2/n - 1) / 1.41, m3 / n / 3.87, (m4/n - 3) / 9.8} {
		if math.Abs(d)*math.Sqrt(n) > 5 {
			t.Errorf("moment %d is off by %v", i+1, d)
		}
	}
}

func TestFloat64Range(t *testing.T) {
	r := NewRand(1, "test", "float")
	sum := 0.0
	for range 100000 {
		x := r.Float64()
		if x < 0 || x >= 1 {
			t.Fatalf("Float64 gives %v", x)
		}
		sum += x
	}
	if math.Abs(sum/100000-0.5) > 5*0.29/316 {
		t.Errorf("the mean is %v", sum/100000)
	}
}

// All six orders of three things are equally likely, by Perm and by Shuffle.
func TestOrders(t *testing.T) {
	r := NewRand(1, "test", "perm")
	counts := [2]map[[3]int]int{{}, {}}
	const n = 60000
	for range n {
		counts[0][[3]int(r.Perm(3))]++
		s := [3]int{0, 1, 2}
		r.Shuffle(3, func(i, j int) { s[i], s[j] = s[j], s[i] })
		counts[1][s]++
	}
	for i, c := range counts {
		for order, k := range c {
			if math.Abs(float64(k)-n/6) > 5*math.Sqrt(n/6) {
				t.Errorf("method %d gives %v %d times in %d", i, order, k, n)
			}
		}
		if len(c) != 6 {
			t.Errorf("method %d gives %d orders", i, len(c))
		}
	}
}
