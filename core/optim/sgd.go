package optim

import "github.com/posttrain/posttrain/core/internal/parallel"

// SGD is ascent along the gradient g with momentum (Polyak 1964, doi:10.1016/0041-5553(64)90137-5;
// with decoupled decay, arXiv:1711.05101, algorithm 1):
//
//	m = β1·m + g
//	w = w − lr·decay·w + lr·m
//
// The learning rate is a factor on m and not inside it, so m does not depend on the schedule. Along
// a constant gradient the steps grow to lr/(1−β1) times its length.
type SGD struct {
	Moments
	beta1 float32

	team *parallel.Team // nil means one thread
	do   func(from, to int)

	// of the step that is going on
	weights, gradient []float32
	scale, lr, decay  float32
}

func newSGD(n int, s Settings) *SGD {
	o := &SGD{Moments: Moments{M: make([]float32, n)}, beta1: float32(s.Beta1)}
	o.do = o.update
	return o
}

// Use implements [Optimiser].
func (o *SGD) Use(team *parallel.Team) { o.team = team }

// Step implements [Optimiser].
func (o *SGD) Step(weights, gradient []float32, scale, lr, decay float64) {
	o.Steps++
	o.weights, o.gradient = weights, gradient
	o.scale, o.lr, o.decay = float32(scale), float32(lr), float32(lr*decay)
	each(o.team, len(weights), o.do)
	o.weights, o.gradient = nil, nil
}

func (o *SGD) update(from, to int) {
	w, g, m := o.weights[from:to], o.gradient[from:to], o.M[from:to]
	for i := range w {
		m[i] = float32(o.beta1*m[i]) + float32(g[i]*o.scale)
		w[i] = (w[i] - float32(w[i]*o.decay)) + float32(o.lr*m[i])
	}
}
