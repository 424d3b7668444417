package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// branched replaces every group in which all rollouts fail by one that begins with a hint, where a
// hint is found after which some succeed.
type branched struct{ *sources }

// search looks for the part of a demonstration after which a prompt's rollouts succeed now and
// then.
type search struct {
	prompt   int     // number of the training prompt
	demo     []int32 // without its End
	episodes int     // into which it is cut
	// cuts: at low the rollouts fail too often; what was found, if anything, is at high
	low, high int
	found     rollout.Group // nil: nothing yet
	within    bool          // found succeeds as often as wanted, not more often
}

// hint replaces groups. It returns the rollouts without a hint, since only those are reported.
func (b branched) hint(policy *policy, chosen []int, step int, groups []rollout.Group,
	plain []*rollout.Sequence, l *ledger) []*rollout.Sequence {
	searches := make([]*search, len(groups)) // nil where none is wanted
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
		q := request{stream: branchStream(round), starts: starts, size: b.plan.Group,
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

// given returns the part of the demonstration before the cut in the middle of what is left to
// search.
func (s *search) given() []int32 {
	return s.demo[:(s.low+s.high)/2*len(s.demo)/s.episodes]
}

// narrow goes on to the half in which the cut must be, given the rollouts at the one in the middle.
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
