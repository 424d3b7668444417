package train

import (
	"fmt"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// buffered draws batches from a buffer. To fill the buffer it samples responses to all training
// prompts and keeps some of them: once at the start of the stage, or again every so many updates.
type buffered struct {
	*sources
	method   string
	frozen   *frozen   // has the policy at the start of the stage
	kept     []kept    // the content of the buffer; nil before it is first filled
	sampling *sampling // the sampling for a filling; nil at other times
}

// kept is a group in the buffer, with the number of its training prompt.
type kept struct {
	prompt int
	group  rollout.Group
}

func (b *buffered) underway() bool { return b.sampling != nil }

func (b *buffered) gather(p *policy, step int, l *ledger) (batch gathered, done bool, err error) {
	number, due := filling(b.plan.Buffer, step)
	switch {
	case due:
		if !b.answerAll(&policy{Params: p.Params, network: p.network, updates: -1}, number, l) {
			return gathered{}, false, nil
		}
		batch.sampled = b.fill(number, l)
		batch.restart = b.plan.Buffer.Restart && number > 0
	case b.kept == nil: // after a restart of the program: fill again, which is not charged again
		if !b.answerAll(b.frozen.startPolicy(), 0, new(ledger)) {
			return gathered{}, false, nil
		}
		b.fill(0, new(ledger))
	}
	batch.groups, err = b.draw(step / b.plan.Epochs)
	return batch, true, err
}

// filling returns the number of the newest filling of the buffer, from 0, after step updates of the
// stage. due reports whether the buffer is filled now.
func filling(b *objective.Buffer, step int) (number int, due bool) {
	if b.Every == 0 {
		return 0, step == 0
	}
	return step / b.Every, step%b.Every == 0
}

// answerAll samples responses to some more training prompts for a filling, and reports whether all
// have responses now.
func (b *buffered) answerAll(policy *policy, number int, l *ledger) (done bool) {
	if b.sampling == nil {
		all := make([]int, len(b.training))
		for i := range all {
			all[i] = i
		}
		b.sampling = &sampling{chosen: all, batch: uint64(number), size: b.plan.sampled,
			greedy: b.plan.Greedy}
	}
	return b.sampling.advance(b.responder, b.training, policy, l)
}

// fill replaces the content of the buffer, made of the responses to all training prompts. It
// returns the rollouts among them, or nil if they were labelled.
func (b *buffered) fill(number int, l *ledger) []*rollout.Sequence {
	groups := make([]rollout.Group, len(b.training))
	sampled := b.sampling.distribute(groups)
	b.kept, b.sampling = nil, nil
	for i, group := range groups {
		if b.plan.Label == objective.Unlabelled {
			b.keep(i, group, l)
		} else if group = b.label(group, uint64(number), i, l); len(group) > 0 {
			b.kept = append(b.kept, kept{i, group})
		}
	}
	if b.plan.Label != objective.Unlabelled {
		return nil
	}
	return sampled
}

// keep adds to the buffer those responses to training prompt i that the method keeps. If it keeps
// none, the demonstration may take their place.
func (b *buffered) keep(i int, group rollout.Group, l *ledger) {
	spec, before := b.plan.Buffer, len(b.kept)
	if b.plan.Best {
		group = best(group)
	}
	for _, s := range group {
		if s.Source == objective.Rollout && (spec.Keep == nil || spec.Keep(&s.Completion)) {
			b.kept = append(b.kept, kept{i, rollout.Group{s}})
		}
	}
	if spec.Demonstrate && len(b.kept) == before && b.demonstrated.has(i) {
		l.demonstration(i)
		b.kept = append(b.kept, kept{i, rollout.Group{b.demonstrate(i)}})
	}
}

// draw returns the groups of a batch, given its number. It returns an error if the buffer is empty.
func (b *buffered) draw(batch int) (groups []rollout.Group, err error) {
	if len(b.kept) == 0 {
		return nil, fmt.Errorf("%s: none of the %d sampled responses was kept, so there is "+
			"nothing to learn from; raise group, or start from a better base",
			b.method, b.plan.Group*len(b.training))
	}
	for _, i := range b.streams.order(len(b.kept), batch*b.plan.prompts, b.plan.prompts) {
		groups = append(groups, b.kept[i].group)
	}
	return groups, nil
}
