package train

import (
	"math"
	"strings"
	"testing"

	"posttrain/core/method"
	"posttrain/core/model"
	"posttrain/core/optim"
	"posttrain/core/rollout"
	"posttrain/core/task"
)

func TestCommandsSayHowFarToGo(t *testing.T) {
	s := session(t, testLane(t, []string{"sft", "steps=9", "batch=4"}), 1)
	do := func(c Command) {
		t.Helper()
		if err := s.Do(c); err != nil {
			t.Fatal(err)
		}
		for !s.Idle() {
			if _, err := s.Advance(); err != nil {
				t.Fatal(err)
			}
		}
	}
	do(Command{Kind: Step, Steps: 2})
	if s.Updates() != 2 {
		t.Errorf("after step 2: %d updates", s.Updates())
	}
	do(Command{Kind: Step, Steps: 1})
	if s.Updates() != 3 || s.phase == measuring {
		t.Errorf("after step 1 more: %d updates, phase %d: want 3, measured", s.Updates(), s.phase)
	}
	do(Command{Kind: Pause})
	if events, err := s.Advance(); events != nil || err != nil || s.Updates() != 3 {
		t.Errorf("a paused session went on: %v %v", events, err)
	}
	do(Command{Kind: Run})
	if !s.Done() || s.Updates() != 9 {
		t.Errorf("after run: done %v, %d updates", s.Done(), s.Updates())
	}
	for _, c := range []Command{{Kind: "jump"}, {Kind: Step}, {Kind: Step, Steps: -1}} {
		if err := s.Do(c); err == nil {
			t.Errorf("command %+v was obeyed", c)
		}
	}
}

