package method

import (
	"fmt"
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// entry is what the tests know about a method, independently of how it is built here.
type entry struct {
	// objective is the method's objective written a second time, from the paper, in plain float64.
	// It looks at a batch and returns the function to maximise, which is then called with the
	// policy changed a little. What the paper holds fixed (a stop-gradient) is computed before
	// returning.
	objective func(v param.Values, batch []objective.Group) func() float64
	// mutants break the method on purpose, so that the objective is itself checked: each mistake
	// must be noticed.
	mutants mutants
	// baseline says that rewards only count relative to those of the same prompt.
	baseline bool
	// bits is the digest of the coefficients on fixed batches: see TestSameBitsEverywhere.
	bits string
}

var textbook = map[string]entry{}

// enter adds a method's entry. The entry of name.go stands in name_test.go.
func enter(name string, e entry) struct{} {
	if _, ok := textbook[name]; ok {
		panic("two textbook entries for " + name)
	}
	textbook[name] = e
	return struct{}{}
}

// clipped returns the sum over a completion's tokens of PPO's clipped objective, less the k3
// penalty, plus the bonus.
func clipped(v param.Values, c *objective.Completion, advantage float64) (s float64) {
	return clippedEach(v, c, func(int) float64 { return advantage })
}

// clippedEach is clipped with an advantage for every token.
func clippedEach(v param.Values, c *objective.Completion,
	advantage func(t int) float64) (s float64) {
	lo, hi := 1-v.Float("eps_low"), 1+v.Float("eps_high")
	for t, lp := range c.Logp {
		ratio, a := math.Exp(lp-c.OldLogp[t]), advantage(t)
		s += dual(v, math.Min(ratio*a, math.Max(lo, math.Min(hi, ratio))*a), a)
	}
	return s + bonusLessKL(v, c)
}

// dual bounds a clipped term from below if the advantage is negative (arXiv:1912.09729 eq. 5).
func dual(v param.Values, term, advantage float64) float64 {
	if c := v.Float("dual_clip"); c > 0 && advantage < 0 {
		return math.Max(term, c*advantage)
	}
	return term
}

// bonusLessKL returns the entropy bonus less the KL that is not in the reward, summed over tokens.
func bonusLessKL(v param.Values, c *objective.Completion) float64 {
	s := 0.0
	if v.Has("entropy") {
		s = v.Float("entropy") * lab.Total(c.Entropy)
	}
	for t, lp := range c.Logp {
		switch objective.KLForm(v) {
		case "loss":
			logInverse := c.RefLogp[t] - lp
			s -= v.Float("beta") * (math.Exp(logInverse) - logInverse - 1)
		case "exact":
			s -= v.Float("beta") * klExact(c, t)
		}
	}
	return s
}

// zscores returns the advantages of GRPO.
func zscores(b []objective.Group) func(g, i int) float64 {
	return func(g, i int) float64 {
		m, std := meanStd(b[g])
		return (b[g][i].Reward - m) / (std + 1e-4)
	}
}

// meanStd returns the mean and the population standard deviation of the rewards of a group's
// rollouts.
func meanStd(g objective.Group) (mean, std float64) {
	n, square := 0.0, 0.0
	for _, c := range g {
		if c.Source == objective.Rollout {
			mean, n = mean+c.Reward, n+1
		}
	}
	mean /= n
	for _, c := range g {
		if c.Source == objective.Rollout {
			square += (c.Reward - mean) * (c.Reward - mean)
		}
	}
	return mean, math.Sqrt(square / n)
}

// A method without a textbook objective fails; it is never skipped.
func TestCoefficientsAreTheSlopesOfTheTextbook(t *testing.T) {
	for _, m := range All() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			entry, ok := textbook[m.Name]
			if !ok {
				t.Fatal("no textbook objective: write it from the paper in " + m.Name + "_test.go")
			}
			random := func(seed uint64) param.Values { return randomised(m, seed) }
			if err := lab.Disagree(m.Build, entry.objective, random, lab.ManyBatches); err != nil {
				t.Errorf("random knobs: %v", err)
			}
			settings := map[string]func(uint64) param.Values{"defaults": lab.Always(m.Defaults())}
			for _, v := range everyKL(m) {
				settings[fmt.Sprint("everything on: ", v.Changed())] = lab.Always(v)
			}
			for name, settings := range settings {
				if err := lab.Disagree(m.Build, entry.objective, settings,
					lab.ManyBatches/3); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
}

func TestTextbookNamesAreMethods(t *testing.T) {
	for name := range textbook {
		if _, err := Lookup(name); err != nil {
			t.Error(err)
		}
	}
}
