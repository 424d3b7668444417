package rollout

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
)

// What the sampler says of its tokens is what the scorer says of them, bit for
// bit: on the policy that sampled, every ratio is exactly one.
func TestSamplerAndScorerAgreeToTheBit(t *testing.T) {
	eachCase(t, 19, 3, func(t *testing.T, net *model.Network, r Request) {
		responses := NewSampler(net.Config, 2).Sample(net, r)
		all := sequences(r, responses)
		NewScorer(net.Config, 1).Score(net, all, Policy, 0)
		for i, seq := range all {
			if !sameBits(seq.Logp, responses[i].Logp) {
				t.Fatalf("response %d to a prompt of %d: sampled with %v, scored %v", i,
					len(seq.Prompt), responses[i].Logp, seq.Logp)
			}
			if !sameBits(seq.Entropy, responses[i].Entropy) {
				t.Fatalf("response %d: entropy %v when sampled, %v when scored", i,
					responses[i].Entropy, seq.Entropy)
			}
		}
	})
}

func TestScoreIsTheSameInAnyCompany(t *testing.T) {
	for i, c := range shapes {
		net := network(c, uint64(i))
		r := request(c, 19, 2)
		responses := NewSampler(c, 1).Sample(net, r)
		want := sequences(r, responses)
		NewScorer(c, 1).Score(net, want, Policy, objective.Dist)
		check := func(how string, workers int, score func(s *Scorer, all []*Sequence)) {
			got := sequences(r, responses)
			score(NewScorer(c, workers), got)
			for i := range got {
				if !sameBits(got[i].Logp, want[i].Logp) ||
					!sameBits(got[i].Entropy, want[i].Entropy) ||
					!sameBits(got[i].Dist, want[i].Dist) {
					t.Fatalf("%+v: %s: sequence %d has another score", c, how, i)
				}
			}
		}
		all := func(s *Scorer, all []*Sequence) { s.Score(net, all, Policy, objective.Dist) }
		check("2 workers", 2, all)
		check("3 workers", 3, all)
		for _, split := range []model.Split{{Outside: 1, Inside: 3}, {Outside: 2, Inside: 2}} {
			check("threads inside a pass", 1, func(_ *Scorer, sequences []*Sequence) {
				all(newScorer(c, split), sequences)
			})
		}
		check("one at a time", 1, func(s *Scorer, all []*Sequence) {
			for i := range all {
				s.Score(net, all[i:i+1], Policy, objective.Dist)
			}
		})
		check("backwards", 2, func(s *Scorer, all []*Sequence) {
			turned := slices.Clone(all)
			slices.Reverse(turned)
			s.Score(net, turned, Policy, objective.Dist)
		})
	}
}

func TestRolesFillTheirOwnFields(t *testing.T) {
	c := shapes[1]
	net := network(c, 1)
	r := request(c, 3, 2)
	responses := NewSampler(c, 1).Sample(net, r)
	everything := objective.Dist | objective.RefDist | objective.TeacherDist
	for role, fields := range map[Role]func(*Sequence) (own, dist []float64){
		Policy:    func(s *Sequence) ([]float64, []float64) { return s.Logp, s.Dist },
		Reference: func(s *Sequence) ([]float64, []float64) { return s.RefLogp, s.RefDist },
		Teacher:   func(s *Sequence) ([]float64, []float64) { return s.TeacherLogp, s.TeacherDist },
	} {
		for _, needs := range []objective.Needs{0, everything} {
			all := sequences(r, responses)
			NewScorer(c, 1).Score(net, all, role, needs)
			for i, s := range all {
				own, dist := fields(s)
				if !sameBits(own, responses[i].Logp) {
					t.Fatalf("role %d: sequence %d has %v, want %v", role, i, own,
						responses[i].Logp)
				}
				filled, want := 0, 1
				if needs != 0 {
					want = 2
				}
				for _, f := range [][]float64{s.Logp, s.RefLogp, s.TeacherLogp, s.Dist, s.RefDist,
					s.TeacherDist, s.OldLogp} {
					if f != nil {
						filled++
					}
				}
				if filled != want {
					t.Fatalf("role %d: %d fields are filled, want %d", role, filled, want)
				}
				if (s.Entropy != nil) != (role == Policy) {
					t.Fatalf("role %d: entropy %v", role, s.Entropy)
				}
				checkDistribution(t, s, own, dist, c.Vocab)
			}
		}
	}
}

// checkDistribution compares whole distributions with the tokens' own
// log-probabilities.
func checkDistribution(t *testing.T, s *Sequence, own, dist []float64, vocab int) {
	t.Helper()
	for step := range len(dist) / vocab {
		row := dist[step*vocab : (step+1)*vocab]
		if row[s.Response[step]] != own[step] {
			t.Fatalf("token %d: %v in the distribution, %v on its own", step, row[s.Response[step]],
				own[step])
		}
		sum, entropy := 0.0, 0.0
		for _, l := range row {
			sum += math.Exp(l)
			entropy -= math.Exp(l) * l
		}
		// Each entry is a float32 below 20 in size: at most 1e-6 off, and so is
		// its exponential relative to itself.
		if math.Abs(sum-1) > 2e-6 {
			t.Fatalf("token %d: the distribution sums to %v", step, sum)
		}
		// as above, times the size of a log-probability
		if s.Entropy != nil && math.Abs(entropy-s.Entropy[step]) > 1e-5 {
			t.Fatalf("token %d: entropy %v, by its definition %v", step, s.Entropy[step], entropy)
		}
	}
	if dist != nil && len(dist) != len(s.Response)*vocab {
		t.Fatalf("distribution of %d numbers for %d tokens", len(dist), len(s.Response))
	}
}

func TestFlattenAndCompletionsKeepTheOrder(t *testing.T) {
	a, b, c := &Sequence{}, &Sequence{}, &Sequence{}
	groups := []Group{{a, b}, {}, {c}}
	if flat := Flatten(groups); !slices.Equal(flat, []*Sequence{a, b, c}) {
		t.Errorf("flat: %v", flat)
	}
	seen := Completions(groups)
	if len(seen) != 3 || len(seen[1]) != 0 || seen[0][1] != &b.Completion ||
		seen[2][0] != &c.Completion {
		t.Errorf("a method would see %v", seen)
	}
}
