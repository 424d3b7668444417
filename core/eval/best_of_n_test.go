package eval

import (
	"math"
	"math/bits"
	"testing"

	"github.com/posttrain/posttrain/core/num"
)

// Against all ways to draw n of a handful of answers, with and without answers that the proxy
// cannot tell apart. Float64 rounding of a few dozen numbers near 1.
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

// pick returns the gold score of the best answer of a draw, or the mean of those that are equally
// good.
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
