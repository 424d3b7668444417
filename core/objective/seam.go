package objective

// Seam computes a gradient at the logits of one position from the coefficients of its token. It is
// the only place where coefficients meet the network. It overwrites dz (V) with the ascent
// direction, the sum of
//
//	logpC    · ∂log π(a)/∂z_j       logpC·(1[j=a] − p_j)
//	entropyC · ∂H/∂z_j              −entropyC·p_j·(log p_j + H)
//	klC      · ∂KL(π‖π_ref)/∂z_j    klC·p_j·(log p_j − log π_ref(j) − KL)
//	dense    Σ_v c_v·∂log π(v)/∂z_j c_j − (Σ_v c_v)·p_j
//
// logp (V) is the log-softmax of the logits, p (V) its exponential, and a the token at the
// position. refLogp (V) is the reference model's log-softmax, and may be nil if klC is 0. dense (V)
// may be nil. All numbers are finite. Sums run in order in float64. If every coefficient is zero,
// dz is zero.
func Seam(dz, logp, p, refLogp []float32, a int, logpC, entropyC, klC float32, dense []float64) {
	clear(dz)
	if logpC != 0 {
		for j, pj := range p {
			dz[j] -= float32(logpC * pj)
		}
		dz[a] = float32(logpC * (1 - p[a])) // more accurate than logpC − logpC·p if p is near 1
	}
	if entropyC != 0 {
		addEntropy(dz, logp, p, entropyC)
	}
	if klC != 0 {
		addKL(dz, logp, p, refLogp, klC)
	}
	if dense != nil {
		addDense(dz, p, dense)
	}
}

func addEntropy(dz, logp, p []float32, c float32) {
	h := 0.0 // nats
	for j, pj := range p {
		h -= float64(float64(pj) * float64(logp[j]))
	}
	for j, pj := range p {
		dz[j] -= float32(float32(c*pj) * (logp[j] + float32(h)))
	}
}

func addKL(dz, logp, p, refLogp []float32, c float32) {
	kl := 0.0 // nats
	for j, pj := range p {
		kl += float64(float64(pj) * (float64(logp[j]) - float64(refLogp[j])))
	}
	for j, pj := range p {
		dz[j] += float32(float32(c*pj) * (logp[j] - refLogp[j] - float32(kl)))
	}
}

func addDense(dz, p []float32, c []float64) {
	s := 0.0
	for _, x := range c {
		s += x
	}
	for j, pj := range p {
		dz[j] += float32(c[j] - float64(s*float64(pj)))
	}
}
