package num

import (
	"math"
	"math/big"
)

// References for the elementary functions in arithmetic of refPrec bits: more than twice what
// float64 needs, so that their own errors do not count.
const refPrec = 320

func bigOf(x float64) *big.Float { return new(big.Float).SetPrec(refPrec).SetFloat64(x) }

func bigNew() *big.Float { return new(big.Float).SetPrec(refPrec) }

// bigExp halves x until its series is short, then squares back.
func bigExp(x *big.Float) *big.Float {
	halvings := max(0, x.MantExp(nil)+12)
	r := bigNew().SetMantExp(x, -halvings)
	sum, term := bigOf(1), bigOf(1)
	for i := 1; term.Sign() != 0 && term.MantExp(nil) > -refPrec; i++ {
		term.Mul(term, r)
		term.Quo(term, bigOf(float64(i)))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigLog improves a first guess twice by Halley's method, which triples the digits. The guess takes
// the exponent off first: math.Log is wrong for subnormals on some platforms.
func bigLog(x *big.Float) *big.Float {
	m := bigNew()
	e := x.MantExp(m)
	f, _ := m.Float64()
	y := bigOf(math.Log(f) + float64(e)*math.Ln2)
	for range 2 {
		e := bigExp(y)
		d := bigNew().Sub(x, e)
		d.Quo(d.Add(d, d), bigNew().Add(x, e))
		y.Add(y, d)
	}
	return y
}

// bigPi is Machin's formula: 16·atan(1/5) - 4·atan(1/239).
var bigPi = func() *big.Float {
	atanInverse := func(n float64) *big.Float {
		power, sum := bigNew().Quo(bigOf(1), bigOf(n)), bigNew()
		for i := 1; power.MantExp(nil) > -refPrec; i += 2 {
			t := bigNew().Quo(power, bigOf(float64(i)))
			if i%4 == 3 {
				t.Neg(t)
			}
			sum.Add(sum, t)
			power.Quo(power, bigOf(n*n))
		}
		return sum
	}
	a, b := atanInverse(5), atanInverse(239)
	return a.Sub(a.Mul(a, bigOf(16)), b.Mul(b, bigOf(4)))
}()

// bigSin takes off multiples of π and sums the series.
func bigSin(x *big.Float) *big.Float {
	turns, _ := bigNew().Quo(x, bigPi).Float64()
	n := math.Round(turns)
	r := bigNew().Sub(x, bigNew().Mul(bigPi, bigOf(n)))
	sum, term, square := bigNew().Set(r), bigNew().Set(r), bigNew().Mul(r, r)
	for i := 2.0; term.Sign() != 0 && term.MantExp(nil) > -refPrec; i += 2 {
		term.Mul(term, square)
		term.Quo(term, bigOf(-i*(i+1)))
		sum.Add(sum, term)
	}
	if math.Mod(n, 2) != 0 {
		sum.Neg(sum)
	}
	return sum
}

func bigCos(x *big.Float) *big.Float {
	half := bigNew().Quo(bigPi, bigOf(2))
	return bigSin(half.Add(half, x))
}

// ulps is the distance of got from want in units in the last place of want. Where want is out of
// range only the right infinity or zero is no error.
func ulps(got float64, want *big.Float) float64 {
	nearest, _ := want.Float64()
	if got == nearest || (got != got && nearest != nearest) {
		if math.IsInf(got, 0) {
			return 0
		}
	}
	if math.IsInf(got, 0) || got != got {
		// One ulp beyond the largest float is infinity.
		if math.Abs(nearest) == math.MaxFloat64 {
			return 1
		}
		return math.Inf(1)
	}
	unit := max(want.MantExp(nil)-53, -1074)
	d := bigNew().Sub(bigOf(got), want)
	e, _ := d.SetMantExp(d, -unit).Float64()
	return math.Abs(e)
}
