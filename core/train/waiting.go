package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// waiting is the queue of training prompts whose demonstrations will make up a later batch. nil
// means that the method has no such queue.
type waiting struct {
	wants   func(objective.Group) bool // reports whether the prompt of a group joins the queue
	prompts []int                      // the numbers of the prompts, the oldest first
}

// queue adds those of the chosen prompts that join the queue and have a demonstration. groups[i]
// has the rollouts of prompt chosen[i].
func (w *waiting) queue(s *sources, chosen []int, groups []rollout.Group) {
	if w == nil {
		return
	}
	for i, seen := range rollout.Completions(groups) {
		if w.wants(seen) && s.demonstrated.has(chosen[i]) {
			w.prompts = append(w.prompts, chosen[i])
		}
	}
}

// full reports whether the queue has enough prompts for a batch of this size.
func (w *waiting) full(size int) bool { return w != nil && len(w.prompts) >= size }

// batch removes the oldest prompts from the queue and returns their demonstrations, each in a group
// of its own.
func (w *waiting) batch(s *sources, size int, l *ledger) (groups []rollout.Group) {
	for _, i := range w.prompts[:size] {
		l.demonstration(i)
		groups = append(groups, rollout.Group{s.demonstrate(i)})
	}
	w.prompts = slices.Clone(w.prompts[size:])
	return groups
}
