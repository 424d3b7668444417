package gradient

import (
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// batch returns groups of responses to prompts, with random coefficients. Some sequences have
// none, and neither have the first ones, which make a whole shard.
func batch(c model.Config, groups, group int) ([]*rollout.Sequence, objective.Coeffs) {
	rng := num.NewRand(1, "test", "gradient")
	draw := func(n int) []int32 {
		tokens := make([]int32, n)
		for i := range tokens {
			tokens[i] = int32(rng.IntN(c.Vocab))
		}
		return tokens
	}
	var sequences []*rollout.Sequence
	var seen []objective.Group
	for range groups {
		prompt, all := draw(1+rng.IntN(9)), objective.Group{}
		for range group {
			s := &rollout.Sequence{Prompt: prompt, Response: draw(1 + rng.IntN(12))}
			s.Logp = make([]float64, len(s.Response))
			sequences, all = append(sequences, s), append(all, &s.Completion)
		}
		seen = append(seen, all)
	}
	coeffs := objective.NewCoeffs(seen)
	for i, coeff := range slices.Concat(coeffs...) {
		if i < len(sequences)/shards || i%5 == 3 {
			continue
		}
		for t := range coeff.Logp {
			coeff.Logp[t], coeff.Entropy[t], coeff.Value[t] = rng.Norm(), rng.Norm(), rng.Norm()
		}
	}
	return sequences, coeffs
}

// The gradient has the same bits on any number of threads, over sequences and inside a pass. At
// most one copy more than there are workers is held of it.
func TestAnyUseOfThreadsGivesTheSameBits(t *testing.T) {
	c := model.Config{Vocab: 12, Dim: 40, Layers: 2, Heads: 2, Hidden: 70, Context: 24}
	sequences, coeffs := batch(c, 5, 7)
	for _, kind := range []struct {
		outputs
		model.Config
	}{{logits, c}, {values, c.Scalar()}} {
		params := model.NewParams(kind.Config)
		params.Init(3)
		params.InitHead(3, "head")
		n := model.NewNetwork(params)
		want := definition(n, kind.outputs, sequences, coeffs, 1)
		for _, outside := range []int{1, 2, 3, 8} {
			for _, inside := range []int{1, 2, 3, 8} {
				split := model.Split{Outside: outside, Inside: inside}
				g := newSplit(kind.Config, kind.outputs, split)
				for range 2 {
					if got := g.Compute(n, sequences, coeffs).Digest(); got != want {
						t.Fatalf("%d passes at a time, %d threads each: gradient %.8s, want %.8s",
							outside, inside, got, want)
					}
				}
				nothing := g.Compute(n, nil, objective.NewCoeffs(nil)).Data
				if slices.Max(nothing) != 0 || slices.Min(nothing) != 0 {
					t.Error("the gradient of nothing is not zero")
				}
			}
		}
	}
}

// The gradient of a batch is, to the bit, the one that is accumulated over parts of it of any size:
// one sequence at a time, two, three, or all of a shard at once. So gradient accumulation is no
// setting.
func TestAccumulatedIsTheSameToTheBit(t *testing.T) {
	c := model.Config{Vocab: 12, Dim: 40, Layers: 2, Heads: 2, Hidden: 70, Context: 24}
	sequences, coeffs := batch(c, 12, 7) // more than eight to a shard
	params := model.NewParams(c)
	params.Init(3)
	n := model.NewNetwork(params)
	want := Policy(c, 1).Compute(n, sequences, coeffs).Digest()
	for _, size := range []int{1, 2, 3, len(sequences)} {
		if got := definition(n, logits, sequences, coeffs, size); got != want {
			t.Errorf("accumulated over parts of %d: gradient %.8s, want %.8s", size, got, want)
		}
	}
}

// definition returns the digest of the sum that a step is defined as: shards in order, each the sum
// of its sequences in order, which pass through the network in parts of a size.
func definition(n *model.Network, o outputs, sequences []*rollout.Sequence,
	coeffs objective.Coeffs, size int) string {
	flat, total := slices.Concat(coeffs...), model.NewParams(n.Config)
	w := worker{tape: model.NewTape(n.Config, true), ref: make([]float32, n.Config.Vocab)}
	for shard := range shards {
		part, items := model.NewParams(n.Config), []item(nil)
		for i := shard * len(flat) / shards; i < (shard+1)*len(flat)/shards; i++ {
			if o.reached(flat[i]) {
				items = append(items, item{sequences[i], flat[i]})
			}
		}
		for some := range slices.Chunk(items, size) {
			w.backward(n, o, part, some)
		}
		num.Add(total.Data, part.Data)
	}
	return total.Digest()
}

// A large model's threads share its passes, a small one's take sequences each.
func TestSplitFollowsTheSize(t *testing.T) {
	small := model.Config{Vocab: 32, Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 48}
	medium := model.Config{Vocab: 32, Dim: 128, Layers: 4, Heads: 4, Hidden: 344, Context: 64}
	full := model.Config{Vocab: 128, Dim: 256, Layers: 6, Heads: 8, Hidden: 688, Context: 128}
	for _, c := range []struct {
		shape   model.Config
		threads int
		want    model.Split
	}{
		{small, 1, model.Split{Outside: 1, Inside: 1}},
		{small, 3, model.Split{Outside: 3, Inside: 1}},
		{small, 16, model.Split{Outside: 8, Inside: 1}},
		{medium, 4, model.Split{Outside: 4, Inside: 1}},
		{medium, 16, model.Split{Outside: 8, Inside: 2}},
		{full, 1, model.Split{Outside: 1, Inside: 1}},
		{full, 16, model.Split{Outside: 1, Inside: 16}},
	} {
		if got := c.shape.Split(c.threads, shards); got != c.want {
			t.Errorf("%d weights on %d threads: %+v, want %+v", c.shape.Weights(), c.threads, got,
				c.want)
		}
	}
}
