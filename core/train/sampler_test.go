package train

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// sampledBy returns what a sampler of these weights would have sampled for a collected batch.
func sampledBy(s *Session, weights *model.Params) []*rollout.Sequence {
	p := &policy{Params: weights, network: model.NewNetwork(weights), updates: -1}
	other := s.stage.newCollector()
	batch, _, _ := other.way.gather(p, s.stage.step, new(ledger))
	return rollout.Flatten(batch.groups)
}

// equalResponses reports whether sequences have the same tokens, recorded at the same
// log-probabilities.
func equalResponses(a, b []*rollout.Sequence) bool {
	return slices.EqualFunc(a, b, func(x, y *rollout.Sequence) bool {
		return slices.Equal(x.Response, y.Response) && slices.Equal(x.SampledLogp, y.SampledLogp)
	})
}

// With a lag of 2 the batch after n updates is sampled by the policy after max(0, n-2), rounded if
// the settings say so.
func TestTheSamplerIsOlderAndCoarser(t *testing.T) {
	for rounding, round := range map[string]func(*model.Params){"none": func(*model.Params) {},
		"bfloat16": (*model.Params).RoundBF16, "int8": (*model.Params).RoundInt8} {
		s := session(t, testLane(t, []string{"grpo", "steps=6", "batch=6", "lr=0.02", "lag=2",
			"rounding=" + rounding}), 1)
		var policies []*model.Params
		for step := range 6 {
			collected(t, s, step)
			policies = append(policies, s.Weights().Clone())
			want := policies[max(0, step-2)].Clone()
			round(want)
			if !equalResponses(s.batch.flat, sampledBy(s, want)) {
				t.Errorf("rounding %s: batch %d is not sampled by the policy of 2 updates ago",
					rounding, step)
			}
			if step > 2 && equalResponses(s.batch.flat, sampledBy(s, policies[step])) {
				t.Errorf("rounding %s: batch %d may as well be the policy's own", rounding, step)
			}
		}
	}
}

// Without rounding and lag every ratio is exactly 1, so a correction changes no bit and no event.
func TestRatiosAreOneWithoutMismatch(t *testing.T) {
	for _, name := range []string{"grpo", "reinforce", "uft", "gkd"} {
		plain := session(t, testLane(t, []string{name, "steps=4", "batch=8", "lr=0.01"}), 2)
		want := run(t, plain)
		for _, correct := range []string{"tis", "mis"} {
			for _, level := range []string{"token", "sequence", "mean"} {
				s := session(t, testLane(t, []string{name, "steps=4", "batch=8", "lr=0.01",
					"correct=" + correct, "correct_level=" + level, "correct_cap=1"}), 2)
				got := run(t, s)
				weighed := 0
				for _, seq := range s.batch.learned {
					for _, w := range seq.Weight {
						weighed++
						if w != 1 {
							t.Fatalf("%s, %s, %s: a weight of %v", name, correct, level, w)
						}
					}
				}
				if weighed == 0 || !reflect.DeepEqual(got, want) ||
					s.Weights().Digest() != plain.Weights().Digest() {
					t.Errorf("%s, %s, %s: it trains otherwise, or %d tokens are weighed", name,
						correct, level, weighed)
				}
			}
		}
	}
}

// firstUpdate returns a lane after its first update with a batch that is not the first one, and the
// update's event.
func firstUpdate(t *testing.T, settings ...string) (*Session, protocol.Event) {
	t.Helper()
	s := session(t, testLane(t, append([]string{"grpo", "steps=5", "batch=8", "lr=0.03", "beta=0",
		"epochs=2"}, settings...)), 1)
	collected(t, s, 2)
	events, err := s.Advance()
	if err != nil {
		t.Fatal(err)
	}
	return s, events[0]
}

// What is reported is what can be computed again from the batch by plain sums, and the ratio of the
// method begins at the policy.
func TestTheMismatchIsMeasured(t *testing.T) {
	for _, mismatched := range []string{"rounding=int8", "lag=2"} {
		s, event := firstUpdate(t, mismatched, "correct=tis", "correct_cap=1.01")
		tokens, ratio, kl, cut := 0.0, 0.0, 0.0, 0.0
		for _, seq := range s.batch.learned {
			for k, old := range seq.OldLogp {
				r := math.Exp(old - seq.SampledLogp[k])
				tokens, ratio, kl = tokens+1, ratio+r, kl+r-1-(old-seq.SampledLogp[k])
				if r > 1.01 {
					cut++
				}
				if want := math.Min(r, 1.01); math.Abs(seq.Weight[k]-want) > 1e-12 {
					t.Fatalf("%s: a weight of %v, want %v", mismatched, seq.Weight[k], want)
				}
			}
		}
		if kl == 0 || cut == 0 {
			t.Errorf("%s: nothing differs", mismatched)
		}
		for name, want := range map[string]float64{"train/sampler_ratio_mean": ratio,
			"train/sampler_kl_k3_nats": kl, "train/corrected_share": cut} {
			if got := metric(t, event, name); math.Abs(got-want/tokens) > 1e-9 {
				t.Errorf("%s: %s is %v, want %v", mismatched, name, got, want/tokens)
			}
		}
	}
}

