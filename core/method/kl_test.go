package method

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/fd"
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// tax returns by how much a nat of log(π_old/π_ref) reduces the reward.
func tax(v param.Values) float64 {
	if v.Has("kl") && v.Choice("kl") == "reward" {
		return v.Float("beta")
	}
	return 0
}

// charged returns the batch with rewards less the penalty for the KL. Completions share their
// tokens with those of the batch.
func charged(v param.Values, b []objective.Group) (out []objective.Group) {
	for _, group := range b {
		var paid objective.Group
		for _, c := range group {
			d := *c
			if c.Source == objective.Rollout {
				d.Reward -= tax(v) * (lab.Total(c.OldLogp) - lab.Total(c.RefLogp))
			}
			paid = append(paid, &d)
		}
		out = append(out, paid)
	}
	return out
}

// besides returns a rollout's penalty for the KL less the mean penalty of its group's rollouts.
func besides(v param.Values, g objective.Group, c *objective.Completion) float64 {
	average, n := 0.0, 0.0
	for _, o := range g {
		if o.Source == objective.Rollout {
			average, n = average+lab.Total(o.OldLogp)-lab.Total(o.RefLogp), n+1
		}
	}
	return tax(v) * (lab.Total(c.OldLogp) - lab.Total(c.RefLogp) - average/n)
}

// klExact returns KL(π‖π_ref) at a token.
func klExact(c *objective.Completion, t int) (s float64) {
	for k := t * lab.Vocab; k < (t+1)*lab.Vocab; k++ {
		s += math.Exp(c.Dist[k]) * (c.Dist[k] - c.RefDist[k])
	}
	return s
}

// withKL returns the method's settings with everything on and the KL of a form, where it has the
// choice.
func withKL(m Method, form string) param.Values {
	v := busy(m)
	if v.Has("kl") {
		if err := v.Set("kl", form); err != nil {
			panic(err)
		}
	}
	return v
}

// everyKL returns the method's settings with everything on, once for every form of the KL that it
// may have.
func everyKL(m Method) []param.Values {
	if !m.Defaults().Has("kl") {
		return []param.Values{busy(m)}
	}
	return []param.Values{withKL(m, "loss"), withKL(m, "reward"), withKL(m, "exact")}
}

// pullsExactly reports that the KL channel is written.
func pullsExactly(c objective.Coeffs) bool {
	for _, group := range c {
		for _, x := range group {
			if slices.ContainsFunc(x.ExactKL, func(k float64) bool { return k != 0 }) {
				return true
			}
		}
	}
	return false
}

// The forms are three different objectives in every method that has them, and those that have them
// are the policy gradients and hybrids that are held to the reference model, and what is built on
// them.
func TestFormsOfTheKLDiffer(t *testing.T) {
	for _, m := range All() {
		v := m.Defaults()
		if want := v.Has("beta") && m.Collect(v).Group > 0 &&
			m.Collect(v).Label == objective.Unlabelled &&
			m.Collect(v).Hint == nil; v.Has("kl") != want {
			t.Errorf("%s: offers forms of the KL: %v, want %v", m.Name, !want, want)
		}
		// which imitate at the first step
		if !v.Has("kl") || m.Name == "interleave" || m.Name == "sasr" {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			for _, form := range []string{"loss", "reward", "exact"} {
				for _, other := range []string{"loss", "reward", "exact"} {
					if form == other {
						continue
					}
					build := func(param.Values) objective.Objective {
						return m.Build(withKL(m, other))
					}
					if err := lab.Disagree(build, textbook[m.Name].objective,
						lab.Always(withKL(m, form)), lab.ManyBatches); err == nil {
						t.Errorf("nobody notices %s in place of %s", other, form)
					}
				}
			}
		})
	}
}

// tree is a policy over answers of two tokens from a vocabulary of two, with as many rollouts of
// each answer as its probability says: what is averaged over them is an expectation, exactly.
type tree struct {
	z   [3][2]float64 // logits at the start, after a 0, after a 1
	ref [3][2]float64 // log-probabilities
}

