package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/protocol"
)

// ledger counts what training uses up. Its zero value is empty; work that is only done again after
// a restart is charged to such a ledger, which nobody reads.
type ledger struct {
	protocol.Cost

	// Which demonstrations have been written, by the number of their prompt. Each is charged once.
	training, prior promptSet

	// unlisted is the number of demonstrations in a State that does not say which they were.
	unlisted int
}

// demonstration charges the demonstration of a training prompt, if it has not been written before.
func (l *ledger) demonstration(prompt int) {
	l.training.add(prompt)
	l.countDemonstrations()
}

// priorDemonstration does the same for a prompt of the prior skill.
func (l *ledger) priorDemonstration(prompt int) {
	l.prior.add(prompt)
	l.countDemonstrations()
}

func (l *ledger) countDemonstrations() {
	l.Demonstrations = max(l.unlisted, l.training.size+l.prior.size)
}

// promptSet is a set of prompts by number.
type promptSet struct {
	has  []bool
	size int
}

func (s *promptSet) add(prompt int) {
	if missing := prompt + 1 - len(s.has); missing > 0 {
		s.has = append(s.has, make([]bool, missing)...)
	}
	if !s.has[prompt] {
		s.has[prompt] = true
		s.size++
	}
}

// list returns the members in order; nil when there are none.
func (s *promptSet) list() (prompts []int) {
	for i, in := range s.has {
		if in {
			prompts = append(prompts, i)
		}
	}
	return prompts
}

// state returns what a State keeps of the ledger besides the cost; nil before any demonstration.
func (l *ledger) state() *Demonstrated {
	if l.training.size+l.prior.size == 0 {
		return nil
	}
	return &Demonstrated{Training: l.training.list(), Prior: l.prior.list()}
}

// newLedger returns the ledger of a State.
func newLedger(cost protocol.Cost, d *Demonstrated) ledger {
	l := ledger{Cost: cost}
	if d != nil {
		for _, i := range d.Training {
			l.training.add(i)
		}
		for _, i := range d.Prior {
			l.prior.add(i)
		}
	}
	if listed := l.training.size + l.prior.size; listed < cost.Demonstrations {
		l.unlisted = cost.Demonstrations
	}
	return l
}

// valid reports whether the list is one of prompts of which there are so many of each kind.
func (d *Demonstrated) valid(training, prior int) bool {
	within := func(list []int, n int) bool {
		return !slices.ContainsFunc(list, func(i int) bool { return i < 0 || i >= n })
	}
	return d == nil || within(d.Training, training) && within(d.Prior, prior)
}
