package train

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// demonstration returns the demonstration for training prompt p, without its End.
func (s *Session) demonstration(p int) []int32 {
	response := s.stage.collector.demonstrate(p).Response
	return response[:len(response)-1]
}

// beginsAsTheExpert checks that a rollout begins with a part of its demonstration, of which
// something is left, and is judged as a whole.
func beginsAsTheExpert(t testing.TB, s *Session, seq *rollout.Sequence) {
	t.Helper()
	p := slices.IndexFunc(s.prompts,
		func(p prompt) bool { return slices.Equal(p.tokens, seq.Prompt) })
	demo := s.demonstration(p)
	if seq.HintLen > len(demo) || seq.HintLen >= len(seq.Response) ||
		!slices.Equal(seq.Response[:seq.HintLen], demo[:seq.HintLen]) {
		t.Fatalf("%d tokens of %v are given, the demonstration is %v", seq.HintLen, seq.Response,
			demo)
	}
	if most := s.lane.Task.MaxResponse; len(seq.Response) > most {
		t.Fatalf("a response of %d tokens, there is room for %d", len(seq.Response), most)
	}
}

// One rollout of every group begins as the demonstration does; the others are those of a method
// without hints.
func TestOneRolloutBeginsWithAHint(t *testing.T) {
	settings := []string{"steps=2", "batch=24", "lr=0.01", "epochs=2"}
	with := session(t, testLane(t, append([]string{"prefix_rft", "group=4"}, settings...)), 1)
	without := session(t, testLane(t, append([]string{"dr_grpo", "group=3"}, settings...)), 1)
	lengths, tokens, flops, demos := map[int]bool{}, 0, 0.0, map[string]bool{}
	collected(t, with, 0)
	collected(t, without, 0)
	for g, group := range with.batch.groups {
		for i, seq := range group {
			if i < 3 {
				if other := without.batch.groups[g][i]; seq.HintLen != 0 ||
					!slices.Equal(seq.Response, other.Response) {
					t.Fatalf("rollout %d of group %d is another for the hint beside it", i, g)
				}
			}
			beginsAsTheExpert(t, with, seq)
			if want := with.lane.Task.Score(seq.Problem, seq.Response); seq.Reward != want ||
				seq.Source != objective.Rollout {
				t.Fatalf("a %v earns %v, the verifier says %v of the whole", seq.Source, seq.Reward,
					want)
			}
			lengths[seq.HintLen] = true
			tokens += len(seq.Response) - seq.HintLen
			flops += with.policy.Config.ForwardFLOPs(len(seq.Prompt) + len(seq.Response))
			if seq.HintLen > 0 {
				demos[seq.Problem.Prompt] = true
			}
		}
	}
	if first := with.batch.groups[0]; len(first) != 4 || len(lengths) < 2 {
		t.Errorf("a group of %d, given tokens %v", len(first), lengths)
	}
	if got := with.Cost(); got.TokensGenerated != tokens || got.Demonstrations != len(demos) ||
		got.VerifierCalls != 96 || got.FLOPs != flops {
		t.Errorf("cost %+v, want %d tokens, %d demonstrations, 96 calls and %v FLOPs", got, tokens,
			len(demos), flops)
	}
}

// What was given is as likely under the old policy as when the batch was begun: at the first update
// every ratio is one, and at the second one the old policy is still that of the first.
func TestGivenTokensAreAsLikelyAsWhenTheBatchWasBegun(t *testing.T) {
	s := session(t, testLane(t,
		[]string{"prefix_rft", "steps=2", "batch=8", "lr=0.05", "epochs=2"}), 1)
	collected(t, s, 0)
	s.stage.score()
	var first [][]float64
	for _, seq := range s.batch.flat {
		if !slices.Equal(seq.OldLogp, seq.Logp) {
			t.Fatalf("%d given: %v before, %v now", seq.HintLen, seq.OldLogp, seq.Logp)
		}
		if len(seq.Entropy) != len(seq.Response) || slices.Contains(seq.Logp, 0) {
			t.Fatalf("%d given: log-probabilities %v, entropies %v", seq.HintLen, seq.Logp,
				seq.Entropy)
		}
		first = append(first, slices.Clone(seq.OldLogp))
	}
	if _, err := s.Advance(); err != nil {
		t.Fatal(err)
	}
	s.stage.score()
	for i, seq := range s.batch.flat {
		if !slices.Equal(seq.OldLogp, first[i]) || slices.Equal(seq.OldLogp, seq.Logp) {
			t.Fatalf("%d given: old policy %v, was %v, the policy is at %v", seq.HintLen,
				seq.OldLogp, first[i], seq.Logp)
		}
	}
}