// Answers that earn less than the others and are likelier to the sampler are left out, and no
// others.
func TestStaleAnswersAreLeftOut(t *testing.T) {
	const threshold = 0.01
	s, event := firstUpdate(t, "lag=2", "mask_stale=0.01", "batch=60", "group=12", "lr=0.002")
	stale, left := 0, 0
	for g, group := range s.batch.groups {
		for i, seq := range group {
			moved := 0.0
			for k, lp := range seq.OldLogp {
				moved += (seq.SampledLogp[k] - lp) / float64(len(seq.OldLogp))
			}
			if seq.Stale != (moved > threshold) {
				t.Errorf("stale is %v after %v nats", seq.Stale, moved)
			}
			f := s.batch.objective.(objective.Explainer).Explain(s.batch.seen, g, i)[0]
			if seq.Stale {
				stale++
			}
			if out := f.Mask == 0; out != (seq.Stale && f.Advantage < 0) {
				t.Errorf("left out is %v, stale %v with an advantage of %v", out, seq.Stale,
					f.Advantage)
			} else if out {
				left++
			}
		}
	}
	if left == 0 || stale == len(s.batch.learned) {
		t.Errorf("%d of %d are stale and %d left out", stale, len(s.batch.learned), left)
	}
	if got, want := metric(t, event, "train/stale_share"),
		float64(stale)/float64(len(s.batch.learned)); got != want {
		t.Errorf("the share of stale answers is reported as %v, want %v", got, want)
	}
}

// With several updates a batch, what was sampled by the policy itself becomes stale as well.
func TestAnswersBecomeStaleByTraining(t *testing.T) {
	free := ending(t, "grpo", "epochs=4", "lr=0.05")
	if masked := ending(t, "grpo", "epochs=4", "lr=0.05", "mask_stale=0.05"); masked == free {
		t.Error("nothing becomes stale in four updates")
	}
	if masked := ending(t, "grpo", "epochs=4", "lr=0.05", "mask_stale=100"); masked != free {
		t.Error("something is stale by more than 100 nats a token")
	}
}

// Whatever offers the knobs is changed by each of them.
func TestSamplerKnobsAreOfferedWhereTheyAct(t *testing.T) {
	eachMethod(t, func(t *testing.T, m method.Method) {
		c := m.Collect(m.Defaults())
		offered := param.Defaults(MethodKnobs(m)).Has("rounding")
		if offered != (c.Group > 0 && c.Buffer == nil && c.Label == objective.Unlabelled) {
			t.Fatalf("offered is %v for %+v", offered, c)
		}
		if !offered {
			return
		}
		settings := []string{"batch=24"}
		for name, text := range map[string]string{"sft_steps": "1", "gamma": "1"} {
			if m.Defaults().Has(name) { // several batches with rewards
				settings = append(settings, name+"="+text)
			}
		}
		with := func(more ...string) string {
			return ending(t, m.Name, append(more, settings...)...)
		}
		plain, coarse := with(), with("rounding=int8")
		if coarse == plain {
			t.Error("rounding changes nothing")
		}
		if with("lag=1") == plain {
			t.Error("a lag changes nothing")
		}
		if with("rounding=int8", "correct=tis") == coarse {
			t.Error("a correction changes nothing")
		}
	})
}

func TestSamplersLeaveNoTrace(t *testing.T) {
	for _, lane := range []Lane{
		testLane(t, []string{"grpo", "steps=7", "batch=8", "lr=0.01", "epochs=2", "lag=3",
			"rounding=int8", "correct=mis", "mask_stale=0.01"},
			[]string{"reinforce", "steps=3", "batch=8", "lag=8"}),
		testLane(t, []string{"ppo", "steps=5", "batch=8", "lr=0.01", "rounding=bfloat16",
			"correct=tis", "correct_level=sequence", "rank=2", "lag=1"}),
		testLane(t, []string{"exgrpo", "steps=6", "batch=60", "group=12", "solved=0", "lr=0.01",
			"epochs=2", "lag=2", "correct=tis"}),
		testLane(t, []string{"uft", "steps=5", "batch=8", "lr=0.01", "fade=4", "lag=2",
			"correct=tis", "correct_level=mean"}),
		testLane(t, []string{"bread", "steps=4", "batch=16", "lr=0.01", "group=3", "lag=2"}),
	} {
		leavesNoTrace(t, lane)
	}
}

// A state that does not have the policies that its stage has yet to sample from is refused.
func TestRestoreChecksTheEarlierPolicies(t *testing.T) {
	lane := testLane(t, []string{"grpo", "steps=6", "batch=8", "lag=2"})
	s := session(t, lane, 1)
	for s.Updates() < 4 || !s.Resumable() {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	plain := testLane(t, []string{"grpo", "steps=6", "batch=8"})
	if err := session(t, plain, 1).Restore(s.State()); err == nil {
		t.Error("earlier policies are taken by a stage that samples itself")
	}
	for name, change := range map[string]func(state *State){
		"one less":    func(state *State) { state.Earlier = state.Earlier[:1] },
		"none":        func(state *State) { state.Earlier = nil },
		"a short one": func(state *State) { state.Earlier[1] = state.Earlier[1][:8] },
	} {
		state := s.State()
		change(state)
		if err := session(t, lane, 1).Restore(state); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// The copies that sample are counted, and they cost nothing else.
func TestEstimateOfTheSampler(t *testing.T) {
	grpo, err := method.Lookup("grpo")
	if err != nil {
		t.Fatal(err)
	}
	plain := checkEstimate(t, stopLane(grpo, map[string]string{"steps": "4", "batch": "6"}))
	for lag, want := range map[string]int{"0": 1, "1": 2, "8": 9} {
		got := checkEstimate(t, stopLane(grpo, map[string]string{"steps": "4", "batch": "6",
			"rounding": "int8", "lag": lag, "correct": "tis"}))
		if got.Copies-plain.Copies != want || got.FLOPs != plain.FLOPs {
			t.Errorf("lag %s: %d copies more and %v FLOPs, want %d and %v", lag,
				got.Copies-plain.Copies, got.FLOPs, want, plain.FLOPs)
		}
	}
}
