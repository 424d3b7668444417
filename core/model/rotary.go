package model

import "github.com/posttrain/posttrain/core/num"

// rotaryBase is theta of arXiv:2104.09864, section 3.2.2.
const rotaryBase = 10000

// rotaryTable returns cos and sin (Context, D/2) of the angle position·base^(-2j/D).
func rotaryTable(c Config) (cos, sin []float32) {
	half := c.HeadDim() / 2
	cos, sin = make([]float32, c.Context*half), make([]float32, c.Context*half)
	for j := range half {
		frequency := num.Exp(-num.Log(rotaryBase) * float64(j) / float64(half))
		for t := range c.Context {
			angle := float64(t) * frequency
			cos[t*half+j] = float32(num.Cos(angle))
			sin[t*half+j] = float32(num.Sin(angle))
		}
	}
	return cos, sin
}
