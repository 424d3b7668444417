package eval

import (
	"math"
	"math/bits"
	"testing"

	"github.com/posttrain/posttrain/core/num"
)

// Against all ways to draw n of a handful of answers, with and without answers that the proxy cannot tell apart. Float64
// rounding of a few dozen numbers near 1.
func TestBestOfNIsTheMeanOverAllDraws(t *testing.T) {
	for seed := range uint64(200) {
		r := num.NewRand(seed, "test", "best of n")
		proxy, gold := make([]float64, 1+r.IntN(7)), []float64(nil)
		for i := range proxy {
			proxy[i] = r.Norm()
			if seed%2 == 0 {
				proxy[i] = float64(r.IntN(3))
			}
			gold = append(gold, r.Norm())
		}
		for n := 1; n <= len(proxy); n++ {
			total, draws := 0.0, 0.0
			for draw := range uint(1) << len(proxy) {
				if bits.OnesCount(draw) == n {
					total += pick(proxy, gold, draw)
					draws++
				}
			}
			if got := BestOfN(proxy, gold, n); math.Abs(got-total/draws) > 1e-12 {
				t.Fatalf("best of %d of %v worth %v: %v, want %v", n, proxy, gold, got, total/draws)
			}
		}
	}
}

// pick is what the best answer of a draw is worth, the mean of those that share the place.
func pick(proxy, gold []float64, draw uint) float64 {
	best, worth, ties := math.Inf(-1), 0.0, 0.0
	for i, p := range proxy {
		switch {
		case draw>>i&1 == 0 || p < best:
		case p > best:
			best, worth, ties = p, gold[i], 1
		default:
			worth, ties = worth+gold[i], ties+1
		}
	}
	return worth / ties
}

// A large sample neither overflows nor loses weight.
func TestBestOfNOfMany(t *testing.T) {
	proxy, gold := make([]float64, 5000), make([]float64, 5000)
	for i := range proxy {
		proxy[i], gold[i] = float64(i), 1
	}
	for _, n := range []int{1, 2, 64, 2500, 5000} {
		if got := BestOfN(proxy, gold, n); math.Abs(got-1) > 1e-9 { // 5000 roundings
			t.Errorf("best of %d of answers worth 1: %v", n, got)
		}
	}
}

// The published values, and the divergence itself: among m answers, as likely as each other and all worth something else, the
// k-th from below is the best of n with probability (k/m)^n − ((k−1)/m)^n. It is less than the formula by less than (n−1)/m or
// so, and the less the more answers there are.
func TestBestOfNKL(t *testing.T) {
	for n, want := range map[int]float64{1: 0, 2: 0.19, 4: 0.64, 16: 1.84, 64: 3.17, 256: 4.55} {
		if got := BestOfNKL(n); math.Abs(got-want) > 0.005 {
			t.Errorf("n = %d: %v, want %v", n, got, want)
		}
	}
	for _, n := range []int{2, 4, 16} {
		before := math.Inf(1)
		for _, m := range []int{10, 100, 1000, 10_000} {
			kl := 0.0
			for k := 1; k <= m; k++ {
				p := math.Pow(float64(k)/float64(m), float64(n)) - math.Pow(float64(k-1)/float64(m), float64(n))
				kl += p * math.Log(p*float64(m))
			}
			short := BestOfNKL(n) - kl
			if short < 0 || short > float64(n-1)/float64(m) || short > before {
				t.Errorf("n = %d, %d answers: %v below the formula, after %v", n, m, short, before)
			}
			before = short
		}
	}
}