// A demonstration is paid for once, however often its prompt is met, and not where nothing was
// given.
func TestAHintIsPaidForOnce(t *testing.T) {
	s := session(t, testLane(t, []string{"prefix_rft", "steps=12", "batch=120", "group=2"}), 1)
	hinted := map[string]bool{}
	for !s.Done() {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
		for _, seq := range s.batch.flat {
			if seq.HintLen > 0 {
				hinted[seq.Problem.Prompt] = true
			}
		}
	}
	if got := s.Cost().Demonstrations; got != len(hinted) || got > s.lane.Task.Prompts {
		t.Errorf("%d demonstrations, %d different prompts had a hint", got, len(hinted))
	}
}

// All rollouts of a prompt begin alike, for as long as hints are given.
func TestAllRolloutsBeginWithAHintUntilItFades(t *testing.T) {
	s := session(t, testLane(t,
		[]string{"uft", "steps=4", "batch=24", "group=3", "fade=3", "lr=0.01"}), 1)
	for step, given := range []bool{true, true, true, false} {
		some := false
		collected(t, s, step)
		for _, group := range s.batch.groups {
			for _, seq := range group {
				beginsAsTheExpert(t, s, seq)
				some = some || seq.HintLen > 0
				if seq.HintLen != group[0].HintLen {
					t.Fatalf("step %d: %d and %d tokens are given in one group", step, seq.HintLen,
						group[0].HintLen)
				}
			}
		}
		if some != given {
			t.Errorf("step %d: something is given: %v", step, some)
		}
	}
}

// A step is sampled after those before it, has no more tokens than a step has, and earns what it
// shares with the expert's.
func TestStepsAreComparedWithTheExperts(t *testing.T) {
	s := session(t, testLane(t, []string{"srl", "steps=1", "batch=64", "group=4"}), 1)
	s.phase = collecting // measuring asks the verifier
	s.lane.Task.Reward = func(task.Problem, string) float64 { panic("the verifier was asked") }
	steps, rewards := map[int]bool{}, map[float64]bool{}
	collected(t, s, 0)
	for _, group := range s.batch.groups {
		for _, seq := range group {
			beginsAsTheExpert(t, s, seq)
			p := slices.IndexFunc(s.prompts,
				func(p prompt) bool { return slices.Equal(p.tokens, seq.Prompt) })
			whole := append(slices.Clone(s.demonstration(p)), task.End)
			step := whole[seq.HintLen:min(seq.HintLen+2, len(whole))]
			own := seq.Response[seq.HintLen:]
			if seq.HintLen%2 != 0 || len(own) > 2 {
				t.Fatalf("%v is sampled after %d tokens", own, seq.HintLen)
			}
			if want := reward.Similarity(own, step); seq.Reward != want {
				t.Fatalf("%v earns %v beside %v, want %v", own, seq.Reward, step, want)
			}
			steps[seq.HintLen], rewards[seq.Reward] = true, true
		}
	}
	if len(steps) != 3 || len(rewards) < 2 {
		t.Errorf("steps begin after %v tokens and earn %v", steps, rewards)
	}
	if got := s.Cost(); got.VerifierCalls != 0 || got.TokensGenerated > 64*4*2 {
		t.Errorf("cost %+v", got)
	}
}

