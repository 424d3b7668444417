package train

import (
	"math/bits"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/rollout"
)

// randomGroup returns rollouts of unequal lengths, with rewards that are often alike.
func randomGroup(r *num.Rand) (group rollout.Group) {
	for range 1 + r.IntN(7) {
		group = append(group, &rollout.Sequence{
			Completion: objective.Completion{Reward: []float64{float64(r.IntN(2)),
				float64(r.IntN(4)) / 4}[r.IntN(2)]},
			Response: make([]int32, 1+r.IntN(5)),
		})
	}
	return group
}

// Of all subsets of a size, each rule marks one that is best by its own measure, which is written
// here once more.
func TestRulesMarkTheBestSubset(t *testing.T) {
	measures := map[string]func([]*rollout.Sequence) float64{
		"pods": func(g []*rollout.Sequence) float64 {
			mean, variance := 0.0, 0.0
			for _, s := range g {
				mean += s.Reward / float64(len(g))
			}
			for _, s := range g {
				variance += (s.Reward - mean) * (s.Reward - mean)
			}
			return variance
		},
		"gfpo": func(g []*rollout.Sequence) (less float64) {
			for _, s := range g {
				less -= float64(len(s.Response))
			}
			return less
		},
		"gfpo_rate": func(g []*rollout.Sequence) (rates float64) {
			for _, s := range g {
				rates += s.Reward / float64(len(s.Response))
			}
			return rates
		},
	}
	for _, rule := range keepRules[1:] {
		measure := measures[rule.name]
		for i := range uint64(300) {
			r := num.NewRand(i, "test", rule.name)
			group := randomGroup(&r)
			keep := 1 + r.IntN(len(group))
			marked := rule.mark(slices.Clone(group), keep)
			if len(marked) != keep {
				t.Fatalf("%s marks %d, want %d", rule.name, len(marked), keep)
			}
			for set := range uint(1) << len(group) {
				if bits.OnesCount(set) != keep {
					continue
				}
				var other []*rollout.Sequence
				for j, s := range group {
					if set>>j&1 == 1 {
						other = append(other, s)
					}
				}
				// sums of a few numbers of size 1
				if got, better := measure(marked), measure(other); better > got+1e-12 {
					t.Fatalf("%s leaves %v, and there is %v", rule.name, got, better)
				}
			}
		}
	}
}

// With right and wrong answers alone, half of what is left is right, if there are enough.
func TestWidestBalancesRightAndWrong(t *testing.T) {
	for right := range 9 {
		var group rollout.Group
		for i := range 8 {
			s := &rollout.Sequence{Response: make([]int32, 1)}
			if i < right {
				s.Reward = 1
			}
			group = append(group, s)
		}
		got := 0
		for _, s := range widest(group, 4) {
			got += int(s.Reward)
		}
		if want := max(4-(8-right), min(2, right)); got != want {
			t.Errorf("of 8 answers, %d of them right, it leaves %d right ones among 4, want %d",
				right, got, want)
		}
	}
}

// Greedy answers and demonstrations stay, order is kept, and what the metrics and the curriculum
// see is all that was sampled.
func TestDownsamplingLeavesOutRolloutsAlone(t *testing.T) {
	for _, name := range []string{"remax", "luffy"} {
		s := session(t, testLane(t,
			[]string{name, "batch=8", "group=6", "downsample=gfpo", "keep=2", "prompts=band"}), 1)
		b := s.gather(t, 0)
		groups, sampled := b.groups, b.sampled
		if len(sampled) != 8*6 {
			t.Errorf("%s: %d rollouts are shown, want all 48", name, len(sampled))
		}
		for _, group := range groups {
			var sources []objective.Source
			for _, seq := range group {
				sources = append(sources, seq.Source)
			}
			last := map[string]objective.Source{"remax": objective.Greedy,
				"luffy": objective.Demo}[name]
			if want := []objective.Source{objective.Rollout, objective.Rollout,
				last}; !slices.Equal(sources, want) {
				t.Fatalf("%s: a group of %v, want %v", name, sources, want)
			}
			at := func(seq *rollout.Sequence) int { return slices.Index(sampled, seq) }
			if at(group[0]) >= at(group[1]) {
				t.Fatalf("%s: rollouts in another order", name)
			}
		}
	}
}

// Nothing changes when as many are kept as there are, and something does when not.
func TestKeepingAllIsNoDownsampling(t *testing.T) {
	plain := []string{"grpo", "steps=3", "batch=8", "lr=0.01", "group=4"}
	digest := func(settings ...string) string {
		s := session(t, testLane(t, append(slices.Clone(plain), settings...)), 2)
		run(t, s)
		return s.Weights().Digest()
	}
	want := digest()
	for _, rule := range keepRules[1:] {
		if digest("downsample="+rule.name, "keep=4") != want {
			t.Errorf("%s with keep=4 of 4 changes something", rule.name)
		}
		if digest("downsample="+rule.name, "keep=2") == want {
			t.Errorf("%s with keep=2 of 4 changes nothing", rule.name)
		}
	}
}

func TestDownsamplingLeavesNoTrace(t *testing.T) {
	for _, rule := range keepRules[1:] {
		leavesNoTrace(t, testLane(t,
			[]string{"dapo", "steps=5", "batch=8", "lr=0.01", "epochs=2", "downsample=" + rule.name,
				"keep=3"}, []string{"luffy", "steps=2", "batch=8", "downsample=" + rule.name}))
	}
}

// It is offered to whatever it can change: methods that sample afresh and see the verifier's
// rewards.
func TestDownsamplingIsOfferedWhereItActs(t *testing.T) {
	for _, m := range method.All() {
		c := m.Collect(m.Defaults())
		want := c.Group > 0 && c.Buffer == nil && c.Label == objective.Unlabelled &&
			c.RewardModel == nil && c.Hint == nil
		if got := param.Defaults(MethodKnobs(m)).Has("downsample"); got != want {
			t.Errorf("%s: downsample is offered: %v, want %v", m.Name, got, want)
		}
	}
}
