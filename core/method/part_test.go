package method

import (
	"math"
	"slices"
	"testing"

	"posttrain/core/param"
)

// trimmed are the batch's completions as they would be if what is left out had never been.
func trimmed(batch []Group, keep func(c *Completion) (from, to int)) []Group {
	out := cloneBatch(batch)
	for _, group := range out {
		for _, c := range group {
			from, to := keep(c)
			n := c.Len()
			for _, f := range c.fields() {
				width := 1
				if len(*f.values) > n {
					width = labVocab
				}
				*f.values = slices.Clone((*f.values)[from*width : to*width])
			}
			c.Given = 0
		}
	}
	return out
}

// objectives write every channel: the clipped row with its KL and bonus, a critic's loss, whole distributions.
func objectives() map[string]Objective {
	v := mustDefaults("grpo")
	return map[string]Objective{
		"row":    proximal(v, Row{Advantage: InGroup(Rollout, Reward, ZScore), Reduce: TokenMean}),
		"bonus":  EntropyBonus{SeqMean},
		"critic": ValueLoss{Advantage: gae(1, 0.95, 0), Clip: 0.2},
		"dense":  Dense{From: Rollout, Reduce: TokenMean, Requires: TeacherDist, Weights: func(c *Completion, t int) []float64 { return probabilities(at(c.TeacherDist, c, t), 1) }},
	}
}

// After a hint, an objective is to the bit what it would be if the hint had been part of the prompt.
func TestSampledPartsAreAsIfTheHintWereThePrompt(t *testing.T) {
	for name, o := range objectives() {
		for seed := range uint64(50) {
			b := newLab(seed, param.Values{}).batch
			got := coeffs(Parted{Sampled: o}, b)
			want := coeffs(o, trimmed(b, func(c *Completion) (from, to int) { return c.Given, c.Len() }))
			checkParts(t, name, seed, b, got, want, func(c *Completion) int { return c.Given })
		}
	}
}

// On a hint, an objective of demonstrations is to the bit what it would be on demonstrations that are the hints.
func TestGivenPartsAreDemonstrations(t *testing.T) {
	for name, o := range map[string]Objective{"tokens": Row{From: Demo, Reduce: TokenMean}, "sequences": Row{From: Demo, Reduce: SeqMean}} {
		for seed := range uint64(50) {
			b := newLab(seed, param.Values{}).batch
			hints := trimmed(b, func(c *Completion) (from, to int) { return 0, c.Given })
			for g, group := range hints {
				for i, c := range group {
					c.Source = Chosen // neither a demonstration nor a rollout
					if b[g][i].Given > 0 {
						c.Source = Demo
					}
				}
			}
			got, want := coeffs(Parted{Given: o}, b), coeffs(o, hints)
			checkParts(t, name, seed, b, got, want, func(*Completion) int { return 0 })
			if needs := (Parted{Given: o}).Needs(); needs != Rollouts {
				t.Errorf("needs %v", needs)
			}
		}
	}
}

// checkParts compares coefficients with those of the parts, each from a token on; elsewhere there is nothing.
func checkParts(t *testing.T, name string, seed uint64, batch []Group, got, want Coeffs, from func(*Completion) int) {
	t.Helper()
	for g := range got {
		for i, c := range batch[g] {
			for k, x := range channels(got[g][i]) {
				part, at := channels(want[g][i])[k], from(c)
				if k == 4 {
					at *= labVocab
				}
				for j, v := range x {
					wanted := 0.0
					if j >= at && j-at < len(part) {
						wanted = part[j-at]
					}
					if math.Float64bits(v) != math.Float64bits(wanted) {
						t.Fatalf("%s, seed %d, [%d][%d], channel %d: %v at %d, want %v", name, seed, g, i, k, v, j, wanted)
					}
				}
				if len(x) < len(part) {
					t.Fatalf("%s, seed %d, [%d][%d], channel %d: nothing", name, seed, g, i, k)
				}
			}
		}
	}
}

// What explains parts explains their coefficients, whichever side they come from, and has nothing to say of other tokens.
func TestPartsExplainThemselves(t *testing.T) {
	r := Row{From: Rollout, Advantage: InGroup(Rollout, Reward, ZScore), Reduce: TokenMean}
	d := Row{From: Demo, Reduce: TokenMean}
	for _, o := range []Parted{{Sampled: r}, {Given: d}, {r, d}, {EntropyBonus{}, d}} {
		for seed := range uint64(20) {
			b := newLab(seed, param.Values{}).batch
			for g, group := range b {
				for i, c := range group {
					why, total := o.Explain(b, g, i), coeffs(o, b)[g][i].Logp
					if c.Source != Rollout && why != nil {
						t.Fatalf("seed %d: explains a %v", seed, c.Source)
					}
					for k := range total {
						if why == nil && total[k] != 0 || why != nil && why[k].Coefficient != total[k] {
							t.Fatalf("seed %d, [%d][%d], token %d of %+v: explains %v, the coefficient is %v", seed, g, i, k, o, why, total[k])
						}
					}
				}
			}
		}
	}
}
