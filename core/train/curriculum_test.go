package train

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// curriculumWith returns the curriculum of a lane with a rule, before its first batch.
func curriculumWith(t *testing.T, rule string) *curriculum {
	return session(t, testLane(t, []string{"reinforce", "prompts=" + rule}),
		1).stage.collector.curriculum
}

// What each rule thinks of prompts that fared like this, by hand.
func TestChancesByHand(t *testing.T) {
	for _, c := range []struct {
		visits Visits
		chance map[string]float64
	}{
		{Visits{3, 0, 0}, map[string]float64{"band": seldom, "greso": 1, "hard": 1, "unsolved": 1}},
		{Visits{3, 0, 2}, map[string]float64{"band": seldom, "greso": 0.25, "hard": 1,
			"unsolved": 1}},
		{Visits{3, 0.2, 0}, map[string]float64{"band": 1, "greso": 1, "hard": 0.8, "unsolved": 1}},
		{Visits{3, 0.8, 0}, map[string]float64{"band": 1, "greso": 1, "hard": 0.2, "unsolved": 1}},
		{Visits{3, 0.9, 0}, map[string]float64{"band": seldom, "greso": 1, "hard": 0.1,
			"unsolved": 1}},
		{Visits{90, 1, 90}, map[string]float64{"band": seldom, "greso": seldom, "hard": seldom,
			"unsolved": 0}},
	} {
		for _, r := range promptRules[1:] {
			if got := r.chance(c.visits); math.Abs(got-c.chance[r.name]) > 1e-15 {
				t.Errorf("%s gives %+v the chance %v, want %v", r.name, c.visits, got,
					c.chance[r.name])
			}
		}
	}
}

// Whatever is known of the prompts, batches are full, and none but a larger one has a prompt twice
// within a round; the rule any goes through all prompts in order.
func TestBatchesAreFull(t *testing.T) {
	for _, r := range promptRules {
		c := curriculumWith(t, r.name)
		prompts, rand := c.prompts, num.NewRand(1, "test", r.name)
		for batch := range 40 {
			for i := range c.visits {
				c.visits[i] = Visits{rand.IntN(3), []float64{0, 1, rand.Float64()}[rand.IntN(3)],
					rand.IntN(20)}
				if batch%4 == 0 { // all solved, many times
					c.visits[i] = Visits{1, 1, 100}
				}
			}
			size := []int{1, 7, prompts, prompts + 9}[batch%4]
			chosen := c.choose(batch, size)
			if len(chosen) != size {
				t.Fatalf("%s: a batch of %d prompts, want %d", r.name, len(chosen), size)
			}
			if r.chance == nil && !slices.Equal(chosen,
				c.streams.order(prompts, batch*size, size)) {
				t.Fatalf("%s: batch %d is not the next in order", r.name, batch)
			}
		}
	}
}

// Prompts are chosen as often as their rule says: those of one standing make up their chance's
// share, within four standard errors.
func TestPromptsAreChosenByTheirChances(t *testing.T) {
	c := curriculumWith(t, "hard")
	success := []float64{0, 0.5, 0.8, 1}
	for i := range c.visits {
		c.visits[i] = Visits{1, success[i%4], 0}
	}
	counts, total := make([]float64, 4), 0.0
	for batch := range 1000 {
		for _, p := range c.choose(batch, 16) {
			counts[p%4]++
			total++
		}
	}
	chances := []float64{1, 0.5, 0.2, seldom}
	for k, n := range counts {
		share := chances[k] / (1 + 0.5 + 0.2 + seldom)
		if sd := math.Sqrt(total * share * (1 - share)); math.Abs(n-total*share) > 4*sd {
			t.Errorf("prompts of which %v was earned were chosen %v times, want %v ± %v",
				success[k], n, total*share, sd)
		}
	}
}

func TestWhatIsRemembered(t *testing.T) {
	c := curriculumWith(t, "greso")
	answers := func(rewards ...float64) (all []*rollout.Sequence) {
		for _, r := range rewards {
			all = append(all, &rollout.Sequence{Completion: objective.Completion{Reward: r}})
		}
		return all
	}
	c.record([]int{4, 2}, answers(1, 1, 0, 1))
	c.record([]int{4, 3}, answers(0, 0, 1, 0))
	c.record([]int{3, 2}, answers(0, 0, 0.5, 0.5))
	want := map[int]Visits{2: {2, 0.5, 1}, 3: {2, 0, 1}, 4: {2, 0, 2}}
	for i, v := range c.visits {
		if v != want[i] {
			t.Errorf("prompt %d is remembered as %+v, want %+v", i, v, want[i])
		}
	}
}

// Under every rule: the same on any number of threads, and stopped and resumed anywhere.
func TestCurriculaLeaveNoTrace(t *testing.T) {
	for _, r := range promptRules {
		leavesNoTrace(t, testLane(t,
			[]string{"grpo", "steps=9", "batch=120", "group=2", "lr=0.02", "epochs=2",
				"prompts=" + r.name}, []string{"luffy", "steps=2", "batch=8", "prompts=" + r.name}))
	}
}

// leavesNoTrace runs a lane on two threads at once, and on one in a new session from every place
// where a state may be taken: both have the same events, weights and costs.
func leavesNoTrace(t *testing.T, lane Lane) {
	t.Helper()
	whole := session(t, lane, 2)
	want := run(t, whole)
	s, got := session(t, lane, 1), want[:0:0]
	for !s.Done() {
		if s.Resumable() {
			resumed := session(t, lane, 1)
			if err := resumed.Restore(roundTrip(t, s.State())); err != nil {
				t.Fatal(err)
			}
			s = resumed
		}
		events, err := s.Advance()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, events...)
	}
	name := lane.Stages[0].Method.Name
	if s.Weights().Digest() != whole.Weights().Digest() || s.Cost() != whole.Cost() {
		t.Errorf("%s: resumed all the time, it ends with other weights or another cost", name)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: resumed all the time, it differs from the whole run", name)
	}
}
