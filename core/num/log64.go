package num

import "math"

// Log returns the natural logarithm of x with an error below 1 ulp. Log(0) is -Inf, that of a
// negative number NaN, and that of +Inf +Inf. The method is fdlibm's (Sun Microsystems, e_log.c): x
// = 2^k·(1+f), log(1+f) by a polynomial in s = f/(2+f).
func Log(x float64) float64 {
	const (
		l1 = 6.666666666666735130e-01
		l2 = 3.999999999940941908e-01
		l3 = 2.857142874366239149e-01
		l4 = 2.222219843214978396e-01
		l5 = 1.818357216161805012e-01
		l6 = 1.531383769920937332e-01
		l7 = 1.479819860511658591e-01
	)
	switch {
	case x == 0:
		return math.Inf(-1)
	case x < 0:
		return math.NaN()
	case x != x || x > math.MaxFloat64:
		return x
	}
	m, k := splitFloat(x)
	f := m - 1
	s := f / (2 + f)
	z := float64(s * s)
	w := float64(z * z)
	t1 := float64(w*l6) + l4
	t1 = float64(w * (float64(w*t1) + l2))
	t2 := float64(w*l7) + l5
	t2 = float64(w*t2) + l3
	t2 = float64(z * (float64(w*t2) + l1))
	r := t1 + t2
	hfsq := float64(float64(0.5*f) * f)
	return float64(k*ln2Hi) - ((hfsq - (float64(s*(hfsq+r)) + float64(k*ln2Lo))) - f)
}

// splitFloat returns m and k with x = m·2^k and m in [sqrt(1/2), sqrt(2)), for a positive finite x.
func splitFloat(x float64) (m, k float64) {
	const sqrtHalf = 0x3fe6a09e00000000
	shift := 1023
	if x < 0x1p-1022 {
		x *= 0x1p54
		shift += 54
	}
	b := math.Float64bits(x) + (0x3ff0000000000000 - sqrtHalf)
	m = math.Float64frombits(b&(1<<52-1) + sqrtHalf)
	return m, float64(int(b>>52) - shift)
}

// Pow returns x^y for x > 0, with an error of at most 1 ulp if the result is a normal number. Its
// logarithm has about 66 bits, so that the exponential does not magnify the rounding. Pow(x, 0) and
// Pow(1, y) are 1. For x <= 0 and y other than 0 the result is NaN, except that Pow(0, y) is 0 for
// y > 0.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case x == 0 && y > 0:
		return 0
	case !(x > 0) || x > math.MaxFloat64 || math.Abs(y) > 0x1p900 || y != y:
		return powSpecial(x, y)
	}
	hi, lo := logPair(x)
	p, e := mulPair(hi, y)
	e += float64(lo * y)
	switch {
	case p > 710:
		return math.Inf(1)
	case p < -746:
		return 0
	}
	const log2e = 1.44269504088896338700e+00
	n := math.Floor(float64(p*log2e) + 0.5)
	return expReduced(p-float64(n*ln2Hi), float64(n*ln2Lo)-e, int(n))
}

// powSpecial is Pow for operands that are not positive, infinite, NaN, or so large that the result
// is 0 or +Inf.
func powSpecial(x, y float64) float64 {
	switch {
	case x != x || y != y || x <= 0:
		return math.NaN()
	case (x > 1) == (y > 0):
		return math.Inf(1)
	}
	return 0
}

// logPair returns log x as a sum of two floats, for a positive finite x.
func logPair(x float64) (hi, lo float64) {
	const (
		twoThirds   = 0.66666666666666662965923251249478198587894439697265625
		twoThirdsLo = 2.0/3 - twoThirds
	)
	m, k := splitFloat(x)
	f := m - 1
	// s = f/(2+f) as a pair: the remainder of the division is exact in pairs.
	d := 2 + f
	dLo := f - (d - 2)
	s := f / d
	p, e := mulPair(s, d)
	sLo := (((f - p) - e) - float64(s*dLo)) / d
	// log m = 2s + s·z·(2/3 + 2z/5 + 2z²/7 + ...) with z = s²: from 2z/5 on one float is enough.
	z, zLo := mulPair(s, s)
	zLo += float64(2 * float64(s*sLo))
	t := 0.0
	for i := 25; i >= 5; i -= 2 {
		t = float64(z * (t + 2/float64(i)))
	}
	q, qLo := addPair(twoThirds, t)
	qLo += twoThirdsLo
	u, uLo := mulPair(z, q)
	uLo += float64(z*qLo) + float64(zLo*q)
	v, vLo := mulPair(s, u)
	vLo += float64(s*uLo) + float64(sLo*u)
	hi, lo = addPair(float64(k*ln2Hi), 2*s)
	hi, e = addPair(hi, v)
	lo += e + vLo + float64(k*ln2Lo) + float64(2*sLo)
	return addPair(hi, lo)
}

// addPair returns a+b as a rounded sum and its error (Knuth).
func addPair(a, b float64) (s, e float64) {
	s = a + b
	t := s - a
	return s, (a - (s - t)) + (b - t)
}

// mulPair returns a·b as a rounded product and its error (Dekker, with Veltkamp's split), barring
// overflow.
func mulPair(a, b float64) (p, e float64) {
	p = float64(a * b)
	a1, a2 := split(a)
	b1, b2 := split(b)
	return p, ((float64(a1*b1) - p) + float64(a1*b2) + float64(a2*b1)) + float64(a2*b2)
}

// split halves the bits of a: a = hi + lo, both of 26 bits.
func split(a float64) (hi, lo float64) {
	c := float64(a * (1<<27 + 1))
	hi = c - (c - a)
	return hi, a - hi
}
