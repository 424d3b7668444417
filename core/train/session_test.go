package train

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

func TestCommandsSayHowFarToGo(t *testing.T) {
	s := session(t, testLane(t, []string{"sft", "steps=9", "batch=4"}), 1)
	do := func(c protocol.Command) {
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
	do(protocol.Command{Kind: protocol.Step, Steps: 2})
	if s.Updates() != 2 {
		t.Errorf("after step 2: %d updates", s.Updates())
	}
	do(protocol.Command{Kind: protocol.Step, Steps: 1})
	if s.Updates() != 3 || s.phase == measuring {
		t.Errorf("after step 1 more: %d updates, phase %d: want 3, measured", s.Updates(), s.phase)
	}
	do(protocol.Command{Kind: protocol.Pause})
	if events, err := s.Advance(); events != nil || err != nil || s.Updates() != 3 {
		t.Errorf("a paused session went on: %v %v", events, err)
	}
	do(protocol.Command{Kind: protocol.Run})
	if !s.Done() || s.Updates() != 9 {
		t.Errorf("after run: done %v, %d updates", s.Done(), s.Updates())
	}
	for _, c := range []protocol.Command{{Kind: "jump"}, {Kind: protocol.Step},
		{Kind: protocol.Step, Steps: -1}} {
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
	coeffs := objective.NewCoeffs(s.batch.seen)
	s.stage.objective.Add(coeffs, s.batch.seen)
	gradient := s.gradients.Compute(s.policy.network, s.batch.flat, coeffs)

	mean := func() float64 {
		s.policy.network.Refresh()
		s.scorer.Score(s.policy.network, s.batch.flat, rollout.Policy, objective.Logp)
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
				flops += (1 + 1 + 3) * lane.Base.Config.ForwardFLOPs(len(seq.Prompt)+
					len(seq.Response))
			}
		}
	}
	want := protocol.Cost{VerifierCalls: 3 * 4 * 5, TokensGenerated: tokens, TokensTrained: tokens,
		FLOPs: flops,
		// policy, gradient, two moments, reference model
		Copies: 5, Bytes: float64(5 * 4 * lane.Base.Config.Weights())}
	if got := s.Cost(); got != want {
		t.Errorf("cost %+v, want %+v", got, want)
	}

	sft := session(t, testLane(t, []string{"sft", "steps=3", "batch=200"}), 1)
	run(t, sft)
	if got := sft.Cost().Demonstrations; got != lane.Task.Prompts {
		t.Errorf("600 draws from %d demonstrations count as %d different ones", lane.Task.Prompts,
			got)
	}
}

func TestSeveralUpdatesPerBatch(t *testing.T) {
	s := session(t, testLane(t,
		[]string{"grpo", "steps=5", "epochs=2", "batch=4", "lr=0.05", "beta=0"}), 1)
	run(t, s)
	if s.Updates() != 5 || s.Cost().VerifierCalls != 3*4*8 {
		t.Errorf("%d updates from %d verifier calls, want 5 from 3 batches of 32", s.Updates(),
			s.Cost().VerifierCalls)
	}
}

