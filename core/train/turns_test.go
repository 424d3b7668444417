package train

import (
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// mazeBase has learned a little of walking through mazes.
var mazeBase = sync.OnceValue(func() *model.Params {
	maze, err := task.Lookup("maze")
	if err != nil {
		panic(err)
	}
	values := param.Defaults(PretrainingKnobs(maze))
	for _, setting := range []string{"steps=200", "batch=32", "lr=0.01", "warmup=10", "decay=0"} {
		if err := values.Set(split(setting)); err != nil {
			panic(err)
		}
	}
	c := model.Config{Vocab: maze.Vocab(), Dim: 16, Layers: 2, Heads: 2, Hidden: 24, Context: 24}
	base, err := Pretraining{Task: maze, Config: c, Values: values}.Run(2,
		func(int, float64) error { return nil })
	if err != nil {
		panic(err)
	}
	return base
})

func mazeLane(t testing.TB, stages ...[]string) Lane {
	t.Helper()
	maze, err := task.Lookup("maze")
	if err != nil {
		t.Fatal(err)
	}
	return laneOn(t, maze, mazeBase(), stages...)
}

// Where a world speaks, no method sees what it says: every number that it reads and every
// coefficient that it writes belongs to one of the policy's own tokens, and those are at the places
// where the task says they are.
func TestTheWorldGetsNoCoefficient(t *testing.T) {
	eachMethod(t, func(t *testing.T, m method.Method) {
		lane := mazeLane(t, []string{m.Name, "steps=3", "batch=6", "lr=0.01"})
		s, said := session(t, lane, 1), 0
		for !s.Done() {
			events, err := s.Advance()
			if err != nil {
				t.Fatal(err)
			}
			if len(events) == 0 || events[0].Kind != protocol.Updated {
				continue
			}
			for g, group := range s.batch.groups {
				for i, seq := range group {
					checkTurns(t, lane.Task, seq)
					said += len(seq.Response) - seq.PolicyLen()
					c := s.batch.coeffs[g][i]
					for _, numbers := range [][]float64{c.Logp, c.Entropy, c.ExactKL, c.Value,
						seq.Logp} {
						if len(numbers) != seq.PolicyLen() {
							t.Fatalf("%d numbers for a response with %d own tokens of %d",
								len(numbers), seq.PolicyLen(), len(seq.Response))
						}
					}
					if n := len(c.Dense); n != 0 && n != seq.PolicyLen()*lane.Task.Vocab() {
						t.Fatalf("%d dense coefficients for %d own tokens", n, seq.PolicyLen())
					}
				}
			}
		}
		if said == 0 {
			t.Error("the world never spoke")
		}
	})
}

// checkTurns compares a sequence with how the task plays it out. A response that was cut off may
// have less room than the task gives.
func checkTurns(t *testing.T, k task.Task, seq *rollout.Sequence) {
	t.Helper()
	played, places := k.PlayTurns(seq.Problem, seq.Response)
	if !slices.Equal(played[:len(seq.Response)], seq.Response) ||
		!slices.Equal(places, seq.PolicyAt) {
		t.Fatalf("%s%v has own tokens at %v; the task plays it as %v with own tokens at %v",
			seq.Problem.Prompt, seq.Response, seq.PolicyAt, played, places)
	}
}

// Threads and interruptions leave no trace where a world speaks either, whichever way through the
// trainer is taken.
func TestTurnsLeaveNoTrace(t *testing.T) {
	for _, g := range turnsGolden {
		lane := mazeLane(t, g.stage)
		s, other, half := session(t, lane, 1), session(t, lane, 3), session(t, lane, 1)
		if want, got := run(t, s), run(t, other); !reflect.DeepEqual(got, want) {
			t.Errorf("%v: events on three threads differ from those on one", g.stage)
		}
		for half.Updates() < 1 || !half.Resumable() {
			advance(t, half, 1)
		}
		resumed := session(t, lane, 2)
		if err := resumed.Restore(roundTrip(t, half.State())); err != nil {
			t.Fatal(err)
		}
		run(t, resumed)
		if s.Weights().Digest() != other.Weights().Digest() ||
			s.Weights().Digest() != resumed.Weights().Digest() || s.Cost() != resumed.Cost() {
			t.Errorf("%v: lanes on one thread, on three and resumed end differently", g.stage)
		}
	}
}

// turnsGolden holds digests as golden does: demonstrations, rollouts, and rollouts that begin as a
// demonstration does.
var turnsGolden = []struct {
	stage  []string
	digest string
}{
	{[]string{"sft", "steps=5", "batch=8", "lr=0.01", "style=walk", "wrong=0.3"},
		"7bbcc904d9728c5a"},
	{[]string{"grpo", "steps=5", "batch=8", "lr=0.01"}, "32ae53303dfab500"},
	{[]string{"prefix_rft", "steps=5", "batch=8", "lr=0.01", "epochs=2", "entropy=0.01"},
		"1ff18693bbb0c879"},
	{[]string{"srl", "steps=5", "batch=8", "lr=0.01"}, "7a724464c7f9d6da"},
}

func TestGoldenDigestsInTurns(t *testing.T) {
	for _, g := range turnsGolden {
		s := session(t, mazeLane(t, g.stage), 2)
		run(t, s)
		if got := s.Weights().Digest()[:16]; got != g.digest {
			t.Errorf("%v ends with %s, want %s", g.stage, got, g.digest)
		}
	}
}

// The ledger counts what the policy itself says.
func TestTheLedgerLeavesTheWorldOut(t *testing.T) {
	s := session(t, mazeLane(t, []string{"grpo", "steps=1", "batch=6"}), 1)
	own, all := 0, 0
	for s.Updates() == 0 {
		advance(t, s, 1)
	}
	for _, seq := range s.batch.flat {
		own, all = own+seq.PolicyLen(), all+len(seq.Response)
	}
	if c := s.Cost(); c.TokensGenerated != own || c.TokensTrained != own || own == all {
		t.Errorf("%d tokens sampled and %d trained on, want %d of %d", c.TokensGenerated,
			c.TokensTrained, own, all)
	}
}

// The gradient with the policy's own tokens alone is that of the whole response with nothing on the
// world's, to the bit.
func TestGradientInTurns(t *testing.T) {
	s := session(t, mazeLane(t, []string{"grpo", "steps=1", "batch=6", "beta=0"}), 1)
	for s.Updates() == 0 {
		advance(t, s, 1)
	}
	network := model.NewNetwork(mazeBase())
	own := s.gradients.Compute(network, s.batch.flat, s.batch.coeffs).Clone()
	whole, coeffs := make([]*rollout.Sequence, len(s.batch.flat)), objective.Coeffs{nil}
	i := 0
	for _, group := range s.batch.coeffs {
		for _, c := range group {
			seq := *s.batch.flat[i]
			n := len(seq.Response)
			c.Logp, c.Entropy, c.ExactKL = rollout.Scatter(seq.PolicyAt, c.Logp,
				n), rollout.Scatter(seq.PolicyAt, c.Entropy, n), rollout.Scatter(
				seq.PolicyAt, c.ExactKL, n)
			seq.PolicyAt, seq.Logp = nil, make([]float64, n)
			whole[i] = &seq
			coeffs[0] = append(coeffs[0], c)
			i++
		}
	}
	if got := s.gradients.Compute(network, whole, coeffs); got.Digest() != own.Digest() {
		t.Error("the gradient of own tokens is not that of the whole with nothing on the world's")
	}
}

// A lane that is asked plays by the rules, and what is shown has a number for every symbol.
func TestLookingAndAskingInTurns(t *testing.T) {
	lane := mazeLane(t, []string{"grpo", "steps=1", "batch=6"})
	s := session(t, lane, 1)
	for _, c := range []protocol.Command{
		{Kind: protocol.Look, Level: "ood", Samples: 6},
		{Kind: protocol.Ask, Text: "XAJ:CFGM=", Samples: 6},
		{Kind: protocol.Ask, Text: "XAJ=", Samples: 2}, {Kind: protocol.Explain, Samples: 6},
	} {
		if err := s.Do(c); err != nil {
			t.Fatal(err)
		}
	}
	for !s.Done() || !s.Idle() {
		events, err := s.Advance()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			for _, sample := range e.Samples {
				n := len(sample.Response)
				if sample.Finished {
					n++
				}
				if (e.Kind == protocol.Looked || e.Kind == protocol.Explained) &&
					len(sample.Logp) != n ||
					e.Kind == protocol.Explained && len(sample.Pushes) != n {
					t.Errorf("%s: %d log-probabilities and %d pushes for %+v", e.Kind,
						len(sample.Logp), len(sample.Pushes), sample)
				}
				if p, ok := lane.Task.Read(sample.Prompt); ok {
					tokens := lane.Task.MustEncode(sample.Response)
					played, places := lane.Task.PlayTurns(p, tokens)
					if !slices.Equal(played[:len(tokens)], tokens) {
						t.Errorf("%s: %+v is not what the world says", e.Kind, sample)
					}
					for i, world := range sample.World {
						if i < len(tokens) && world == slices.Contains(places, i) {
							t.Errorf("%s: %+v has the world's symbols wrong", e.Kind, sample)
						}
					}
				}
			}
		}
	}
}
