package num

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"
)

// elementaryDigests prove that a platform reproduces the elementary functions to the last bit.
var elementaryDigests = map[string]string{
	"Cos":   "a805c42ff0a821ce130084fa6d06d3e7",
	"Exp":   "55e26a8fa0ca19f1f2015e933d1afefd",
	"Exp32": "116897f9e1e505c80782d038d34760d4",
	"Log":   "e171800a94b098a2ae9752db7dde131d",
	"Log32": "237f2f411fc09e52ca58ea302d470384",
	"Pow":   "40449734147fdbcfa49a0d1dc829f13d",
	"Sin":   "680b43fbf861f5131fe3cee517a1b7f3",
}

func TestElementaryGolden(t *testing.T) {
	digests := map[string]func(float64) float64{
		"Exp": Exp, "Log": Log, "Sin": Sin, "Cos": Cos,
		"Pow":   func(x float64) float64 { return Pow(math.Abs(x), x/3) },
		"Exp32": func(x float64) float64 { return float64(Exp32(float32(x))) },
		"Log32": func(x float64) float64 { return float64(Log32(float32(x))) },
	}
	for name, f := range digests {
		r := NewRand(1, "golden", name)
		h := sha256.New()
		for i := range 20000 {
			x := math.Ldexp(r.Float64()*2-1, i%40-20)
			y := f(x)
			if y != y {
				y = 0
			}
			var b [8]byte
			binary.LittleEndian.PutUint64(b[:], math.Float64bits(y))
			h.Write(b[:])
		}
		if got := hex.EncodeToString(h.Sum(nil)[:16]); got != elementaryDigests[name] {
			t.Errorf("%q: %q,", name, got)
		}
	}
}
