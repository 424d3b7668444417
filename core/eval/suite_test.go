package eval

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

const prompts = 24

// network is a random model for a task; a step of size away from it in a random
// direction is network(k, seed, size).
func network(k task.Task, seed uint64, size float64) *model.Network {
	p := model.NewParams(model.Config{Vocab: k.Vocab(), Dim: 8, Layers: 2, Heads: 2, Hidden: 12,
		Context: 72})
	p.Init(4)
	r := num.NewRand(seed, "test", "direction")
	for i := range p.Data {
		p.Data[i] += float32(size * r.Norm())
	}
	return model.NewNetwork(p)
}

func eachTask(t *testing.T, f func(t *testing.T, k task.Task)) {
	for _, k := range task.All() {
		t.Run(k.Name, func(t *testing.T) { f(t, k) })
	}
}

func TestSuiteMeasuresTheSameEveryTime(t *testing.T) {
	eachTask(t, func(t *testing.T, k task.Task) {
		base, policy := network(k, 0, 0), network(k, 1, 0.1)
		want := NewSuite(k, base, prompts, 5, 1)
		for _, workers := range []int{1, 2, 3, 8} {
			s := NewSuite(k, base, prompts, 5, workers)
			if workers > 1 {
				// nor what was measured before: the first suite has not asked the base yet
				s.Measure(base, 0)
			}
			for _, i := range []int{2, 0, 1, 0} { // the order does not matter
				metrics, sampled := s.Measure(policy, i)
				wantMetrics, wantSampled := want.Measure(policy, i)
				if !slices.Equal(metrics, wantMetrics) {
					t.Fatalf("%d workers, level %d: %v, want %v", workers, i, metrics, wantMetrics)
				}
				for j := range sampled {
					if !slices.Equal(sampled[j].Response, wantSampled[j].Response) {
						t.Fatalf("%d workers, level %d: response %d is another", workers, i, j)
					}
				}
			}
		}
	})
}

// Into which parts a measurement is cut, which depends on how many workers there are, leaves no
// trace.
func TestPartsLeaveNoTrace(t *testing.T) {
	k, err := task.Lookup("cards")
	if err != nil {
		t.Fatal(err)
	}
	const many, answers = 150, 40
	base, policy := network(k, 0, 0), network(k, 1, 0.1)
	measure := func(workers int) (metrics []protocol.Metric, parts int) {
		s := NewSuite(k, base, many, 5, workers)
		for i := range s.Levels() {
			m := s.Measurement(i)
			for parts++; !m.Advance(policy); parts++ {
			}
			level, _ := m.Metrics()
			metrics = append(metrics, level...)
		}
		for p := s.PassAtK(answers); p != nil; p = p.Next() {
			for parts++; !p.Advance(policy); parts++ {
			}
			metrics = append(metrics, p.Metrics()...)
		}
		return metrics, parts
	}
	want, parts := measure(1)
	for _, workers := range []int{2, 3, 5} {
		if got, fewer := measure(workers); !slices.Equal(got, want) || fewer >= parts {
			t.Errorf("%d workers measure in %d parts %v, one in %d %v", workers, fewer, got, parts,
				want)
		}
	}
}

func TestEveryMeasureIsDefinedAndWithinItsRange(t *testing.T) {
	eachTask(t, func(t *testing.T, k task.Task) {
		s := NewSuite(k, network(k, 0, 0), prompts, 5, 1)
		if s.Levels() != len(k.Levels) {
			t.Fatalf("%d levels, the task has %d", s.Levels(), len(k.Levels))
		}
		seen := map[string]bool{}
		for i := range s.Levels() {
			metrics, sampled := s.Measure(network(k, 2, 0.2), i)
			if len(sampled) != prompts {
				t.Errorf("%d responses to %d prompts", len(sampled), prompts)
			}
			for _, m := range metrics {
				d, ok := Define(m.Name)
				if !ok || seen[m.Name] {
					t.Errorf("%q is not defined, or was measured twice", m.Name)
				}
				seen[m.Name] = true
				most := map[string]float64{"share": 1,
					"nats per token":    math.Log(float64(k.Vocab())),
					"tokens":            float64(k.MaxResponse),
					"nats per response": math.Inf(1)}[d.Unit]
				if strings.Contains(m.Name, "/kl_") {
					most = math.Inf(1)
				}
				if !(m.Value >= 0 && m.Value <= most) {
					t.Errorf("%s is %v %s, want 0 to %v", m.Name, m.Value, d.Unit, most)
				}
			}
		}
		for _, l := range k.Levels {
			if !seen["eval/"+l.Name+"/accuracy"] || !seen["eval/"+l.Name+"/accuracy_greedy"] {
				t.Errorf("level %s has no accuracy", l.Name)
			}
		}
	})
}

