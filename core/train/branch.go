package train

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// search looks for the start of a demonstration after which a prompt's rollouts succeed now and then.
type search struct {
	prompt    int     // among the training prompts
	demo      []int32 // without its End
	episodes  int     // into which it is cut
	low, high int     // cuts: at low the rollouts fail too often; what was found, if anything, is at high
	found     rollout.Group
	within    bool // found is in the band, and not beyond it
}

// given is the part of the demonstration before the cut in the middle of what is left to search.
func (s *search) given() []int32 {
	return s.demo[:(s.low+s.high)/2*len(s.demo)/s.episodes]
}

// see goes on to the half in which the answer must be.
func (s *search) see(group rollout.Group, b *objective.Branch) {
	rate, cut := success(group), (s.low+s.high)/2
	if rate < b.Low {
		s.low = cut
		return
	}
	s.high = cut
	if in := rate <= b.High; in || !s.within {
		s.found, s.within = group, in
	}
}

// success is the share of a group's rollouts that are right.
func success(group rollout.Group) float64 {
	right := 0
	for _, s := range group {
		if objective.Correct(&s.Completion) {
			right++
		}
	}
	return float64(right) / float64(len(group))
}

// branch replaces every group of which all rollouts fail by one that begins with a hint, where one is found.
func (c *collector) branch(policy *policy, chosen []int, batch int, groups []rollout.Group, cost *protocol.Cost) {
	b := c.spec.Hint.Branch
	searches := make([]*search, len(groups)) // nil where none is wanted
	for g, group := range groups {
		if success(group) == 0 {
			demo := c.demonstrated(chosen[g])
			episodes := min(b.Episodes, len(demo))
			searches[g] = &search{prompt: chosen[g], demo: demo, episodes: episodes, high: episodes}
		}
	}
	for round := 0; ; round++ {
		var open []*search
		var starts []start
		for _, s := range searches {
			if s != nil && s.high-s.low > 1 {
				open, starts = append(open, s), append(starts, c.hint(s.prompt, s.given(), cost))
			}
		}
		if len(open) == 0 {
			break
		}
		sampled := c.generate(policy, fmt.Sprintf("branch %d", round), starts, 0, c.spec.Group, 0, uint64(batch), cost)
		for k, group := range slices.Collect(slices.Chunk(sampled, c.spec.Group)) {
			open[k].see(group, b)
		}
	}
	for g, s := range searches {
		if s != nil && s.found != nil {
			groups[g] = s.found
		}
	}
}