// hopeful returns a lane on cards whose verifier accepts responses that begin with the first want
// symbols of the demonstration.
func hopeful(t testing.TB, want int) Lane {
	lane := testLane(t, []string{"bread", "steps=2", "batch=8", "group=16", "lr=0.01",
		"band_low=0.01", "band_high=1"})
	demonstrate := lane.Task.Demonstrate
	lane.Task.Reward = func(p task.Problem, response string) float64 {
		r := num.NewRand(1, "", "")
		if demo := demonstrate(&r, p, lane.Stages[0].Values); strings.HasPrefix(response,
			demo[:want]) {
			return 1
		}
		return 0
	}
	return lane
}

// Where all rollouts fail, others take their place that begin as the demonstration does, no further
// than is needed for some of them to succeed; where none would, the group stays. Everything sampled
// is paid for.
func TestBranchesGrowWhereAllFails(t *testing.T) {
	// tokens of four, which make four episodes: there are cuts after one, two and three of them
	for want := range 5 {
		s := session(t, hopeful(t, want), 1)
		replaced, kept := 0, 0
		collected(t, s, 0)
		for g, group := range s.batch.groups {
			rate := success(group)
			for _, seq := range group {
				beginsAsTheExpert(t, s, seq)
				if seq.HintLen != group[0].HintLen {
					t.Fatalf("want %d: %d and %d tokens are given in one group", want, seq.HintLen,
						group[0].HintLen)
				}
			}
			switch n := group[0].HintLen; {
			case len(group) != 16 || n > want:
				t.Fatalf("want %d: group %d has %d rollouts that begin with %d given tokens", want,
					g, len(group), n)
			case n > 0 && rate == 0:
				t.Fatalf("want %d: group %d is kept with a success of %v after %d given tokens",
					want, g, rate, n)
			case n > 0:
				replaced++
			case rate == 0:
				kept++
			}
		}
		if (replaced == 0) != (want == 0) || want < 4 && kept > 0 {
			t.Errorf("want %d: %d of 8 groups are replaced, %d have failed", want, replaced, kept)
		}
		got := s.Cost()
		if most := 128 * (1 + 2); got.VerifierCalls%16 != 0 || got.VerifierCalls > most ||
			(got.VerifierCalls > 128) != (want > 0) {
			t.Errorf("want %d: %d verifier calls", want, got.VerifierCalls)
		}
		if (got.Demonstrations > 0) != (want > 0) || got.Demonstrations > 8 {
			t.Errorf("want %d: %d demonstrations for 8 prompts", want, got.Demonstrations)
		}
	}
}

// The search goes to the shortest start in the band; one beyond it is better than none, and nothing
// is worse than either.
func TestSearchSettlesInTheBand(t *testing.T) {
	group := func(right int) rollout.Group {
		all := make(rollout.Group, 10)
		for i := range all {
			all[i] = &rollout.Sequence{}
			if i < right {
				all[i].Reward = 1
			}
		}
		return all
	}
	for _, c := range []struct {
		right []int // of ten, after each cut
		want  int   // right in what is found; -1 for nothing
	}{
		{[]int{0, 0, 0, 5, 8, 9, 10}, 5},
		{[]int{0, 1, 2, 2, 2, 8, 9}, 2},
		{[]int{0, 0, 0, 0, 0, 0, 0}, -1},
		{[]int{9, 9, 10, 10, 10, 10, 10}, 9},
		{[]int{1, 1, 1, 1, 1, 9, 10}, 9},
		{[]int{0, 0, 0, 0, 0, 0, 3}, 3},
	} {
		s := search{demo: make([]int32, 16), episodes: 8, high: 8}
		for s.high-s.low > 1 {
			s.narrow(group(c.right[len(s.given())/2-1]),
				&objective.Branch{Episodes: 8, Low: 0.2, High: 0.8})
		}
		got := -1
		if s.found != nil {
			got = int(math.Round(10 * success(s.found)))
		}
		if got != c.want {
			t.Errorf("%v: found one with %d right, want %d", c.right, got, c.want)
		}
	}
}
