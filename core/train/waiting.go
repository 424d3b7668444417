package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// waiting holds the training prompts that wait for their demonstration. nil means that none ever
// waits.
type waiting struct {
	wants   func(objective.Group) bool // reports whether the prompt of a group has to wait
	prompts []int                      // their numbers; the one that has waited longest comes first
}

// queue lets those of the chosen prompts wait that have to and have a demonstration.
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

// full reports whether enough prompts wait for a batch of this size.
func (w *waiting) full(size int) bool { return w != nil && len(w.prompts) >= size }

// batch returns the demonstrations of the prompts that have waited longest.
func (w *waiting) batch(s *sources, size int, l *ledger) (groups []rollout.Group) {
	for _, i := range w.prompts[:size] {
		l.demonstration(i)
		groups = append(groups, rollout.Group{s.demonstrate(i)})
	}
	w.prompts = slices.Clone(w.prompts[size:])
	return groups
}
