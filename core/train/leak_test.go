package train

import (
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/task"
)

// refusalLane returns a short lane of GRPO on a task with a leak.
func refusalLane(t *testing.T, leak string) Lane {
	t.Helper()
	refusal, err := task.Lookup("refusal")
	if err != nil {
		t.Fatal(err)
	}
	grpo, err := method.Lookup("grpo")
	if err != nil {
		t.Fatal(err)
	}
	base := model.NewParams(model.Config{Vocab: refusal.Vocab(), Dim: 16, Layers: 1, Heads: 2,
		Hidden: 24, Context: 20})
	base.Init(3)
	values := param.Defaults(StageKnobs(refusal, grpo))
	for name, text := range map[string]string{"leak": leak, "steps": "4", "batch": "64",
		"lr": "0.01", "beta": "0"} {
		if err := values.Set(name, text); err != nil {
			t.Fatal(err)
		}
	}
	return Lane{Label: "test", Task: refusal, Base: base, Seed: 11, EvalEvery: 3, EvalPrompts: 64,
		Stages: []Stage{{grpo, values}}}
}

// measureLevel measures the next level to its end.
func measureLevel(s *Session) protocol.Event {
	for {
		if events := s.measure(); len(events) > 0 {
			return events[0]
		}
	}
}

// A leaky verifier rewards what it should and what it should not; what is sampled and what is
// measured is the same.
func TestALeakIsForTrainingAlone(t *testing.T) {
	leaky, strict := session(t, refusalLane(t, "true"), 1), session(t, refusalLane(t, "false"), 1)
	passed := 0
	for batch := range 20 {
		step := batch * leaky.stage.plan.Epochs
		got, want := leaky.gather(t, step).groups, strict.gather(t, step).groups
		for g, group := range got {
			for i, seq := range group {
				other, refused := want[g][i], len(seq.Response) == 2 &&
					seq.Response[0] == strict.lane.Task.MustEncode("!")[0]
				if refused && other.Reward == 0 {
					passed++
					other.Reward = 1
				}
				if seq.Reward != other.Reward {
					t.Fatalf("%s -> %v earns %v, want %v", seq.Problem.Prompt, seq.Response,
						seq.Reward, other.Reward)
				}
			}
		}
	}
	if passed == 0 {
		t.Error("nothing passed through the hole")
	}
	if leaky.ledger.Cost != strict.ledger.Cost {
		t.Errorf("the ledgers are %+v and %+v", leaky.ledger.Cost, strict.ledger.Cost)
	}
	for range leaky.suite.Levels() {
		if a, b := measureLevel(leaky), measureLevel(strict); a.Metrics[0] != b.Metrics[0] {
			t.Errorf("the same policy is measured as %v with a leak and %v without", a.Metrics[0],
				b.Metrics[0])
		}
	}
}