// A stage of a chain starts where the one before ended, with a fresh optimiser
// and that policy as its reference model.
func TestChainsContinue(t *testing.T) {
	first := session(t, testLane(t, []string{"sft", "steps=4", "batch=8"}), 1)
	run(t, first)
	chain := session(t, testLane(t, []string{"sft", "steps=4", "batch=8"},
		[]string{"grpo", "steps=1"}), 1)
	for chain.stage.number == 0 {
		if _, err := chain.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	if chain.stage.start.Digest() != first.Weights().Digest() ||
		chain.stage.optimiser.Kept().Steps != 0 {
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
		"no stage": func(l *Lane) { l.Stages = nil },
		"other vocab": func(l *Lane) {
			l.Base = withConfig(l.Base, func(c *model.Config) { c.Vocab++ })
		},
		"short context": func(l *Lane) {
			l.Base = withConfig(l.Base, func(c *model.Config) { c.Context = 10 })
		},
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
		"updates":    func(s *State) { s.Updates++ },
		"moments":    func(s *State) { s.Moments = -1 },
		"weights":    func(s *State) { s.Weights = s.Weights[:8] },
		"adapters":   func(s *State) { s.Adapters = make(Floats, 4) },
		"m":          func(s *State) { s.M = nil },
		"entropies":  func(s *State) { s.Entropies = []float64{1} },
		"an entropy": func(s *State) {
			s.StageStep, s.Updates, s.Entropies = 1, 1, []float64{math.NaN()}
		},
		"shifts": func(s *State) { s.Shifts = []float64{1} },
		"a shift": func(s *State) {
			s.StageStep, s.Updates, s.Shifts = 1, 1, []float64{math.Inf(-1)}
		},
	} {
		state := *good
		change(&state)
		if err := session(t, lane, 1).Restore(&state); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// Looking and measuring in between report the policy as it is and leave no trace in the lane.
func TestLookingLeavesNoTrace(t *testing.T) {
	lane := testLane(t, []string{"grpo", "steps=5", "batch=4", "lr=0.01"})
	plain, watched := session(t, lane, 1), session(t, lane, 1)
	run(t, plain)

	look := protocol.Command{Kind: protocol.Look, Level: "ood", Prompt: 3, Samples: 6}
	if err := watched.Do(look); err != nil {
		t.Fatal(err)
	}
	var events []protocol.Event
	for !watched.Done() {
		more, err := watched.Advance()
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, more...)
		if len(more) == 1 && more[0].Kind == protocol.Updated && watched.phase != measuring {
			if err := watched.Do(protocol.Command{Kind: protocol.Measure}); err != nil {
				t.Fatal(err)
			}
			for watched.phase == measuring {
				if _, err := watched.Advance(); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if watched.Weights().Digest() != plain.Weights().Digest() || watched.Cost() != plain.Cost() {
		t.Error("a lane that was looked at and measured between its steps ended elsewhere")
	}
	if events[0].Kind != protocol.Looked || len(events[0].Samples) != 6 {
		t.Fatalf("the first event is %+v, want 6 responses", events[0])
	}
	if watched.Idle() {
		t.Error("the end was measured, and is not looked at")
	}
	last, err := watched.Advance()
	if err != nil || len(last) != 1 || last[0].Kind != protocol.Looked || last[0].Step != 5 {
		t.Fatalf("after the end: %+v, %v", last, err)
	}
	for _, sample := range last[0].Samples {
		tokens := append(lane.Task.MustEncode(sample.Response), task.End)
		if !sample.Finished {
			tokens = tokens[:len(tokens)-1]
		}
		seq := &rollout.Sequence{Completion: objective.Completion{Logp: make([]float64,
			len(tokens))}, Prompt: lane.Task.MustEncode(sample.Prompt), Response: tokens}
		watched.scorer.Score(watched.policy.network, []*rollout.Sequence{seq}, rollout.Policy,
			objective.Logp)
		if !slices.Equal(seq.Logp, sample.Logp) {
			t.Errorf("%s%s: log-probabilities %v, want %v", sample.Prompt, sample.Response,
				sample.Logp, seq.Logp)
		}
	}
	for _, c := range []protocol.Command{{Level: "none", Samples: 1}, {Level: "id", Samples: 0},
		{Level: "id", Samples: protocol.MaxLook + 1}, {Level: "id", Prompt: lane.EvalPrompts,
			Samples: 1}, {Level: "id", Prompt: -1, Samples: 1}} {
		c.Kind = protocol.Look
		if err := watched.Do(c); err == nil {
			t.Errorf("command %+v was obeyed", c)
		}
	}
}

// What holds a policy to where its stage started: a blend of 1 undoes the stage, and the stronger
// the anchor, the shorter the way.
func TestAnchorAndBlend(t *testing.T) {
	end := func(settings ...string) *Session {
		s := session(t, testLane(t,
			append([]string{"sft", "steps=6", "batch=8", "lr=0.01"}, settings...)), 1)
		run(t, s)
		return s
	}
	base := testLane(t, []string{"sft"}).Base
	if got := end("blend=1").Weights().Digest(); got != base.Digest() {
		t.Errorf("a blend of 1 ends with %.8s, not with the base %.8s", got, base.Digest())
	}
	way := func(s *Session) float64 { return distance(s.Weights().Data, base.Data) }
	free := way(end())
	if half := way(end("blend=0.5")); math.Abs(half-free/2) > 1e-4*free {
		t.Errorf("a blend of a half is %v from the base, want half of %v", half, free)
	}
	last := free
	for _, anchor := range []string{"anchor=0.1", "anchor=1", "anchor=10"} {
		d := way(end(anchor))
		if d >= last {
			t.Errorf("%s goes %v from the base, a weaker one %v", anchor, d, last)
		}
		last = d
	}
}

func distance(a, b []float32) (d float64) {
	for i, w := range a {
		d += math.Pow(float64(w-b[i]), 2)
	}
	return math.Sqrt(d)
}

// What is replayed is of the prior skill, comes in its share, and keeps that skill where plain SFT
// loses it.
func TestReplay(t *testing.T) {
	lane := testLane(t, []string{"sft_replay", "steps=3", "batch=8", "replay=0.5"})
	s := session(t, lane, 1)
	for s.phase != updating {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	levels := map[string]int{}
	for _, group := range s.batch.groups {
		for _, seq := range group {
			levels[seq.Problem.Level]++
			if lane.Task.HeldOut(seq.Problem) || lane.Task.Score(seq.Problem, seq.Response) != 1 {
				t.Errorf("%s is held out, or its demonstration is wrong", seq.Problem.Prompt)
			}
		}
	}
	if levels["id"] != 8 || levels["prior"] != 4 || len(levels) != 2 {
		t.Errorf("a batch of %v, want 8 to learn and 4 from before", levels)
	}
	run(t, s)
	if got := s.Cost().Demonstrations; got != 3*12 {
		t.Errorf("%d different demonstrations in 3 steps, want 36", got)
	}
}