// logp returns the log-probabilities at a state.
func (w *tree) logp(state int) []float64 { return lab.LogSoftmax(w.z[state][:]) }

// plant returns the tree with the probabilities 1/8 of 00, 3/8 of 01, and 2/8 of 10 and of 11.
func plant() *tree {
	w := &tree{z: [3][2]float64{{}, {math.Log(1. / 4), math.Log(3. / 4)}}}
	for s, p := range []float64{0.7, 0.4, 0.1} {
		w.ref[s] = [2]float64{math.Log(p), math.Log(1 - p)}
	}
	return w
}

// rollouts returns eight rollouts, each answer as often as its probability says.
func (w *tree) rollouts() (g objective.Group, answers [][2]int) {
	for _, a := range [][2]int{{0, 0}, {0, 1}, {0, 1}, {0, 1}, {1, 0}, {1, 0}, {1, 1}, {1, 1}} {
		c := &objective.Completion{}
		for t, state := range []int{0, 1 + a[0]} {
			c.Logp = append(c.Logp, w.logp(state)[a[t]])
			c.RefLogp = append(c.RefLogp, w.ref[state][a[t]])
			c.Dist, c.RefDist = append(c.Dist, w.logp(state)...), append(c.RefDist,
				w.ref[state][:]...)
		}
		c.OldLogp = slices.Clone(c.Logp)
		g, answers = append(g, c), append(answers, a)
	}
	return g, answers
}

// push returns the ascent direction at the logits of every state.
func (w *tree) push(o objective.Objective) (dz [3][2]float64) {
	g, answers := w.rollouts()
	for i, c := range lab.Add(o, []objective.Group{g})[0] {
		for t, state := range []int{0, 1 + answers[i][0]} {
			lp, kl := w.logp(state), 0.0
			for k, l := range lp {
				kl += math.Exp(l) * (l - w.ref[state][k])
			}
			for k, l := range lp {
				dz[state][k] += c.ExactKL[t]*math.Exp(l)*(l-w.ref[state][k]-kl) -
					c.Logp[t]*math.Exp(l)
			}
			dz[state][answers[i][t]] += c.Logp[t]
		}
	}
	return dz
}

// On fresh samples, in expectation and to rounding: the KL in the reward pushes along the slope of
// the KL(π‖π_ref) of whole answers; the exact one along that of each token's KL(π‖π_ref), what
// stands before it being as it is; k3 in the loss along that of each token's KL(π_ref‖π), which is
// another divergence.
func TestWhereTheKLPushes(t *testing.T) {
	const beta, h = 0.5, 1e-5
	// Slopes are off by about h²=1e-10 and 1e-16/h=1e-11.
	const tolerance = 1e-8
	forward := func(p, q []float64) (s float64) {
		for k := range p {
			s += math.Exp(p[k]) * (p[k] - q[k])
		}
		return s
	}
	visits := [3]float64{1, 0.5, 0.5} // the share of answers that come through a state
	w := plant()
	for form, penalty := range map[string]func() float64{
		"reward": func() float64 {
			first := w.logp(0)
			return forward(first, w.ref[0][:]) + math.Exp(first[0])*forward(w.logp(1),
				w.ref[1][:]) + math.Exp(first[1])*forward(w.logp(2), w.ref[2][:])
		},
		"exact": func() (s float64) {
			for state, share := range visits {
				s += share * forward(w.logp(state), w.ref[state][:])
			}
			return s
		},
		"loss": func() (s float64) {
			for state, share := range visits {
				s += share * forward(w.ref[state][:], w.logp(state))
			}
			return s
		},
	} {
		got := w.push(built(t, "dr_grpo", "beta", "0.5", "kl", form))
		for state := range w.z {
			for k := range w.z[state] {
				want := -beta * fd.Slope(penalty, &w.z[state][k], h)
				if math.Abs(got[state][k]-want) > tolerance {
					t.Errorf("%s: logit %d of state %d is pushed by %v, want %v", form, k, state,
						got[state][k], want)
				}
			}
		}
	}
}
