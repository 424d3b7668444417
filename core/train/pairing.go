package train

import (
	"math"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

const (
	freshPairs = 256 // the most held-out prompts of which an Examine reports a pair

	// freshBatch takes the place of a batch's number in the address of the pairs to held-out
	// prompts.
	freshBatch = math.MaxUint64 - 1
)

// pairing is the work on a Pair or an Examine: the sampling of the pairs to report, by the policy
// at the start of the lane. Nothing of it is charged, since it is not part of training.
type pairing struct {
	first, fresh *sampling // of pairs that are compared, and of others; nil before it is begun
	heldOut      []prompt  // the prompts of fresh
}

// canExamine reports whether an Examine can be answered now. Reward models that a State did not
// have can be made again for it; before the first update they are made by training, which is
// charged.
func (s *Session) canExamine() bool {
	return s.stage.number == 0 && (s.stage.step > 0 || s.stage.collector.rewards.trained())
}

// advance does the next part of the work on c and reports whether all of it is done.
func (p *pairing) advance(s *training, c protocol.Command) (done bool, err error) {
	r, free := s.collector.rewards, new(ledger)
	if c.Kind == protocol.Examine && !r.trained() {
		_, err := r.advance(free)
		return false, err
	}
	if p.first == nil {
		p.first, p.fresh = r.firstPairs(c.Samples), &sampling{batch: freshBatch, size: 2}
		if c.Kind == protocol.Examine {
			level := s.lane.Task.Levels[0].Name
			n := min(freshPairs, s.lane.EvalPrompts)
			p.heldOut = encode(s.lane.Task, s.lane.Task.EvalPrompts(level, n))
		}
		for i := range p.heldOut {
			p.fresh.chosen = append(p.fresh.chosen, i)
		}
	}
	if !p.first.advance(r.responder, r.training, s.startPolicy(), free) {
		return false, nil
	}
	return p.fresh.advance(r.responder, p.heldOut, s.startPolicy(), free), nil
}

// reportPairs returns the answer to a Pair or an Examine whose work is done.
func (s *Session) reportPairs(c protocol.Command) protocol.Event {
	p, r := s.requests.pairs, s.stage.collector.rewards
	s.requests.pairs = pairing{}
	event := s.event(protocol.Paired, nil)
	event.Pairs = s.comparisons(p.first.responses)
	for i := range event.Pairs {
		draw := r.streams.ofStage(sideStream, uint64(i))
		event.Pairs[i].Swapped = draw.IntN(2) == 1
	}
	if c.Kind == protocol.Examine {
		event.Kind, event.Fresh = protocol.Examined, s.comparisons(p.fresh.responses)
		scorePairs(r, event.Pairs, p.first.responses)
		scorePairs(r, event.Fresh, p.fresh.responses)
	}
	return event
}

// comparisons returns responses, of which two follow each other for each prompt, as pairs.
func (s *Session) comparisons(responses []*rollout.Sequence) (pairs []protocol.Comparison) {
	for i := 0; i < len(responses); i += 2 {
		a, b := responses[i], responses[i+1]
		pairs = append(pairs, protocol.Comparison{
			First: s.sample(a.Problem, a.Response), Second: s.sample(b.Problem, b.Response)})
	}
	return pairs
}

// scorePairs adds the scores of reward models to pairs that were made of these responses.
func scorePairs(r *rewardModels, pairs []protocol.Comparison, responses []*rollout.Sequence) {
	scores := r.scores(responses, new(ledger))
	for i := range pairs {
		p := &pairs[i]
		p.First.Judge, p.First.Judged = "reward model", scores[2*i]
		p.Second.Judge, p.Second.Judged = p.First.Judge, scores[2*i+1]
	}
}
