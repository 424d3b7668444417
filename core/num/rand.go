package num

import (
	"math"
	"math/bits"
)

// Rand is an addressed random stream. Its numbers depend on its address alone, not on what else was
// drawn before, so the order of evaluation does not matter. A copy of a Rand continues from the
// same position.
//
// The generator is SplittableRandom's (Steele, Lea and Flood, "Fast splittable pseudorandom number
// generators", 2014): a counter that advances by an odd constant of its own stream, and a
// finaliser. Both words come from a hash of the address, so an address has 127 bits and two streams
// do not run into each other.
type Rand struct {
	state, gamma uint64
}

// NewRand returns the stream at an address: a seed, what the numbers are for, the name of the thing
// that they are drawn for, and any indices. Addresses that differ in any part, or in where one part
// ends and the next begins, have different streams.
func NewRand(seed uint64, purpose, name string, index ...uint64) Rand {
	h := hasher{0x243f6a8885a308d3, 0x13198a2e03707344}
	h.word(seed)
	h.text(purpose)
	h.text(name)
	h.word(uint64(len(index)))
	for _, w := range index {
		h.word(w)
	}
	// A gamma with too few changes between neighbouring bits makes a poor counter; the paper's
	// remedy is to flip every other bit.
	gamma := h.b | 1
	if bits.OnesCount64(gamma^gamma>>1) < 24 {
		gamma ^= 0xaaaaaaaaaaaaaaaa
	}
	return Rand{state: h.a, gamma: gamma}
}

// hasher absorbs words into two chains with different mixers.
type hasher struct{ a, b uint64 }

func (h *hasher) word(w uint64) {
	h.a = mix64((h.a ^ w) + 0x9e3779b97f4a7c15)
	h.b = murmur64((h.b ^ bits.RotateLeft64(w, 32)) + 0xd1b54a32d192ed03)
}

// text absorbs the length, then the bytes, eight to a word.
func (h *hasher) text(s string) {
	h.word(uint64(len(s)))
	for len(s) > 0 {
		var w uint64
		k := min(8, len(s))
		for i := range k {
			w |= uint64(s[i]) << (8 * i)
		}
		h.word(w)
		s = s[k:]
	}
}

// mix64 is the finaliser of splitmix64 (Stafford's variant 13).
func mix64(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// murmur64 is the finaliser of MurmurHash3.
func murmur64(z uint64) uint64 {
	z = (z ^ z>>33) * 0xff51afd7ed558ccd
	z = (z ^ z>>33) * 0xc4ceb9fe1a85ec53
	return z ^ z>>33
}

// Uint64 returns 64 random bits.
func (r *Rand) Uint64() uint64 {
	r.state += r.gamma
	return mix64(r.state)
}

// Float64 returns a number in [0,1), a multiple of 2^-53.
func (r *Rand) Float64() float64 {
	return float64(float64(r.Uint64()>>11) * 0x1p-53)
}

// IntN returns a number in [0,n) without bias, for n > 0 (Lemire, "Fast random integer generation
// in an interval", 2019).
func (r *Rand) IntN(n int) int {
	if n <= 0 {
		panic("num: IntN needs a positive bound")
	}
	bound := uint64(n)
	hi, lo := bits.Mul64(r.Uint64(), bound)
	if lo < bound {
		for least := -bound % bound; lo < least; {
			hi, lo = bits.Mul64(r.Uint64(), bound)
		}
	}
	return int(hi)
}

// Norm returns a standard normal number (Box and Muller). Each call draws two numbers and uses one
// result, so that it does not depend on earlier calls.
func (r *Rand) Norm() float64 {
	u, v := r.Float64(), r.Float64()
	return math.Sqrt(-2*Log(1-u)) * Cos(2*math.Pi*v)
}

// Perm returns a random order of 0 to n-1.
func (r *Rand) Perm(n int) []int {
	p := make([]int, n)
	for i := range p {
		j := r.IntN(i + 1)
		p[i] = p[j]
		p[j] = i
	}
	return p
}

// Shuffle puts n things into random order by swapping (Fisher and Yates).
func (r *Rand) Shuffle(n int, swap func(i, j int)) {
	for i := n - 1; i > 0; i-- {
		swap(i, r.IntN(i+1))
	}
}
