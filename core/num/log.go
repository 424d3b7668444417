package num

import "math"

// Log32 returns the natural logarithm of x with an error below 1 ulp (0.835 at worst, over all
// float32). It is monotone. Log32(0) is -Inf, that of a negative number NaN, and that of +Inf +Inf.
// The method is fdlibm's logf (Sun Microsystems, e_logf.c): x = 2^k·(1+f), log(1+f) by a polynomial
// in s = f/(2+f).
func Log32(x float32) float32 {
	const (
		ln2Hi = 6.9313812256e-01
		ln2Lo = 9.0580006145e-06
		l1    = 0.66666662693
		l2    = 0.40000972152
		l3    = 0.28498786688
		l4    = 0.24279078841
	)
	switch {
	case x == 0:
		return negInf32
	case x < 0:
		return float32(math.NaN())
	case x != x || x > math.MaxFloat32:
		return x
	}
	k := int32(0)
	if x < 0x1p-126 {
		x *= 0x1p25
		k = -25
	}
	// Move the mantissa to [sqrt(1/2), sqrt(2)).
	const sqrtHalf = 0x3f3504f3
	b := math.Float32bits(x) + (0x3f800000 - sqrtHalf)
	k += int32(b>>23) - 127
	f := math.Float32frombits(b&0x7fffff+sqrtHalf) - 1
	s := f / (2 + f)
	z := float32(s * s)
	w := float32(z * z)
	t1 := float32(w * (l2 + float32(w*l4)))
	t2 := float32(z * (l1 + float32(w*l3)))
	r := t2 + t1
	hfsq := float32(float32(0.5*f) * f)
	dk := float32(k)
	return float32(dk*ln2Hi) - ((hfsq - (float32(s*(hfsq+r)) + float32(dk*ln2Lo))) - f)
}