// The gradient of a whole step is the slope of the textbook objective in the
// weights: here the mean log-probability of the demonstrations' tokens, over
// more sequences than there are shards and micro-batches. The reasons for the
// tolerance are those of the model's own test.
func TestStepGradientMatchesFiniteDifferences(t *testing.T) {
	lane := testLane(t, []string{"sft", "batch=75"})
	s := session(t, lane, 2)
	for s.phase != updating {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	coeffs := method.NewCoeffs(s.batch.seen)
	s.objective.Add(coeffs, s.batch.seen)
	gradient := s.gradients.compute(s.policy.network, s.batch.flat, coeffs)

	mean := func() float64 {
		s.policy.network.Refresh()
		s.scorer.Score(s.policy.network, s.batch.flat, rollout.Policy, method.Logp)
		sum, tokens := 0.0, 0
		for _, seq := range s.batch.flat {
			for _, logp := range seq.Logp {
				sum += logp
			}
			tokens += len(seq.Logp)
		}
		return sum / float64(tokens)
	}
	norm := optim.Norm(gradient.Data)
	const h = 1.0 / 64 // along the gradient itself, whose slope is its norm
	start := s.policy.Clone()
	move := func(by float64) float64 {
		for i, g := range gradient.Data {
			s.policy.Data[i] = start.Data[i] + float32(by*float64(g)/norm)
		}
		return mean()
	}
	if slope := (move(h) - move(-h)) / (2 * h); math.Abs(slope-norm) > 2e-3*norm {
		t.Errorf("along the gradient the objective rises by %v, want its norm %v", slope, norm)
	}
}

// The ledger counts the algorithm, from shapes alone.
func TestCostIsCountedFromShapes(t *testing.T) {
	lane := testLane(t, []string{"grpo", "steps=3", "batch=4", "group=5", "beta=0.1"})
	s := session(t, lane, 1)
	flops, tokens := 0.0, 0
	for !s.Done() {
		before := s.phase
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
		if before == collecting {
			for _, seq := range s.batch.flat {
				tokens += len(seq.Response)
				// generation, the reference model, forward and backward
				flops += (1 + 1 + 3) * lane.Base.Config.ForwardFLOPs(len(seq.Prompt)+len(seq.Response))
			}
		}
	}
	want := Cost{VerifierCalls: 3 * 4 * 5, TokensGenerated: tokens, TokensTrained: tokens, FLOPs: flops}
	if got := s.Cost(); got != want {
		t.Errorf("cost %+v, want %+v", got, want)
	}

	sft := session(t, testLane(t, []string{"sft", "steps=3", "batch=200"}), 1)
	run(t, sft)
	if got := sft.Cost().Demonstrations; got != lane.Task.Prompts {
		t.Errorf("600 draws from %d demonstrations count as %d different ones", lane.Task.Prompts, got)
	}
}

func TestSeveralUpdatesPerBatch(t *testing.T) {
	s := session(t, testLane(t, []string{"grpo", "steps=5", "epochs=2", "batch=4", "lr=0.05", "beta=0"}), 1)
	run(t, s)
	if s.Updates() != 5 || s.Cost().VerifierCalls != 3*4*8 {
		t.Errorf("%d updates from %d verifier calls, want 5 from 3 batches of 32", s.Updates(), s.Cost().VerifierCalls)
	}
}

// A stage of a chain starts where the one before ended, with a fresh optimiser
// and that policy as its reference model.
func TestChainsContinue(t *testing.T) {
	first := session(t, testLane(t, []string{"sft", "steps=4", "batch=8"}), 1)
	run(t, first)
	chain := session(t, testLane(t, []string{"sft", "steps=4", "batch=8"}, []string{"grpo", "steps=1"}), 1)
	for chain.stage == 0 {
		if _, err := chain.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	if chain.start.Digest() != first.Weights().Digest() || chain.optimiser.Steps != 0 {
		t.Error("the second stage does not start from the end of the first with a fresh optimiser")
	}
}

func TestErrorsNameTheLaneAndTheCure(t *testing.T) {
	blown := testLane(t, []string{"sft", "steps=20", "batch=2"})
	for i := range blown.Base.Data {
		blown.Base.Data[i] *= 1e30
	}
	hopeless := testLane(t, []string{"rft", "steps=2"})
	hopeless.Task.Reward = func(task.Problem, string) float64 { return 0 }
	cases := map[string]struct {
		lane Lane
		want []string
	}{
		"diverges":     {blown, []string{"lane test", "diverged", "lr"}},
		"nothing kept": {hopeless, []string{"lane test", "rft", "group"}},
	}
	for name, tc := range cases {
		s, err := NewSession(tc.lane, Options{Threads: 1})
		for err == nil && !s.Done() {
			_, err = s.Advance()
		}
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, word := range tc.want {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %q does not say %q", name, err, word)
			}
		}
	}
}

func TestLanesThatCannotRunAreRefused(t *testing.T) {
	good := testLane(t, []string{"sft"})
	for name, change := range map[string]func(*Lane){
		"no stage":      func(l *Lane) { l.Stages = nil },
		"other vocab":   func(l *Lane) { l.Base = withConfig(l.Base, func(c *model.Config) { c.Vocab++ }) },
		"short context": func(l *Lane) { l.Base = withConfig(l.Base, func(c *model.Config) { c.Context = 10 }) },
	} {
		lane := good
		change(&lane)
		if _, err := NewSession(lane, Options{Threads: 1}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func withConfig(p *model.Params, change func(*model.Config)) *model.Params {
	c := p.Config
	change(&c)
	return model.NewParams(c)
}

// States that do not belong to the lane are refused with a sentence.
func TestRestoreRefusesForeignStates(t *testing.T) {
	lane := testLane(t, []string{"sft", "steps=3"})
	good := session(t, lane, 1).State()
	for name, change := range map[string]func(*State){
		"config":     func(s *State) { s.Config.Dim++ },
		"base":       func(s *State) { s.Base = "another" },
		"stage":      func(s *State) { s.Stage = 1 },
		"negative":   func(s *State) { s.StageStep = -1 },
		"stage step": func(s *State) { s.StageStep, s.Updates = 4, 4 },
		"moments":    func(s *State) { s.Moments = -1 },
		"weights":    func(s *State) { s.Weights = s.Weights[:8] },
		"m":          func(s *State) { s.M = nil },
	} {
		state := *good
		change(&state)
		if err := session(t, lane, 1).Restore(&state); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
