package num

// SwiGLU computes y = (g*s)*u element by element, where g is gate, u is up and s = 1/(1+exp(-g)). y
// may be gate or up. All have the length of y.
func SwiGLU(y, gate, up []float32) {
	n := len(y)
	needVec(len(gate), n)
	needVec(len(up), n)
	if useSIMD && n > 0 {
		swigluSIMD(&y[0], &gate[0], &up[0], n)
		return
	}
	swigluGo(y, gate, up)
}

func swigluGo(y, gate, up []float32) {
	for j := range y {
		g := gate[j]
		y[j] = (g * (1 / (1 + Exp32(-g)))) * up[j]
	}
}

// SwiGLUBackward writes the gradients of SwiGLU given that of its result, dy: dup = dy*(g*s) and
// dgate = (dy*u)*(s*(1+g*(1-s))). All have the length of dy and none overlaps another.
func SwiGLUBackward(dgate, dup, dy, gate, up []float32) {
	n := len(dy)
	needVec(len(dgate), n)
	needVec(len(dup), n)
	needVec(len(gate), n)
	needVec(len(up), n)
	if useSIMD && n > 0 {
		swigluBackwardSIMD(&dgate[0], &dup[0], &dy[0], &gate[0], &up[0], n)
		return
	}
	swigluBackwardGo(dgate, dup, dy, gate, up)
}

func swigluBackwardGo(dgate, dup, dy, gate, up []float32) {
	for j, d := range dy {
		g := gate[j]
		s := 1 / (1 + Exp32(-g))
		dup[j] = d * (g * s)
		dgate[j] = (d * up[j]) * (s * (1 + float32(g*(1-s))))
	}
}
