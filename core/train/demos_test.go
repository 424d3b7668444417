package train

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// gather gathers the batch that a step of the stage at hand begins with.
func (s *Session) gather(t *testing.T, step int) gathered {
	t.Helper()
	for !s.stage.collector.chooseDemonstrated(s.scorer, &s.stage.frozen, &s.ledger) {
	}
	for {
		if b, done, err := s.stage.collector.way.gather(&s.policy, step, &s.ledger); err != nil {
			t.Fatal(err)
		} else if done {
			return b
		}
	}
}

// firstBatches returns the first batches of a lane of one stage.
func firstBatches(t *testing.T, batches int, settings ...string) (s *Session,
	all [][]rollout.Group) {
	t.Helper()
	s = session(t, testLane(t, settings), 1)
	for b := range batches {
		all = append(all, s.gather(t, b*s.stage.plan.Epochs).groups)
	}
	return s, all
}

// promptsShown lists the prompts of the practised demonstrations in some batches, each once.
func promptsShown(batches [][]rollout.Group) (prompts []string) {
	for _, groups := range batches {
		for _, group := range groups {
			for _, seq := range group {
				if seq.Source == objective.Demo && seq.Problem.Level != "prior" &&
					!slices.Contains(prompts, seq.Problem.Prompt) {
					prompts = append(prompts, seq.Problem.Prompt)
				}
			}
		}
	}
	return prompts
}

// A method that imitates practises the prompts with a demonstration alone, all alike; one that
// samples as well goes on with all prompts, and shows what it can. The ledger counts what was
// written.
func TestFewDemonstrations(t *testing.T) {
	for _, choice := range []string{"order", "fisher"} {
		s, batches := firstBatches(t, 10, "sft", "batch=6", "demos=12", "select="+choice)
		times := map[string]int{}
		for _, groups := range batches {
			for _, group := range groups {
				times[group[0].Problem.Prompt]++
			}
		}
		for prompt, n := range times {
			if n != 5 {
				t.Errorf("%s: prompt %s is practised %d times, want 5 as often as any", choice,
					prompt, n)
			}
		}
		if written := map[string]int{"order": 12,
			"fisher": len(s.prompts)}[choice]; len(times) != 12 ||
			s.ledger.Cost.Demonstrations != written {
			t.Errorf("%s: %d prompts are practised and %d demonstrations paid for, want 12 and %d",
				choice, len(times), s.ledger.Cost.Demonstrations, written)
		}
		hybrid, batches := firstBatches(t, 4, "mix", "batch=60", "group=1", "demos=12",
			"select="+choice)
		if got := promptsShown(batches); len(got) > 12 || len(got) == 0 {
			t.Errorf("%s: %d prompts are shown to a hybrid", choice, len(got))
		} else if choice == "order" && hybrid.ledger.Demonstrations != len(got) {
			t.Errorf("a hybrid pays for %d demonstrations, and has seen %d",
				hybrid.ledger.Demonstrations, len(got))
		}
		for _, groups := range batches {
			if len(groups) != 60 {
				t.Errorf("%s: a hybrid's batch has %d prompts", choice, len(groups))
			}
			for _, group := range groups {
				i := slices.IndexFunc(hybrid.prompts,
					func(p prompt) bool { return p.Prompt == group[0].Problem.Prompt })
				if shown := len(group) == 2; shown != slices.Contains(
					hybrid.stage.collector.demonstrated.prompts, i) {
					t.Errorf("%s: prompt %d is shown: %v", choice, i, shown)
				}
			}
		}
	}
}

// As many demonstrations as prompts are all of them.
func TestAllDemonstrations(t *testing.T) {
	want := ending(t, "sft")
	s := session(t, testLane(t, []string{"sft"}), 1)
	for _, choice := range []string{"order", "fisher"} {
		if ending(t, "sft", fmt.Sprintf("demos=%d", len(s.prompts)), "select="+choice) != want {
			t.Errorf("%s: demonstrations of all prompts are not all demonstrations", choice)
		}
	}
}

// On every task the verifier rejects what is to be wrong, and the same prompts are wrong for
// whoever asks; more of them when more are to be.
func TestWrongDemonstrationsAreRejected(t *testing.T) {
	for _, k := range task.All() {
		sft, err := method.Lookup("sft")
		if err != nil {
			t.Fatal(err)
		}
		problems := k.TrainPrompts(5, min(400, k.Prompts))
		before := make([]bool, len(problems))
		for _, share := range []float64{0, 0.3, 0.7, 1} {
			values := param.Defaults(StageKnobs(k, sft))
			if err := values.Set("wrong", fmt.Sprint(share)); err != nil {
				t.Fatal(err)
			}
			e, prompts := expert{k, values, streams{5, k.Name, 0}}, encode(k, problems)
			wrong := 0.0
			for i, p := range problems {
				seq := e.demonstrate(prompts[i], i)
				switch score := k.Score(p, seq.Response); {
				case score < 0.5:
					wrong++
					before[i] = true
				case score < 1:
					t.Errorf("%s: a demonstration that earns %v is neither right nor wrong", k.Name,
						score)
				case before[i]:
					t.Errorf("%s: prompt %d was wrong when fewer were", k.Name, i)
				}
				if len(seq.Response) > k.MaxResponse ||
					seq.Response[len(seq.Response)-1] != task.End ||
					slices.Contains(seq.Response[:len(seq.Response)-1], task.End) {
					t.Errorf("%s: a demonstration of %v", k.Name, seq.Response)
				}
				if again := e.demonstrate(prompts[i], i); !slices.Equal(again.Response,
					seq.Response) {
					t.Errorf("%s: prompt %d is demonstrated in two ways", k.Name, i)
				}
			}
			n := float64(len(problems))
			// exact at 0 and 1
			if sd := math.Sqrt(share * (1 - share) * n); math.Abs(wrong-share*n) > 4*sd {
				t.Errorf("%s: %v of %v demonstrations are wrong, want %v of them", k.Name, wrong, n,
					share)
			}
		}
	}
}

