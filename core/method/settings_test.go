package method

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

// randomised returns settings that the method accepts, drawn from their ranges, lower ends
// included.
func randomised(m Method, seed uint64) param.Values {
	r := rand.New(rand.NewPCG(seed, 3))
	v := drawn(m, r)
	for m.CheckSettings(v) != nil {
		v = drawn(m, r)
	}
	return v
}

// drawn returns any settings.
func drawn(m Method, r *rand.Rand) param.Values {
	v := m.Defaults()
	for _, k := range v.Knobs() {
		text := ""
		switch k.Type {
		case param.TypeNumber:
			// mostly small, where the interesting values are
			x := k.Min + (k.Max-k.Min)*math.Pow(r.Float64(), 3)
			if r.IntN(5) == 0 {
				x = k.Min
			}
			text = fmt.Sprint(x)
		case param.TypeInteger:
			text = fmt.Sprint(int(k.Min) + r.IntN(int(k.Max-k.Min)+1))
		case param.TypeChoice:
			text = k.Choices[r.IntN(len(k.Choices))]
		case param.TypeFlag:
			text = fmt.Sprint(r.IntN(2) == 0)
		case param.TypeText:
			text = strings.Repeat(k.Choices[r.IntN(len(k.Choices))], r.IntN(int(k.Max)+1))
		}
		if err := v.Set(k.Name, text); err != nil {
			panic(err)
		}
	}
	return v
}

// busy returns the method's defaults, with what is off by default switched on, and without a
// beginning in which the policy does not learn.
func busy(m Method) param.Values {
	v := m.Defaults()
	for _, s := range [][2]string{{"entropy", "0.1"}, {"beta", "0.2"}, {"l_max", "4"},
		{"l_cache", "2"}, {"k", "2"}, {"value_warmup", "0"}} {
		if v.Has(s[0]) {
			if err := v.Set(s[0], s[1]); err != nil {
				panic(err)
			}
		}
	}
	return v
}

func mustDefaults(name string) param.Values {
	m, err := Lookup(name)
	if err != nil {
		panic(err)
	}
	return m.Defaults()
}