func TestMeasuresFollowFromTheResponses(t *testing.T) {
	eachTask(t, func(t *testing.T, k task.Task) {
		s := NewSuite(k, network(k, 0, 0), prompts, 5, 2)
		for i, l := range k.Levels {
			metrics, sampled := s.Measure(network(k, 3, 0.3), i)
			right, reward, tokens, entropy := 0.0, 0.0, 0.0, 0.0
			for j, seq := range sampled {
				if seq.Problem != k.EvalPrompts(l.Name, prompts)[j] {
					t.Fatalf("level %s: response %d is to %+v", l.Name, j, seq.Problem)
				}
				if score := k.Score(seq.Problem, seq.Response); score == 1 {
					right++
				}
				reward += k.Score(seq.Problem, seq.Response)
				tokens += float64(len(k.PolicyTokens(seq.Problem, seq.Response)))
				for _, h := range seq.Entropy {
					entropy += h
				}
			}
			for name, want := range map[string]float64{"accuracy": right / prompts,
				"reward": reward / prompts, "response_tokens": tokens / prompts,
				"entropy_nats": entropy / tokens} {
				at := slices.IndexFunc(metrics,
					func(m protocol.Metric) bool { return m.Name == "eval/"+l.Name+"/"+name })
				if at < 0 || metrics[at].Value != want {
					t.Errorf("level %s: %s is not %v in %v", l.Name, name, want, metrics)
				}
			}
		}
	})
}

func TestTheSeedIsTheLuckNotThePrompts(t *testing.T) {
	eachTask(t, func(t *testing.T, k task.Task) {
		base := network(k, 0, 0)
		one, two := NewSuite(k, base, prompts, 1, 1), NewSuite(k, base, prompts, 2, 1)
		a, first := one.Measure(base, 0)
		b, second := two.Measure(base, 0)
		same := 0
		for i := range first {
			if first[i].Problem != second[i].Problem {
				t.Fatalf("prompt %d depends on the seed", i)
			}
			if slices.Equal(first[i].Response, second[i].Response) {
				same++
			}
		}
		if same == prompts {
			t.Error("two seeds gave the same responses")
		}
		greedy := func(m []protocol.Metric) protocol.Metric {
			return m[slices.IndexFunc(m,
				func(m protocol.Metric) bool { return m.Name == "eval/id/accuracy_greedy" })]
		}
		if greedy(a) != greedy(b) {
			t.Error("greedy accuracy depends on the seed")
		}
	})
}

// What is measured is one plain sample at temperature 1 per prompt, with the
// numbers of the suite's own address.
func TestResponsesAreSampledAtTemperatureOne(t *testing.T) {
	eachTask(t, func(t *testing.T, k task.Task) {
		policy := network(k, 1, 0.1)
		s := NewSuite(k, network(k, 0, 0), prompts, 5, 1)
		for i, l := range k.Levels {
			r := rollout.Request{Group: 1, MaxResponse: k.MaxResponse, Temp: 1, Seed: 5,
				Purpose: "evaluate", Name: k.Name + "/" + l.Name}
			r.World = World(k, k.EvalPrompts(l.Name, prompts))
			for _, p := range k.EvalPrompts(l.Name, prompts) {
				r.Prompts = append(r.Prompts, k.MustEncode(p.Prompt))
			}
			_, sampled := s.Measure(policy, i)
			for j, want := range rollout.NewSampler(policy.Config, 1).Sample(policy, r) {
				if !slices.Equal(sampled[j].Response, want.Tokens) ||
					!slices.Equal(sampled[j].Logp, want.Logp) {
					t.Fatalf("level %s: response %d is %v, want %v", l.Name, j, sampled[j].Response,
						want.Tokens)
				}
			}
		}
	})
}

// distances are the metrics of the first level that say how far a policy is from the base.
func distances(s *Suite, n *model.Network) map[string]float64 {
	metrics, _ := s.Measure(n, 0)
	found := map[string]float64{}
	for _, m := range metrics {
		if name, ok := strings.CutPrefix(m.Name, "eval/id/kl_"); ok {
			found[name] = m.Value
		}
	}
	return found
}

func TestDistanceOfTheBaseFromItselfIsExactlyZero(t *testing.T) {
	eachTask(t, func(t *testing.T, k task.Task) {
		s := NewSuite(k, network(k, 0, 0), prompts, 5, 2)
		found := distances(s, network(k, 0, 0))
		for _, name := range []string{"base_policy_nats", "base_policy_token_nats",
			"policy_base_nats", "policy_base_token_nats"} {
			if kl, ok := found[name]; !ok || kl != 0 {
				t.Errorf("%s is %v, measured %v", name, kl, ok)
			}
		}
	})
}

