package objective

// Seam is the only place where coefficients meet the network. It writes the ascent direction at the logits of one
// position into dz (V), overwriting it:
//
//	logpC    · ∂log π(a)/∂z_j       logpC·(1[j=a] − p_j)
//	entropyC · ∂H/∂z_j              −entropyC·p_j·(log p_j + H)
//	klC      · ∂KL(π‖π_ref)/∂z_j    klC·p_j·(log p_j − log π_ref(j) − KL)
//	dense    Σ_v c_v·∂log π(v)/∂z_j c_j − (Σ_v c_v)·p_j
//
// logp (V) is the log-softmax of the logits and p (V) its exponential; refLogp (V) is the reference model's, and may be
// nil when klC is 0; a is the token that stands there; dense (V) may be nil. All of them are finite. Sums run in
// order in float64. When every coefficient is zero, so is dz.
func Seam(dz, logp, p, refLogp []float32, a int, logpC, entropyC, klC float32, dense []float64) {
	clear(dz)
	if logpC != 0 {
		for j, pj := range p {
			dz[j] -= float32(logpC * pj)
		}
		dz[a] = float32(logpC * (1 - p[a])) // better than logpC − logpC·p when p is near 1
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
