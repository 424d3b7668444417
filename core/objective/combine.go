package objective

// Explainer is an objective that can say how a token's coefficient comes about.
type Explainer interface {
	// Explain returns the factors of the coefficients of completion i of group g (T). It returns
	// nil if they come neither from a [Row] nor from a [Pairwise].
	Explain(batch []Group, g, i int) []Factors
}

var (
	_ Explainer = Row{}
	_ Explainer = Pairwise{}
	_ Explainer = Sum{}
	_ Explainer = Gate{}
)

// Sum adds objectives with fixed weights. A summand of weight 0 counts as absent, so it needs
// nothing.
type Sum []Weighted

// Weighted is one summand of a [Sum].
type Weighted struct {
	Weight float64
	Objective
}

// Needs returns everything that a summand needs.
func (s Sum) Needs() (n Needs) {
	for _, o := range s {
		if o.Weight != 0 {
			n |= o.Objective.Needs()
		}
	}
	return n
}

// Add adds every summand, in order.
func (s Sum) Add(dst Coeffs, batch []Group) {
	var scratch Coeffs // shared by the summands whose weight is not 1
	for _, o := range s {
		switch {
		case o.Weight == 0:
		case o.Weight == 1:
			o.Objective.Add(dst, batch)
		default:
			if scratch == nil {
				scratch = NewCoeffs(batch)
			} else {
				scratch.clear()
			}
			o.Objective.Add(scratch, batch)
			dst.addScaled(o.Weight, scratch)
		}
	}
}

// Explain returns the factors of the first summand that touches the completion, with Share and
// Coefficient multiplied by its weight.
func (s Sum) Explain(batch []Group, g, i int) []Factors {
	for _, o := range s {
		e, ok := o.Objective.(Explainer)
		if !ok || o.Weight == 0 {
			continue
		}
		if out := e.Explain(batch, g, i); out != nil {
			for t := range out {
				out[t].Share *= o.Weight
				out[t].Coefficient *= o.Weight
			}
			return out
		}
	}
	return nil
}

// Gate routes each whole group to one of two objectives. Each objective sees only its own groups,
// so it averages over those. With ByShare its coefficients are then multiplied by its share of the
// groups, so that every group of the batch weighs the same.
type Gate struct {
	If         func(Group) bool
	Then, Else Objective // nil gives the group no coefficients
	ByShare    bool
	Requires   Needs // what If reads
}

// Needs returns what either side needs, and what If reads.
func (s Gate) Needs() Needs {
	n := s.Requires
	for _, side := range [...]Objective{s.Then, s.Else} {
		if side != nil {
			n |= side.Needs()
		}
	}
	return n
}

// Add calls each side with its groups.
func (s Gate) Add(dst Coeffs, batch []Group) {
	for _, then := range [...]bool{true, false} {
		side := s.side(then)
		if side == nil {
			continue
		}
		var routed []Group
		var to Coeffs // shares its elements with dst
		for g, group := range batch {
			if s.If(group) == then {
				routed, to = append(routed, group), append(to, dst[g])
			}
		}
		if len(routed) > 0 {
			s.weighted(side, routed, batch).Add(to, routed)
		}
	}
}

// Explain returns what the side of group g says.
func (s Gate) Explain(batch []Group, g, i int) []Factors {
	then := s.If(batch[g])
	side := s.side(then)
	var routed []Group
	at := 0 // index of group g among the routed ones
	for j, group := range batch {
		if s.If(group) == then {
			if j == g {
				at = len(routed)
			}
			routed = append(routed, group)
		}
	}
	if e, ok := s.weighted(side, routed, batch).(Explainer); ok {
		return e.Explain(routed, at, i)
	}
	return nil
}

// weighted returns side, multiplied by its share of the groups with ByShare.
func (s Gate) weighted(side Objective, routed, batch []Group) Objective {
	if !s.ByShare {
		return side
	}
	return Sum{{float64(len(routed)) / float64(len(batch)), side}}
}

func (s Gate) side(then bool) Objective {
	if then {
		return s.Then
	}
	return s.Else
}

// EntropyBonus maximises the policy's entropy at every token of a rollout, averaged as Reduce
// says.
type EntropyBonus struct{ Reduce Reduce }

// Needs returns Rollouts. The entropy itself is computed by [Seam].
func (EntropyBonus) Needs() Needs { return Rollouts }

// Add adds to the entropy channel.
func (b EntropyBonus) Add(dst Coeffs, batch []Group) {
	b.Reduce.addShares(dst, batch, func(c Coeff) []float64 { return c.Entropy })
}

// addShares adds to a channel, at every token of a rollout, the token's weight in the average.
func (k Reduce) addShares(dst Coeffs, batch []Group, channel func(Coeff) []float64) {
	norm := k.Share(batch, Rollout)
	for g, group := range batch {
		for i, c := range group {
			if c.Source != Rollout {
				continue
			}
			out := channel(dst[g][i])
			for t := range c.Len() {
				out[t] += norm(c)
			}
		}
	}
}

func (c Coeffs) clear() {
	for _, group := range c {
		for _, x := range group {
			clear(x.Logp)
			clear(x.Entropy)
			clear(x.ExactKL)
			clear(x.Value)
			clear(x.Dense)
		}
	}
}

// addScaled adds k·x to c. Both have the same shape.
func (c Coeffs) addScaled(k float64, x Coeffs) {
	for g := range c {
		for i := range c[g] {
			to, from := &c[g][i], &x[g][i]
			axpy(k, from.Logp, to.Logp)
			axpy(k, from.Entropy, to.Entropy)
			axpy(k, from.ExactKL, to.ExactKL)
			axpy(k, from.Value, to.Value)
			if from.Dense != nil {
				axpy(k, from.Dense, to.NeedDense(len(from.Dense)))
			}
		}
	}
}

// axpy adds k·x to y.
func axpy(k float64, x, y []float64) {
	for i := range y {
		y[i] += float64(k * x[i])
	}
}
