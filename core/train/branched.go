package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// branched replaces groups in which all rollouts fail. The new group begins with a hint after which
// some rollouts succeed, if such a hint is found.
type branched struct{ *sources }

// search is a binary search for the shortest start of a demonstration after which a prompt's
// rollouts succeed now and then. The demonstration is cut into episodes, and a start has the first
// few of them. Rollouts fail too often after low episodes, and not after high ones.
type search struct {
	prompt    int     // the number of the training prompt
	demo      []int32 // the demonstration without its End
	episodes  int
	low, high int
	found     rollout.Group // the group that replaces the failed one; nil if there is none yet
	within    bool          // whether found succeeds as often as wanted, and not more often
}

// hint replaces groups in which all rollouts fail. It returns plain, since only rollouts without a
// hint are reported.
func (b branched) hint(policy *policy, chosen []int, step int, groups []rollout.Group,
	plain []*rollout.Sequence, l *ledger) []*rollout.Sequence {
	searches := make([]*search, len(groups)) // nil for groups with a success
	for g, group := range groups {
		if success(group) == 0 {
			searches[g] = b.search(chosen[g])
		}
	}
	for round := 0; ; round++ {
		var open []*search
		var starts []start
		for _, s := range searches {
			if s != nil && s.high-s.low > 1 {
				open, starts = append(open, s), append(starts, b.startAfter(s.prompt, s.given(), l))
			}
		}
		if len(open) == 0 {
			break
		}
		q := samplingRequest{stream: branchStream(round), starts: starts, size: b.plan.Group,
			batch: uint64(step / b.plan.Epochs)}
		for k, group := range slices.Collect(slices.Chunk(b.responder.respond(policy, q, l),
			b.plan.Group)) {
			open[k].narrow(group, b.plan.Hint.Branch)
		}
	}
	for g, s := range searches {
		if s != nil && s.found != nil {
			groups[g] = s.found
		}
	}
	return plain
}

// search begins a search at training prompt p.
func (b branched) search(p int) *search {
	demo := b.demonstrate(p).Response
	demo = demo[:len(demo)-1]
	episodes := min(b.plan.Hint.Branch.Episodes, len(demo))
	return &search{prompt: p, demo: demo, episodes: episodes, high: episodes}
}

// given returns the start of the demonstration that is tried next: halfway between low and high.
func (s *search) given() []int32 {
	return s.demo[:(s.low+s.high)/2*len(s.demo)/s.episodes]
}

// narrow halves the range of the search by the rollouts that were sampled after [search.given].
func (s *search) narrow(group rollout.Group, b *objective.Branch) {
	rate, cut := success(group), (s.low+s.high)/2
	if rate < b.Low {
		s.low = cut
		return
	}
	s.high = cut
	if within := rate <= b.High; within || !s.within {
		s.found, s.within = group, within
	}
}

// success returns the share of a group's rollouts that are right.
func success(group rollout.Group) float64 {
	right := 0
	for _, s := range group {
		if objective.Correct(&s.Completion) {
			right++
		}
	}
	return float64(right) / float64(len(group))
}
