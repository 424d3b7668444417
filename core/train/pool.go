package train

import (
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// pool keeps right answers of the policy, to be learned from again (see [objective.Pool]). nil
// means that none are kept.
type pool struct {
	spec    objective.Pool
	streams streams
	group   int       // rollouts of a prompt
	open    bool      // whether prompts are drawn from the pool yet
	solved  []*Answer // the kept answer to each training prompt; nil if there is none
}

// draw returns the numbers of those prompts of a batch that come from the pool. It sorts the
// prompts of the pool by how many rollouts were right at the latest visit, draws one of these
// numbers by the method's weights, and then one of its prompts, all alike.
func (p *pool) draw(batch, size int) (drawn []int) {
	if p == nil || !p.open {
		return nil
	}
	buckets := make([][]int, p.group) // by the number of right answers
	for i, a := range p.solved {
		if a != nil {
			buckets[a.Right] = append(buckets[a.Right], i)
		}
	}
	r := p.streams.ofStage(poolStream, uint64(batch))
	for range int(math.Round(p.spec.Share * float64(size))) {
		total := 0.0
		for k, bucket := range buckets {
			if len(bucket) > 0 {
				total += p.spec.Weight(k, p.group)
			}
		}
		if total == 0 {
			break
		}
		at, chosen := float64(r.Float64()*total), -1
		for k, bucket := range buckets {
			if len(bucket) > 0 && (chosen < 0 || at >= 0) {
				chosen = k
				at -= p.spec.Weight(k, p.group)
			}
		}
		i := r.IntN(len(buckets[chosen]))
		drawn = append(drawn, buckets[chosen][i])
		buckets[chosen] = slices.Delete(buckets[chosen], i, i+1)
	}
	return drawn
}

// replay adds the kept answers to the groups of the prompts that came from the pool, which are the
// last drawn ones of chosen. Then it updates the pool by the rollouts of all chosen prompts.
func (p *pool) replay(s *sources, chosen []int, drawn int, groups []rollout.Group) {
	if p == nil {
		return
	}
	for g := len(chosen) - drawn; g < len(chosen); g++ {
		old := s.sequence(*p.solved[chosen[g]])
		old.Source = objective.Replayed
		groups[g] = append(groups[g], old)
	}
	right, all := 0, 0
	for g, i := range chosen {
		right += p.visit(i, groups[g])
		all += p.group
	}
	p.open = p.open || float64(right) > p.spec.Start*float64(all)
}

// visit updates the kept answer to training prompt i by the prompt's rollouts, and returns how many
// of them are right. It keeps the right answer with the lowest mean entropy. It drops the answer
// once all rollouts are right.
func (p *pool) visit(i int, group rollout.Group) (right int) {
	surest := p.solved[i]
	for _, s := range group {
		if s.Source != objective.Rollout || !objective.Correct(&s.Completion) {
			continue
		}
		right++
		if a := newAnswer(i, s); surest == nil || meanEntropy(&a) < meanEntropy(surest) {
			surest = &a
		}
	}
	switch {
	case right == p.group:
		p.solved[i] = nil
	case right > 0 && right < p.group:
		kept := *surest
		kept.Right = right
		p.solved[i] = &kept
	}
	return right
}

// meanEntropy returns the mean entropy of an answer's tokens, in nats.
func meanEntropy(a *Answer) (h float64) {
	for _, x := range a.Entropy {
		h += x
	}
	return h / float64(len(a.Entropy))
}
