package train

import (
	"fmt"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/rollout"
)

// promptRule is a choice of the knob prompts. Its chance is the probability with which a prompt is
// sampled when its turn comes. A prompt that was never sampled before is always sampled.
type promptRule struct {
	name   string
	chance func(Visits) float64 // nil means 1
}

// seldom is the probability for a prompt that seems to teach nothing. It is not 0, because that may
// change as the model learns.
const seldom = 0.01

var promptRules = []promptRule{
	{"any", nil},
	{"band", func(v Visits) float64 { // arXiv:2504.03380
		if v.Success >= 0.2 && v.Success <= 0.8 {
			return 1
		}
		return seldom
	}},
	{"greso", func(v Visits) float64 { // arXiv:2506.02177
		chance := 1.0
		for range min(v.Alike, 10) {
			chance /= 2
		}
		return max(seldom, chance)
	}},
	{"hard", func(v Visits) float64 { return max(seldom, 1-v.Success) }}, // arXiv:2501.12599
	{"unsolved", func(v Visits) float64 { // arXiv:2510.13786
		if v.Success > 0.9 {
			return 0
		}
		return 1
	}},
}

// curriculumKnobs belong to every method that samples afresh and sees rewards.
var curriculumKnobs = []param.Knob{
	param.Choice("prompts", "any", ruleNames(promptRules),
		"Which training prompts are sampled when their turn comes, by how they fared when last "+
			"sampled. any: all. "+
			"band: those where 20 to 80 % was earned. greso: one in 2^z after z visits in "+
			"a row that "+
			"taught nothing, because all answers earned the same. "+
			"hard: with the share that was not earned as probability. unsolved: no "+
			"longer once more "+
			"than 90 % was earned. "+
			"A prompt that promises nothing is tried again in one of a hundred turns, but with "+
			"unsolved; a batch that finds too few is filled up with those passed over."),
}

func (r promptRule) called() string { return r.name }

// ruleNames returns the names of some rules, as the choices of a knob.
func ruleNames[R interface{ called() string }](rules []R) (names []string) {
	for _, r := range rules {
		names = append(names, r.called())
	}
	return names
}

// samples reports whether a method samples anew for every batch and reads the verifier's rewards.
func samples(c objective.Collect) bool {
	return c.Group > 0 && c.Buffer == nil && c.Label == objective.Unlabelled && c.RewardModel == nil
}

// curriculum chooses the training prompts of a batch.
type curriculum struct {
	streams streams
	prompts int                  // how many training prompts there are
	chance  func(Visits) float64 // nil means that every prompt is sampled in its turn
	visits  []Visits             // by training prompt; nil if chance is nil
	turn    int                  // turns taken so far; 0 if chance is nil
}

// newCurriculum returns the initial curriculum of a stage for this many training prompts.
func newCurriculum(v param.Values, s streams, prompts int) *curriculum {
	c := &curriculum{streams: s, prompts: prompts}
	if !v.Has("prompts") {
		return c
	}
	for _, r := range promptRules {
		if r.name == v.Choice("prompts") && r.chance != nil {
			c.chance, c.visits = r.chance, make([]Visits, prompts)
		}
	}
	return c
}

// choose returns the numbers of the training prompts of a batch. Each prompt in turn is chosen with
// its probability. If a round through all prompts chooses too few, the first of those that were
// passed over fill up the batch.
func (c *curriculum) choose(batch, size int) []int {
	if c.chance == nil {
		return c.streams.order(c.prompts, batch*size, size)
	}
	var chosen, passed []int
	for _, p := range c.streams.order(c.prompts, c.turn, max(size, c.prompts)) {
		if len(chosen) == size {
			break
		}
		r := c.streams.ofStage(curriculumStream, uint64(c.turn))
		c.turn++
		if v := c.visits[p]; v.Count == 0 || r.Float64() < c.chance(v) {
			chosen = append(chosen, p)
		} else {
			passed = append(passed, p)
		}
	}
	return append(chosen, passed[:min(len(passed), size-len(chosen))]...)
}

// record updates the visits of the chosen prompts by their rewards. sampled has equally many
// rollouts for each of them, in the same order.
func (c *curriculum) record(chosen []int, sampled []*rollout.Sequence) {
	if c.chance == nil {
		return
	}
	group := len(sampled) / len(chosen)
	for i, p := range chosen {
		v, rewards, alike := &c.visits[p], 0.0, true
		for _, s := range sampled[i*group : (i+1)*group] {
			rewards += s.Reward
			alike = alike && s.Reward == sampled[i*group].Reward
		}
		v.Count++
		v.Success = rewards / float64(group)
		v.Alike++
		if !alike {
			v.Alike = 0
		}
	}
}

// restore copies the curriculum of a State. It returns an error if it is not one of this stage.
func (c *curriculum) restore(state *State) error {
	if len(state.Visits) != len(c.visits) || state.Turns < 0 {
		return fmt.Errorf("visits are those of %d prompts after %d turns, want those of %d",
			len(state.Visits), state.Turns, len(c.visits))
	}
	c.turn = state.Turns
	copy(c.visits, state.Visits)
	return nil
}
