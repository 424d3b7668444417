package train

import (
	"fmt"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// pool is what a method with a [objective.Pool] has kept of its own right answers.
type pool struct {
	open   bool      // it may be drawn from
	solved []*Answer // for every training prompt; nil where there is none, and all nil before the first
}

// drawPool chooses the prompts of a batch that come from the pool: each by its weight, how many were right at its visit, then
// any of those.
func (c *collector) drawPool(batch, size int) (drawn []int) {
	if !c.open {
		return nil
	}
	group := c.spec.Group
	buckets := make([][]int, group) // by the number of right answers
	for i, a := range c.solved {
		if a != nil {
			buckets[a.Right] = append(buckets[a.Right], i)
		}
	}
	r := num.NewRand(c.lane.Seed, "pool", fmt.Sprintf("%s/%d", c.lane.Task.Name, c.stage), uint64(batch))
	for range int(math.Round(c.spec.Pool.Share * float64(size))) {
		total := 0.0
		for k, bucket := range buckets {
			if len(bucket) > 0 {
				total += c.spec.Pool.Weight(k, group)
			}
		}
		if total == 0 {
			break
		}
		at, chosen := float64(r.Float64()*total), -1
		for k, bucket := range buckets {
			if len(bucket) > 0 && (chosen < 0 || at >= 0) {
				chosen = k
				at -= c.spec.Pool.Weight(k, group)
			}
		}
		i := r.IntN(len(buckets[chosen]))
		drawn = append(drawn, buckets[chosen][i])
		buckets[chosen] = slices.Delete(buckets[chosen], i, i+1)
	}
	return drawn
}

// replayPool puts the kept answers beside the rollouts of the last of the chosen prompts, which came from the pool, and then
// keeps what the rollouts of all chosen prompts offer.
func (c *collector) replayPool(chosen []int, drawn int, groups []rollout.Group) {
	if c.spec.Pool == nil {
		return
	}
	for g := len(chosen) - drawn; g < len(chosen); g++ {
		old := c.revive(*c.solved[chosen[g]])
		old.Source = objective.Replayed
		groups[g] = append(groups[g], old)
	}
	right, all := 0, 0
	for g, i := range chosen {
		right += c.experience(i, groups[g])
		all += c.spec.Group
	}
	c.open = c.open || float64(right) > c.spec.Pool.Start*float64(all)
}

// experience keeps the surest right answer to training prompt i while only some are right, and says how many are.
func (c *collector) experience(i int, group rollout.Group) (right int) {
	var surest *Answer
	if c.solved != nil {
		surest = c.solved[i]
	}
	for _, s := range group {
		if s.Source != objective.Rollout || !objective.Correct(&s.Completion) {
			continue
		}
		right++
		if a := answer(i, s); surest == nil || doubt(&a) < doubt(surest) {
			surest = &a
		}
	}
	switch {
	case right == c.spec.Group && c.solved != nil:
		c.solved[i] = nil
	case right > 0 && right < c.spec.Group:
		surest.Right = right
		c.pooled(*surest)
	}
	return right
}

// pooled gives an answer its place.
func (c *collector) pooled(a Answer) {
	if c.solved == nil {
		c.solved = make([]*Answer, len(c.prompts))
	}
	c.solved[a.Prompt] = &a
}

// doubt is the mean entropy of an answer's tokens, in nats.
func doubt(a *Answer) (h float64) {
	for _, x := range a.Entropy {
		h += x
	}
	return h / float64(len(a.Entropy))
}
