package num

import "math"

// Parts of ln 2: ln2Hi has 33 bits, so that its products with an exponent are exact.
const (
	ln2Hi = 6.93147180369123816490e-01
	ln2Lo = 1.90821492927058770002e-10
)

// Exp returns e^x with an error below 1 ulp over the whole range (subnormal results keep the same
// bound). The method is fdlibm's (Sun Microsystems, e_exp.c).
func Exp(x float64) float64 {
	const (
		log2e = 1.44269504088896338700e+00
		over  = 7.09782712893383973096e+02
		under = -7.45133219101941108420e+02
	)
	switch {
	case x != x:
		return x
	case x > over:
		return math.Inf(1)
	case x < under:
		return 0
	}
	n := math.Floor(float64(x*log2e) + 0.5)
	return expReduced(x-float64(n*ln2Hi), float64(n*ln2Lo), int(n))
}

// expReduced returns e^(hi-lo) · 2^k for |hi-lo| <= ln(2)/2.
func expReduced(hi, lo float64, k int) float64 {
	const (
		p1 = 1.66666666666666019037e-01
		p2 = -2.77777777770155933842e-03
		p3 = 6.61375632143793436117e-05
		p4 = -1.65339022054652515390e-06
		p5 = 4.13813679705723846039e-08
	)
	r := hi - lo
	t := float64(r * r)
	c := float64(t*p5) + p4
	c = float64(t*c) + p3
	c = float64(t*c) + p2
	c = float64(t*c) + p1
	c = r - float64(t*c)
	y := 1 - ((lo - float64(r*c)/(2-c)) - hi)
	return scale2(y, k)
}

// scale2 returns y·2^k for y near 1 and |k| <= 1100. It multiplies twice, the first time exactly,
// so that a subnormal result is rounded once.
func scale2(y float64, k int) float64 {
	h := k >> 1
	y *= math.Float64frombits(uint64(h+1023) << 52)
	return float64(y * math.Float64frombits(uint64(k-h+1023)<<52))
}
