package objective

import "slices"

// HintSplit divides every rollout where its hint ends. Sampled gets the completions without their
// hints, as if those were part of the prompt. Hint gets the hint of every rollout that has one, as
// a demonstration, and nothing else.
type HintSplit struct{ Sampled, Hint Objective } // nil gives the part no coefficients

var _ Explainer = HintSplit{}

// Needs returns what either side needs. Hint's demonstrations are hints of rollouts, so they count
// as rollouts.
func (o HintSplit) Needs() (n Needs) {
	if o.Sampled != nil {
		n = o.Sampled.Needs()
	}
	if o.Hint != nil {
		n |= o.Hint.Needs()&^Demos | Rollouts
	}
	return n
}

// Add calls each side with its parts.
func (o HintSplit) Add(dst Coeffs, batch []Group) {
	if o.Sampled != nil {
		sampledParts(batch).add(o.Sampled, dst, batch)
	}
	if o.Hint != nil {
		hintParts(batch).add(o.Hint, dst, batch)
	}
}

// Explain returns what either side says of its part, and zeros for a part of which it says nothing.
// It returns nil if neither side says anything.
func (o HintSplit) Explain(batch []Group, g, i int) (out []Factors) {
	n := batch[g][i].Len()
	out = sampledParts(batch).explain(o.Sampled, g, i, out, n)
	return hintParts(batch).explain(o.Hint, g, i, out, n)
}

// excerpts holds parts of a batch's completions, in groups.
type excerpts struct {
	groups []Group
	of     [][]origin // of[g][k] is where groups[g][k] comes from
}

// origin is the completion that a part belongs to and the part's first token in it.
type origin struct{ I, from int }

func sampledParts(batch []Group) excerpts {
	return cut(batch, func(c *Completion) (*Completion, int) {
		return c.part(c.HintLen, c.Len()), c.HintLen
	})
}

func hintParts(batch []Group) excerpts {
	return cut(batch, func(c *Completion) (*Completion, int) {
		if c.Source != Rollout || c.HintLen == 0 {
			return nil, 0
		}
		d := c.part(0, c.HintLen)
		d.Source = Demo
		return d, 0
	})
}

// cut returns the excerpts that part makes: for each completion a part of it and the part's first
// token. A nil part leaves the completion out.
func cut(batch []Group, part func(*Completion) (*Completion, int)) excerpts {
	p := excerpts{make([]Group, len(batch)), make([][]origin, len(batch))}
	for g, group := range batch {
		for i, c := range group {
			if d, from := part(c); d != nil {
				p.groups[g] = append(p.groups[g], d)
				p.of[g] = append(p.of[g], origin{i, from})
			}
		}
	}
	return p
}

// part returns tokens from to to of a completion, without copying them. The result has no hint.
func (c *Completion) part(from, to int) *Completion {
	d, vocab := *c, c.Vocab()
	d.HintLen = 0
	if d.Weight != nil {
		d.Weight = d.Weight[from:to:to]
	}
	for _, f := range d.Fields() {
		width := 1
		if f.Need&(Dist|RefDist|TeacherDist) != 0 {
			width = vocab
		}
		if *f.Values != nil {
			*f.Values = (*f.Values)[from*width : to*width : to*width]
		}
	}
	return &d
}

// add adds o's coefficients for the excerpts to those of the completions that they are parts of.
func (p excerpts) add(o Objective, dst Coeffs, batch []Group) {
	own := NewCoeffs(p.groups)
	o.Add(own, p.groups)
	for g := range own {
		for k, x := range own[g] {
			at := p.of[g][k]
			to, c, end := &dst[g][at.I], batch[g][at.I], at.from+len(x.Logp)
			axpy(1, x.Logp, to.Logp[at.from:end])
			axpy(1, x.Entropy, to.Entropy[at.from:end])
			axpy(1, x.ExactKL, to.ExactKL[at.from:end])
			axpy(1, x.Value, to.Value[at.from:end])
			if x.Dense != nil {
				v := c.Vocab()
				axpy(1, x.Dense, to.NeedDense(c.Len() * v)[at.from*v:end*v])
			}
		}
	}
}

// explain copies into out what o says of the part of completion i of group g. If out is nil, it
// makes one for the given number of tokens.
func (p excerpts) explain(o Objective, g, i int, out []Factors, tokens int) []Factors {
	e, ok := o.(Explainer)
	k := slices.IndexFunc(p.of[g], func(at origin) bool { return at.I == i })
	if !ok || k < 0 {
		return out
	}
	own := e.Explain(p.groups, g, k)
	if own != nil && out == nil {
		out = make([]Factors, tokens)
	}
	copy(out[min(p.of[g][k].from, len(out)):], own)
	return out
}
