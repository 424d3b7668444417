package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/protocol"
)

// ledger counts what training uses up. The zero value is an empty ledger. Work that is repeated
// after a restart of the program is charged to a ledger that is then dropped.
type ledger struct {
	protocol.Cost

	// The prompts whose demonstration has been charged. Each is charged once.
	training, prior promptSet

	// The number of demonstrations of an older State, which does not list their prompts.
	unlisted int
}

// demonstration charges the demonstration for a training prompt, unless it has been charged before.
func (l *ledger) demonstration(prompt int) {
	l.training.add(prompt)
	l.countDemonstrations()
}

// priorDemonstration is demonstration for a prompt of the prior skill.
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

// list returns the members in increasing order, or nil if there are none.
func (s *promptSet) list() (prompts []int) {
	for i, in := range s.has {
		if in {
			prompts = append(prompts, i)
		}
	}
	return prompts
}

// state returns the prompts whose demonstrations have been charged, for a State. It returns nil if
// there are none.
func (l *ledger) state() *Demonstrated {
	if l.training.size+l.prior.size == 0 {
		return nil
	}
	return &Demonstrated{Training: l.training.list(), Prior: l.prior.list()}
}

// newLedger returns the ledger with the cost and the demonstrations of a State.
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

// valid reports whether all numbers are those of prompts, given how many prompts there are.
func (d *Demonstrated) valid(training, prior int) bool {
	within := func(list []int, n int) bool {
		return !slices.ContainsFunc(list, func(i int) bool { return i < 0 || i >= n })
	}
	return d == nil || within(d.Training, training) && within(d.Prior, prior)
}
