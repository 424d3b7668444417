package train

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/rollout"
)

// softened returns the log-probabilities of a distribution (V) at a temperature, from those at
// temperature 1.
func softened(logp []float32, temp float64) []float64 {
	out, total := make([]float64, len(logp)), 0.0
	for j, l := range logp {
		out[j] = float64(l) / temp
		total += math.Exp(out[j])
	}
	for j := range out {
		out[j] -= math.Log(total)
	}
	return out
}

// Whatever a method pushes, its gradient is that of the policy at the temperature at which the
// stage scores: the slope along random directions of an objective in log-probabilities, entropies
// and KLs that is computed from the logits at temperature 1.
func TestTheGradientIsThatOfTheScoredPolicy(t *testing.T) {
	for _, c := range []struct {
		settings []string
		temp     float64
	}{
		{[]string{"temp=1.5"}, 1.5},
		{[]string{"temp=0.6"}, 0.6},
		{[]string{"temp=1.5", "tempered=false"}, 1},
	} {
		lane := testLane(t, append([]string{"grpo", "steps=3", "batch=4", "lr=0.01", "kl=exact",
			"beta=0.1"}, c.settings...))
		s, rng := session(t, lane, 1), num.NewRand(1, "test", "coefficients")
		advanceTo(t, s, updating)
		// opinions that stand out from rounding, and from the reference model's
		for i := range s.policy.Data {
			s.policy.Data[i] += float32(0.1 * rng.Norm())
		}
		s.policy.network.Refresh()
		s.stage.score()
		coeffs := objective.NewCoeffs(s.batch.seen)
		for _, group := range coeffs {
			for _, x := range group {
				for k := range x.Logp {
					x.Logp[k], x.Entropy[k], x.ExactKL[k] = rng.Norm(), rng.Norm(), rng.Norm()
				}
			}
		}
		objective := func() (j float64) {
			s.policy.network.Refresh()
			flat := rollout.Flatten(s.batch.groups)
			rollout.NewScorer(s.policy.Config, 1).Each(s.policy.network, flat,
				func(i int, logp, _ []float32) {
					seq, x := flat[i], coeffs[i/8][i%8]
					for k := range x.Logp {
						vocab := s.policy.Config.Vocab
						p := softened(logp[k*vocab:(k+1)*vocab], c.temp)
						j += x.Logp[k] * p[seq.Response[k]]
						for v, l := range p {
							j += math.Exp(l) * (x.ExactKL[k]*(l-seq.RefDist[k*vocab+v]) -
								x.Entropy[k]*l)
						}
					}
				})
			return j
		}
		gradient := s.gradients.Compute(s.stage.tempered(s.policy.network), s.batch.flat,
			coeffs).Data
		for try := range uint64(3) {
			along(t, c.settings, s, gradient, objective, num.NewRand(try, "test", "direction"))
		}
	}
}

// along compares a gradient with the difference of an objective along a random direction, over a
// step that is as long as in the tests of package model.
func along(t *testing.T, settings []string, s *Session, gradient []float32,
	objective func() float64, rng num.Rand) {
	t.Helper()
	const h = 1. / 256
	direction, slope := make([]float32, len(gradient)), 0.0
	for i := range direction {
		direction[i] = float32(rng.Norm())
	}
	norm := optim.Norm(direction)
	for i := range direction {
		direction[i] /= float32(norm)
		slope += float64(direction[i]) * float64(gradient[i])
	}
	at := func(step float32) float64 {
		saved := append([]float32(nil), s.policy.Data...)
		for i, d := range direction {
			s.policy.Data[i] += step * d
		}
		j := objective()
		copy(s.policy.Data, saved)
		s.policy.network.Refresh()
		return j
	}
	if difference := (at(h) - at(-h)) / (2 * h); math.Abs(difference-
		slope) > 2e-3*(optim.Norm(gradient)+math.Abs(slope)) {
		t.Errorf("%v: the gradient says %v along a direction, differences %v", settings, slope,
			difference)
	}
}

// A policy's samples push it nowhere when all are worth the same: the mean of ∇log π over them
// vanishes, up to luck. It does so at any temperature, but not where probabilities are those of
// another temperature than the one they were sampled at.
func TestSamplesOfEqualWorthPushNowhere(t *testing.T) {
	mean := func(settings ...string) float64 {
		s := session(t, testLane(t,
			append([]string{"reinforce", "steps=1", "batch=256", "group=8"}, settings...)), 2)
		advanceTo(t, s, updating)
		coeffs := objective.NewCoeffs(s.batch.seen)
		for _, group := range coeffs {
			for _, x := range group {
				for k := range x.Logp {
					x.Logp[k] = 1. / float64(len(s.batch.flat))
				}
			}
		}
		return optim.Norm(s.gradients.Compute(s.stage.tempered(s.policy.network), s.batch.flat,
			coeffs).Data)
	}
	luck := mean("temp=1")
	for _, temp := range []string{"temp=0.5", "temp=1.5"} {
		if got := mean(temp); got > 2*luck {
			t.Errorf("%s: the mean of ∇log π is %v long, at temperature 1 %v", temp, got, luck)
		}
		if got := mean(temp, "tempered=false"); got < 4*luck {
			t.Errorf("%s, tempered=false: the mean of ∇log π is %v long, at temperature 1 %v: "+
				"want more, since other probabilities are pushed", temp, got, luck)
		}
	}
}
