package num

// AdamWStep holds the numbers of one AdamW step. C1 = 1/(1-B1^t) and C2 = 1/(1-B2^t) undo the bias
// of the averages after t steps; Decay is the learning rate times the weight decay.
type AdamWStep struct {
	// The vector kernels read the fields by position.
	GradScale, B1, OneMinusB1, B2, OneMinusB2, C1, C2, Rate, Decay, Eps float32
}

// AdamW takes one step of ascent: g is the gradient of an objective to maximise and is multiplied
// by GradScale first. All four slices have the length of p; m and v are the running averages of g
// and g*g. Every operation is rounded as written:
//
//	m = B1*m + OneMinusB1*g
//	v = B2*v + OneMinusB2*(g*g)
//	p = (p - p*Decay) + Rate*((m*C1)/(sqrt(v*C2)+Eps))
func AdamW(p, g, m, v []float32, s AdamWStep) {
	n := len(p)
	needVec(len(g), n)
	needVec(len(m), n)
	needVec(len(v), n)
	if useSIMD && n > 0 {
		adamwSIMD(&p[0], &g[0], &m[0], &v[0], n, &s.GradScale)
		return
	}
	adamwGo(p, g, m, v, &s)
}

func adamwGo(p, g, m, v []float32, s *AdamWStep) {
	for j := range p {
		gj := g[j] * s.GradScale
		mj := float32(s.B1*m[j]) + float32(s.OneMinusB1*gj)
		vj := float32(s.B2*v[j]) + float32(s.OneMinusB2*float32(gj*gj))
		m[j], v[j] = mj, vj
		step := (mj * s.C1) / (sqrt32(vj*s.C2) + s.Eps)
		p[j] = (p[j] - float32(p[j]*s.Decay)) + float32(s.Rate*step)
	}
}
