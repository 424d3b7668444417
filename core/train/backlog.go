package train

import (
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// queue lets those of the chosen prompts wait for their demonstration, if they have one, whose groups the method says.
func (c *collector) queue(chosen []int, groups []rollout.Group) {
	if c.spec.Backlog == nil {
		return
	}
	for i, seen := range rollout.Completions(groups) {
		if c.spec.Backlog(seen) && c.hasDemo(chosen[i]) {
			c.waiting = append(c.waiting, chosen[i])
		}
	}
}

// demonstrateWaiting makes a batch of the demonstrations of the prompts that have waited longest.
func (c *collector) demonstrateWaiting(size int, cost *protocol.Cost) (groups []rollout.Group) {
	for _, i := range c.waiting[:size] {
		groups = append(groups, rollout.Group{c.show(i)})
	}
	c.waiting = c.waiting[size:]
	cost.Demonstrations = max(cost.Demonstrations, c.writtenSingly()+consolidatedOf(c.values, len(c.replay)))
	return groups
}
