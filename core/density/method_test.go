package density

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// parameters returns a function for each parameter that moves it by a step, and the gradient's
// slope in it. A weight grows at the cost of the other one.
func parameters(q Mixture, g gradient) (at []func(step float64), slope []float64) {
	for k := range q {
		at = append(at, func(d float64) { q[k].Mean += d }, func(d float64) { q[k].Std += d })
		slope = append(slope, g[k].Mean, g[k].Std)
	}
	if len(q) > 1 {
		at = append(at, func(d float64) { q[0].Weight += d; q[1].Weight -= d })
		slope = append(slope, g[0].Weight)
	}
	return at, slope
}

// The gradient of log q meets finite differences.
func TestGradient(t *testing.T) {
	const step = 1e-5
	for i := range uint64(300) {
		r := num.NewRand(i, "test", "gradient")
		q := random(&r)
		x, g := 6*r.Float64()-3, make(gradient, len(q))
		g.add(q, x, 1)
		move, slope := parameters(q, g)
		for k := range move {
			move[k](step)
			above := q.log(x)
			move[k](-2 * step)
			below := q.log(x)
			move[k](step)
			near(t, "a slope", slope[k], (above-below)/(2*step), 1e-6*(1+math.Abs(slope[k])))
		}
	}
}

// The mean over many draws is the gradient of the objective, by quadrature: of the mean of log q
// under the new mode, and of the reward, held fixed, under q.
func TestBothClimbTheirObjective(t *testing.T) {
	// near each other, so that the weights of draws stay small
	q := Mixture{{0.6, 2.2, 1.1}, {0.4, 3, 1}}
	for _, m := range Methods() {
		for _, draws := range []string{"new", "whole"} {
			v := param.Defaults(m.Knobs)
			if m.Name == "reinforce" {
				set(t, v, "draws", draws)
			}
			const repeats = 100
			var sum, squares []float64
			for i := range uint64(repeats) {
				r, g := num.NewRand(i, "test", "objective"), make(gradient, len(q))
				m.climb(q, v, &r, g)
				_, slope := parameters(q, g)
				sum, squares = grown(sum, len(slope)), grown(squares, len(slope))
				for k, x := range slope {
					sum[k] += x / repeats
					squares[k] += x * x / repeats
				}
			}
			_, want := parameters(q, objective(q, m.Name, draws, v))
			for k := range want {
				near(t, m.Name+"'s mean slope", sum[k], want[k],
					5*math.Sqrt((squares[k]-sum[k]*sum[k])/repeats))
			}
		}
	}
}

func grown(x []float64, n int) []float64 { return append(x, make([]float64, n-len(x))...) }

// objective returns the gradient by quadrature.
func objective(q Mixture, name, draws string, v param.Values) gradient {
	g := make(gradient, len(q))
	integrate(func(x float64) float64 {
		weight := target[New].At(x) / target[New].Weight
		if name == "reinforce" {
			own := q[len(q)-1]
			weight = q.At(x) * (target[New].Log(x) - math.Log(own.At(x)) -
				math.Log(v.Float("beta")))
			if draws == "new" { // a draw of the component stands for more of q than there is of it
				weight /= own.Weight
			}
		}
		g.add(q, x, weight*(To-From)/1024)
		return 0
	})
	return g
}

func set(t *testing.T, v param.Values, name, text string) {
	t.Helper()
	if err := v.Set(name, text); err != nil {
		t.Fatal(err)
	}
}
