package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/objective"
)

// clipCount counts the tokens that the clip stops in the later updates with a batch. It looks
// at the first rollout of each group, which is enough to tell the share over a lane. What the
// objective leaves out for other reasons is left out in the first update too, in which no
// policy has moved yet, so only the tokens that pass there are counted.
type clipCount struct {
	open    [][]bool // by group and token of its first rollout, whether the first update uses it
	tokens  int      // those in use at first; 0 in the first update
	clipped int      // those of them that the newest update does not use
}

// look takes up what the objective does with the batch in the next update with it. The coefficients
// must have been computed.
func (c *clipCount) look(o objective.Objective, seen []objective.Group) {
	explainer, ok := o.(objective.Explainer)
	if !ok {
		return
	}
	first := c.open == nil
	if first {
		c.open = make([][]bool, len(seen))
	}
	c.tokens, c.clipped = 0, 0
	for g, group := range seen {
		i := slices.IndexFunc(group, func(r *objective.Completion) bool {
			return r.Source == objective.Rollout
		})
		if i < 0 {
			continue
		}
		for t, f := range explainer.Explain(seen, g, i) {
			switch {
			case first:
				c.open[g] = append(c.open[g], f.Mask != 0 && f.Advantage != 0 && !f.Paired)
			case t < len(c.open[g]) && c.open[g][t]: // none is open where imitation came first
				c.tokens++
				if f.Mask == 0 {
					c.clipped++
				}
			}
		}
	}
}
