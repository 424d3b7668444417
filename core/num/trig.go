package num

import "math"

// maxAngle is 2^20·π/2: up to here the reduction of an angle is accurate.
const maxAngle = 1.6470993291652855e6

// Sin returns the sine of x with an error of at most 1 ulp for |x| up to 1.6e6 (2^20·π/2). Beyond
// that the result is NaN rather than digits without meaning. The method of Sin and Cos is fdlibm's
// (Sun Microsystems, k_sin.c, k_cos.c, e_rem_pio2.c).
func Sin(x float64) float64 {
	y0, y1, q := reduceAngle(x)
	var s float64
	if q&1 == 0 {
		s = kernelSin(y0, y1)
	} else {
		s = kernelCos(y0, y1)
	}
	if q&2 != 0 {
		return -s
	}
	return s
}

// Cos returns the cosine of x, with the range and the error of [Sin].
func Cos(x float64) float64 {
	y0, y1, q := reduceAngle(x)
	var c float64
	if q&1 == 0 {
		c = kernelCos(y0, y1)
	} else {
		c = kernelSin(y0, y1)
	}
	if (q+1)&2 != 0 {
		return -c
	}
	return c
}

// reduceAngle returns y0+y1 = x - q·π/2 with |y0| at most about π/4, and q modulo 4. It subtracts
// π/2 in parts of 33 bits, whose products with q are exact. A later part is used if the earlier
// ones cancelled.
func reduceAngle(x float64) (y0, y1 float64, q int) {
	const (
		invPio2 = 6.36619772367581382433e-01
		pio2p1  = 1.57079632673412561417e+00
		pio2t1  = 6.07710050650619224932e-11
		pio2p2  = 6.07710050630396597660e-11
		pio2t2  = 2.02226624879595063154e-21
		pio2p3  = 2.02226624871116645580e-21
		pio2t3  = 8.47842766036889956997e-32
	)
	if !(math.Abs(x) <= maxAngle) {
		return math.NaN(), 0, 0
	}
	n := math.Floor(float64(x*invPio2) + 0.5)
	q = int(n)
	r := x - float64(n*pio2p1)
	w := float64(n * pio2t1)
	y0 = r - w
	ex := exponent(x)
	if ex-exponent(y0) > 16 {
		t := r
		w = float64(n * pio2p2)
		r = t - w
		w = float64(n*pio2t2) - ((t - r) - w)
		y0 = r - w
		if ex-exponent(y0) > 49 {
			t = r
			w = float64(n * pio2p3)
			r = t - w
			w = float64(n*pio2t3) - ((t - r) - w)
			y0 = r - w
		}
	}
	return y0, (r - y0) - w, q
}

// exponent returns the biased exponent of x.
func exponent(x float64) int { return int(math.Float64bits(x) >> 52 & 0x7ff) }

// kernelSin returns sin(x+y) for |x| <= π/4 and y far smaller.
func kernelSin(x, y float64) float64 {
	const (
		s1 = -1.66666666666666324348e-01
		s2 = 8.33333333332248946124e-03
		s3 = -1.98412698298579493134e-04
		s4 = 2.75573137070700676789e-06
		s5 = -2.50507602534068634195e-08
		s6 = 1.58969099521155010221e-10
	)
	z := float64(x * x)
	v := float64(z * x)
	r := float64(z*s6) + s5
	r = float64(z*r) + s4
	r = float64(z*r) + s3
	r = float64(z*r) + s2
	return x - ((float64(z*(float64(0.5*y)-float64(v*r))) - y) - float64(v*s1))
}

// kernelCos returns cos(x+y) for |x| <= π/4 and y far smaller.
func kernelCos(x, y float64) float64 {
	const (
		c1 = 4.16666666666666019037e-02
		c2 = -1.38888888888741095749e-03
		c3 = 2.48015872894767294178e-05
		c4 = -2.75573143513906633035e-07
		c5 = 2.08757232129817482790e-09
		c6 = -1.13596475577881948265e-11
	)
	z := float64(x * x)
	r := float64(z*c6) + c5
	r = float64(z*r) + c4
	r = float64(z*r) + c3
	r = float64(z*r) + c2
	r = float64(z*r) + c1
	hz := float64(0.5 * z)
	w := 1 - hz
	return w + (((1 - w) - hz) + (float64(z*float64(z*r)) - float64(x*y)))
}