// What is rehearsed by prior takes the place of what is practised, and is right whatever is wrong
// with that.
func TestMixingWithThePriorSkill(t *testing.T) {
	for prior, want := range map[string]int{"0": 0, "0.25": 2, "0.5": 4, "1": 7} {
		_, batches := firstBatches(t, 3, "sft", "batch=8", "wrong=1", "prior="+prior)
		for _, groups := range batches {
			rehearsed := 0
			for _, group := range groups {
				for _, seq := range group {
					if seq.Problem.Level == "prior" {
						rehearsed++
					}
				}
			}
			if len(groups) != 8 || rehearsed != want {
				t.Errorf("prior=%s: %d of %d demonstrations are of the prior skill, want %d of 8",
					prior, rehearsed, len(groups), want)
			}
		}
	}
}

func TestDemonstrationsLeaveNoTrace(t *testing.T) {
	leavesNoTrace(t, testLane(t,
		[]string{"sft", "steps=5", "batch=8", "lr=0.01", "demos=20", "select=fisher", "wrong=0.5",
			"prior=0.25"},
		[]string{"luffy", "steps=3", "batch=60", "group=2", "demos=20", "select=fisher"}))
	leavesNoTrace(t, testLane(t,
		[]string{"hpt", "steps=4", "batch=60", "group=2", "demos=20", "wrong=0.5", "prompts=band"}))
}

// The greedy choice by determinants written out, without short cuts: the same.
func TestMostInformativeIsGreedy(t *testing.T) {
	const dim = 4
	for seed := range uint64(20) {
		r := num.NewRand(seed, "test", "fisher")
		pool := make([][]float64, 12)
		for i := range pool {
			pool[i] = make([]float64, dim*(1+r.IntN(3)))
			for k := range pool[i] {
				pool[i][k] = r.Norm()
			}
		}
		information := func(chosen []int) float64 {
			sum := make([]float64, dim*dim)
			for i := range dim {
				sum[i*dim+i] = 1
			}
			for _, c := range chosen {
				for x := pool[c]; len(x) > 0; x = x[dim:] {
					for i := range dim {
						for j := range dim {
							sum[i*dim+j] += x[i] * x[j]
						}
					}
				}
			}
			return math.Log(determinant(sum, dim))
		}
		var want []int
		for range 7 {
			best, most := -1, math.Inf(-1)
			for i := range pool {
				if slices.Contains(want, i) {
					continue
				}
				if now := information(append(slices.Clone(want), i)); now > most {
					best, most = i, now
				}
			}
			want = append(want, best)
		}
		s := newSelection(7, dim, make([]*rollout.Sequence, len(pool)))
		for s.features = pool; !s.advance(nil, nil, 1); {
		}
		if !slices.Equal(s.chosen, want) {
			t.Errorf("seed %d: chooses %v, want %v", seed, s.chosen, want)
		}
	}
}

// determinant returns Laplace's expansion along the first row.
func determinant(a []float64, n int) (det float64) {
	if n == 1 {
		return a[0]
	}
	sign := 1.0
	for j := range n {
		var minor []float64
		for i := 1; i < n; i++ {
			minor = append(append(minor, a[i*n:i*n+j]...), a[i*n+j+1:(i+1)*n]...)
		}
		det += sign * a[j] * determinant(minor, n-1)
		sign = -sign
	}
	return det
}

// Who has which of the knobs.
func TestDemonstrationKnobsAreOfferedWhereTheyAct(t *testing.T) {
	for _, m := range method.All() {
		v, c := param.Defaults(MethodKnobs(m)), m.Collect(m.Defaults())
		for _, name := range []string{"demos", "select", "wrong"} {
			want := c.Demonstrates() && c.Hint == nil || m.Name == "dials" // with source=demos
			if v.Has(name) != want {
				t.Errorf("%s: %s is offered: %v", m.Name, name, v.Has(name))
			}
		}
		if want := c.Demos > 0 && c.Group == 0 && m.Name != "sft_replay"; v.Has("prior") != want {
			t.Errorf("%s: prior is offered: %v", m.Name, v.Has("prior"))
		}
		if !c.Demonstrates() || c.Hint != nil {
			continue
		}
		for _, setting := range []string{"demos=5", "wrong=1", "prior=0.5"} {
			if name, _ := split(setting); v.Has(name) && ending(t, m.Name, setting) == ending(t,
				m.Name) {
				t.Errorf("%s: %s changes nothing", m.Name, setting)
			}
		}
	}
}
