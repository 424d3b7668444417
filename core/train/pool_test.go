package train

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// poolLane returns a lane in which fresh weights are right often enough to have something to
// replay.
func poolLane(t testing.TB, settings ...string) Lane {
	return testLane(t, append([]string{"exgrpo", "steps=6", "batch=60", "group=12", "lr=0.003"},
		settings...))
}

// What is kept is the surest right answer to every prompt that was partly solved at its latest
// visit with any right answer; it stands beside the new answers to the prompts that are drawn.
func TestThePoolKeepsTheSurestRightAnswers(t *testing.T) {
	s := session(t, poolLane(t), 1)
	type entry struct {
		right    int
		doubt    float64
		response []int32
	}
	kept := map[string]entry{} // by prompt
	replays := 0
	for step := range 6 {
		collected(t, s, step)
		var drawn []*rollout.Sequence
		for _, group := range s.batch.groups {
			if last := group[len(group)-1]; last.Source == objective.Replayed {
				drawn = append(drawn, last)
				old := kept[last.Problem.Prompt]
				if !slices.Equal(last.Response, old.response) || last.Reward != 1 ||
					len(group) != 13 || len(last.OldLogp) != len(last.Response) {
					t.Errorf("step %d: to %s it replays %v, kept is %v", step, last.Problem.Prompt,
						last.Response, old.response)
				}
			}
		}
		if want := min(30, len(kept)); len(drawn) != want {
			t.Errorf("step %d: %d answers are replayed, want %d", step, len(drawn), want)
		}
		replays += len(drawn)
		for _, group := range s.batch.groups {
			prompt, now := group[0].Problem.Prompt, entry{doubt: math.Inf(1)}
			if old, ok := kept[prompt]; ok {
				now = old
			}
			now.right = 0
			for _, seq := range group {
				if seq.Source != objective.Rollout || seq.Reward < 1 {
					continue
				}
				now.right++
				sum := 0.0
				for _, h := range seq.Entropy {
					sum += h
				}
				if h := sum / float64(len(seq.Entropy)); h < now.doubt {
					now.doubt, now.response = h, seq.Response
				}
			}
			if now.right == 12 {
				delete(kept, prompt)
			} else if now.right > 0 {
				kept[prompt] = now
			}
		}
		n := 0
		for i, a := range s.stage.collector.pool.solved {
			if a == nil {
				continue
			}
			n++
			want := kept[s.prompts[i].Prompt]
			if a.Prompt != i || a.Right != want.right || !slices.Equal(a.Response, want.response) {
				t.Errorf("step %d: of %s %d were right and %v is kept, want %d and %v", step,
					s.prompts[i].Prompt, a.Right, a.Response, want.right, want.response)
			}
		}
		if n != len(kept) {
			t.Errorf("step %d: %d prompts are in the pool, want %d", step, n, len(kept))
		}
	}
	if replays < 6 {
		t.Errorf("only %d answers were replayed", replays)
	}
}

// Prompts of which half is solved come most often, by the weights of the method.
func TestPromptsAreDrawnByTheirWeight(t *testing.T) {
	s := session(t, testLane(t, []string{"exgrpo", "group=6", "share=1"}), 1)
	c := s.stage.collector.pool
	c.open = true
	for i, right := range []int{1, 1, 1, 2, 3, 3, 5} {
		c.solved[i] = &Answer{Prompt: i, Right: right}
	}
	const draws = 20000
	counts, weights, total := map[int]int{}, map[int]float64{1: math.Exp(-2), 2: math.Exp(-0.5),
		3: 1, 5: math.Exp(-2)}, 0.0
	for batch := range draws {
		for _, i := range c.draw(batch, 1) {
			counts[c.solved[i].Right]++
		}
	}
	for _, w := range weights {
		total += w
	}
	for right, w := range weights {
		p := w / total
		if off := math.Abs(float64(counts[right])-p*draws) / math.Sqrt(draws*p*(1-p)); off > 5 {
			t.Errorf("those with %d of 6 right were drawn %d times, want about %.0f: %.1f "+
				"standard deviations away", right, counts[right], p*draws, off)
		}
	}
	all := c.draw(0, 100)
	if slices.Sort(all); !slices.Equal(all, []int{0, 1, 2, 3, 4, 5, 6}) {
		t.Errorf("drawn from seven prompts: %v", all)
	}
}

// Nothing is replayed before a batch was good enough, or without a share.
func TestReplayWaits(t *testing.T) {
	for _, setting := range []string{"solved=1", "share=0"} {
		s := session(t, poolLane(t, setting), 1)
		run(t, s)
		plain := session(t, poolLane(t, "share=0"), 1)
		run(t, plain)
		if s.Weights().Digest() != plain.Weights().Digest() {
			t.Errorf("with %s something was replayed", setting)
		}
	}
}

// A lane that replays can be stopped between any two batches.
func TestResumingAPool(t *testing.T) {
	resumable(t, poolLane(t))
}

// States with a place in the pool that cannot be are refused.
func TestRestoreRefusesForeignPools(t *testing.T) {
	lane := poolLane(t)
	s := session(t, lane, 1)
	for !s.Resumable() || s.stage.step == 0 {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]func(m *Memory){
		"none right":        func(m *Memory) { m.Answers[0].Right = 0 },
		"all right":         func(m *Memory) { m.Answers[0].Right = 12 },
		"twice":             func(m *Memory) { m.Answers = append(m.Answers, m.Answers[0]) },
		"a demonstration":   func(m *Memory) { m.Answers[0].Demo = true },
		"an unknown prompt": func(m *Memory) { m.Answers[0].Prompt = 1 << 40 },
	} {
		state := roundTrip(t, s.State())
		change(state.Memory)
		if err := session(t, lane, 1).Restore(state); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// Where some answers are right, some are replayed, and the ledger is within the outlay.
func TestEstimateOfAPool(t *testing.T) {
	m, err := method.Lookup("exgrpo")
	if err != nil {
		t.Fatal(err)
	}
	lane := stopLane(m, map[string]string{"steps": "8", "batch": "8", "group": "6", "solved": "0"})
	checkEstimate(t, lane)
	s := session(t, lane, 1)
	run(t, s)
	if got := s.Cost().TokensTrained; got <= 8*8*6 {
		t.Errorf("%d tokens were trained on, want more than the %d of the rollouts", got, 8*8*6)
	}
}
