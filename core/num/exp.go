package num

import "math"

var negInf32 = float32(math.Inf(-1))

// Constants of Exp32; the vector kernels use the same. The polynomial and the split of ln 2 are
// those of Cephes' expf (Moshier, netlib.org/cephes).
const (
	// Beyond these the result is +Inf or 0; the clamp keeps the exponent arithmetic in range.
	expHi = 89
	expLo = -104
	// Adding and subtracting 1.5*2^23 rounds to an integer, and leaves it in the low bits, by plain
	// additions.
	expMagic     = 3 << 22
	expMagicBits = 0x4b400000
	expLog2e     = 1.44269504088896341
	expLn2Hi     = 0.693359375
	expLn2Lo     = -2.12194440e-4
	expC0        = 1.9875691500e-4
	expC1        = 1.3981999507e-3
	expC2        = 8.3334519073e-3
	expC3        = 4.1665795894e-2
	expC4        = 1.6666665459e-1
	expC5        = 5.0000001201e-1
)

// Exp32 returns e^x with an error below 1 ulp over the whole range (0.990 at worst, over all
// float32). It is monotone, Exp32(0) is 1, results too large are +Inf and too small 0 (subnormals
// keep the same bound), and NaN stays NaN.
func Exp32(x float32) float32 {
	// NaN passes both comparisons, as it passes the minimum and maximum of the vector kernels.
	if x > expHi {
		x = expHi
	}
	if x < expLo {
		x = expLo
	}
	t := float32(x*expLog2e) + expMagic
	n := t - expMagic
	r := x - float32(n*expLn2Hi)
	r -= float32(n * expLn2Lo)
	p := float32(r*expC0) + expC1
	p = float32(p*r) + expC2
	p = float32(p*r) + expC3
	p = float32(p*r) + expC4
	p = float32(p*r) + expC5
	p = float32(p*float32(r*r)) + r
	p += 1
	// 2^n in two halves: the first product is exact, so a subnormal result is rounded once.
	e := int32(math.Float32bits(t)) - expMagicBits
	h := e >> 1
	p *= math.Float32frombits(uint32(h+127) << 23)
	return float32(p * math.Float32frombits(uint32(e-h+127)<<23))
}