// The same distances from raw logits, in float64 from there on: from the base on its own responses,
// from the policy on those of its own to the first prompts.
func TestDistancesAgainstTheirDefinition(t *testing.T) {
	eachTask(t, func(t *testing.T, k task.Task) {
		const prompts = 80
		base := network(k, 0, 0)
		s := NewSuite(k, base, prompts, 5, 2)
		for i, size := range []float64{1e-5, 1e-3, 0.1, 1} {
			policy := network(k, uint64(i), size)
			got := distances(s, policy)
			_, sampled := s.Measure(policy, 0)
			check := func(name string, from, to *model.Network, sequences []*rollout.Sequence) {
				want, tokens := 0.0, 0.0
				for _, seq := range sequences {
					tokens += float64(seq.PolicyLen())
					p, q := exact(from, seq), exact(to, seq)
					for j := range p {
						if seq.PolicyAt == nil || slices.Contains(seq.PolicyAt, j/k.Vocab()) {
							want += math.Exp(p[j]) * (p[j] - q[j])
						}
					}
				}
				n := float64(len(sequences))
				// A float32 log-probability, at most 32 in size here, is off by 1e-6
				// each way, a probability by 1e-6 of itself: so is each token's sum.
				bound := 4e-6 * tokens / n * max(1, want/n)
				if kl := got[name+"_nats"]; math.Abs(kl-want/n) > bound || kl < -bound {
					t.Errorf("a step of %v away: %s is %v, by its definition %v", size, name, kl,
						want/n)
				}
				if kl := got[name+"_token_nats"]; math.Abs(kl-want/tokens) > bound*n/tokens {
					t.Errorf("a step of %v away: %s is %v per token, by its definition %v", size,
						name, kl, want/tokens)
				}
			}
			check("base_policy", base, policy, s.baseDists.sequences)
			check("policy_base", policy, base, sampled[:ownPrompts])
		}
	})
}

// Abstaining, being wrong and being right by a claim exclude each other and leave nothing out.
func TestAbstentions(t *testing.T) {
	told := map[string]bool{}
	eachTask(t, func(t *testing.T, k task.Task) {
		s := NewSuite(k, network(k, 0, 0), prompts, 5, 1)
		for i, l := range k.Levels {
			metrics, sampled := s.Measure(network(k, 4, 0.5), i)
			found := map[string]float64{}
			for _, m := range metrics {
				found[strings.TrimPrefix(m.Name, "eval/"+l.Name+"/")] = m.Value
			}
			abstention, ok := found["abstention"]
			if ok != (k.Abstains != nil) {
				t.Fatalf("abstention is measured: %v", ok)
			}
			if !ok {
				continue
			}
			told[k.Name] = true
			abstained, claimed := 0.0, 0.0
			for _, seq := range sampled {
				text, finished := k.Decode(seq.Response)
				if finished && k.Abstains(seq.Problem, text) {
					abstained++
				} else if seq.Reward == 1 {
					claimed++
				}
			}
			if abstention != abstained/prompts ||
				math.Abs(abstention+found["hallucination"]+claimed/prompts-1) > 1e-15 {
				t.Errorf("level %s: abstention %v, hallucination %v; of %d responses %v abstain "+
					"and %v claim what is right", l.Name, abstention, found["hallucination"],
					prompts, abstained, claimed)
			}
		}
	})
	if !told["facts"] || !told["refusal"] {
		t.Errorf("told apart in %v, want facts and refusal among them", told)
	}
}

// exact is log-probabilities (T,V) of a response from the model's raw logits.
func exact(n *model.Network, seq *rollout.Sequence) []float64 {
	var batch model.Batch
	batch.Reset()
	batch.Append(seq.Prompt, seq.Response[:len(seq.Response)-1])
	v := n.Config.Vocab
	logits := model.NewTape(n.Config, false).Logits(n, &batch)[(len(seq.Prompt)-1)*v:]
	logp := make([]float64, len(logits))
	for from := 0; from < len(logits); from += v {
		total := 0.0
		for _, z := range logits[from : from+v] {
			total += math.Exp(float64(z))
		}
		for j := from; j < from+v; j++ {
			logp[j] = float64(logits[j]) - math.Log(total)
		}
	}
	return logp
}

func TestAccuracyCountsFullRewardsAlone(t *testing.T) {
	var all []*rollout.Sequence
	for _, reward := range []float64{1, 0, 0.999, 0.5, 1} {
		all = append(all, &rollout.Sequence{Completion: objective.Completion{Reward: reward}})
	}
	for n, want := range []float64{1: 1, 2: 0.5, 3: 1.0 / 3, 4: 0.25, 5: 0.4} {
		if n > 0 && Accuracy(all[:n]) != want {
			t.Errorf("accuracy of the first %d is %v, want %v", n, Accuracy(all[:n]), want)
		}
	}
}
