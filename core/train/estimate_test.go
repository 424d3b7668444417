package train

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/workload"
)

// stop is a task on which all responses have one token: the right one stops at once. So every
// sequence costs the same, and what the ledger counts is known to the last FLOP.
var stop = task.Task{
	Name: "stop", Alphabet: "01234567=", MaxResponse: 1, Prompts: 24,
	Levels:      []task.Level{{Name: "id"}, {Name: "ood"}, {Name: "prior"}},
	Demonstrate: func(*num.Rand, task.Problem, param.Values) string { return "" },
	Reward:      func(task.Problem, string) float64 { return 1 },
	Sample: func(r *num.Rand, level string) task.Problem {
		key := make([]byte, 6)
		for i := range key {
			key[i] = byte('0' + r.IntN(8))
		}
		return task.Problem{Level: level, Prompt: string(key) + "=", Key: string(key)}
	},
}

// stopLane returns a short lane of a method on that task.
func stopLane(m method.Method, settings map[string]string) Lane {
	base := model.NewParams(model.Config{Vocab: stop.Vocab(), Dim: 8, Layers: 1, Heads: 1,
		Hidden: 8, Context: 8})
	base.Init(3)
	teacher := model.NewParams(base.Config)
	teacher.Init(4)
	values := param.Defaults(StageKnobs(stop, m))
	for name, text := range settings {
		if values.Has(name) {
			if err := values.Set(name, text); err != nil {
				panic(err)
			}
		}
	}
	return Lane{Label: m.Name, Task: stop, Base: base, Teacher: teacher, Seed: 5, EvalEvery: 100,
		EvalPrompts: 1, Stages: []Stage{{m, values}}}
}

// What a method says that it takes is what the ledger of a run counts: exactly, where nothing is
// left out of a batch, and no more than that anywhere.
func TestEstimateIsWhatTheLedgerCounts(t *testing.T) {
	for _, m := range method.All() {
		for _, rank := range []string{"0", "2"} {
			t.Run(m.Name+"/rank="+rank, func(t *testing.T) {
				checkEstimate(t, stopLane(m,
					map[string]string{"steps": "4", "batch": "6", "epochs": "2", "rank": rank,
						"round": "3"}))
			})
		}
	}
}

// Leaving rollouts out saves training on them, and nothing else.
func TestEstimateDownsampling(t *testing.T) {
	for _, m := range method.All() {
		if !samples(m.Collect(m.Defaults())) {
			continue
		}
		for _, r := range keepRules[1:] {
			t.Run(m.Name+"/"+r.name, func(t *testing.T) {
				checkEstimate(t, stopLane(m,
					map[string]string{"steps": "4", "batch": "6", "group": "5", "epochs": "2",
						"downsample": r.name, "keep": "3"}))
			})
		}
	}
}

// Where no answer is ever right, all demonstrations are paid for that may be. Those of this task
// are empty, so a hint is free.
func TestEstimateWhereEveryAnswerIsWrong(t *testing.T) {
	for _, m := range method.All() {
		lane := stopLane(m, map[string]string{"steps": "4", "batch": "24", "round": "3"})
		if Estimate(m, lane.Stages[0].Values).PerPrompt.MoreDemonstrations == 0 ||
			m.Collect(lane.Stages[0].Values).Hint != nil {
			continue
		}
		lane.Task.Reward = func(task.Problem, string) float64 { return 0 }
		t.Run(m.Name, func(t *testing.T) {
			if got := checkEstimate(t, lane); got.Demonstrations != stop.Prompts {
				t.Errorf("%d demonstrations were paid for, want one for each of %d prompts",
					got.Demonstrations, stop.Prompts)
			}
		})
	}
}

// The optimiser's memory and the products of Muon are paid for with and without adapters.
func TestEstimateOptimisers(t *testing.T) {
	m, err := method.Lookup("ppo") // it has a critic, too
	if err != nil {
		t.Fatal(err)
	}
	for _, optimiser := range optim.Names() {
		for _, rank := range []string{"0", "2"} {
			t.Run(optimiser+"/rank="+rank, func(t *testing.T) {
				checkEstimate(t, stopLane(m, map[string]string{"steps": "4", "batch": "6",
					"epochs": "2", "rank": rank, "optimiser": optimiser}))
			})
		}
	}
}

// By hand: a layer of 4 matrices of 2×2 and 3 of 2×4, by 2·s²·(2l+s)·5 FLOPs for each.
func TestMuonIsCounted(t *testing.T) {
	shape := model.Config{Vocab: 3, Dim: 2, Layers: 1, Heads: 1, Hidden: 4, Context: 8}
	e := ResourceEstimate{Prompts: 1, Updates: 1, Sequences: 1, Optimiser: optim.NameMuon}
	want := 1 + 5*2*4*float64(4*6+3*10)/shape.TrainingFLOPs(7, 0)
	if got := e.AgainstSFT(shape, 7); math.Abs(got-want) > 1e-12 {
		t.Errorf("%v times SFT, want %v", got, want)
	}
}

// Consolidation is paid for once, whatever the method.
func TestEstimateConsolidation(t *testing.T) {
	for _, m := range method.All() {
		t.Run(m.Name, func(t *testing.T) {
			checkEstimate(t, stopLane(m,
				map[string]string{"steps": "4", "batch": "6", "epochs": "2", "ewc": "1",
					"prior": "0.5"}))
		})
	}
}

// What a method takes when few prompts have a demonstration, and when a batch is a mixture with the
// prior skill.
func TestEstimateDemonstrations(t *testing.T) {
	for _, m := range method.All() {
		if !m.Collect(m.Defaults()).Demonstrates() {
			continue
		}
		for _, settings := range []map[string]string{
			{"demos": "4"}, {"demos": "4", "select": "fisher"}, {"demos": "24", "select": "fisher"},
			{"prior": "0.5"}, {"prior": "1"}, {"demos": "2", "prior": "0.3"},
		} {
			settings["steps"], settings["batch"], settings["epochs"] = "4", "6", "2"
			t.Run(m.Name, func(t *testing.T) { checkEstimate(t, stopLane(m, settings)) })
		}
	}
}

func checkEstimate(t *testing.T, lane Lane) protocol.Cost {
	s := session(t, lane, 1)
	run(t, s)
	m, values := lane.Stages[0].Method, lane.Stages[0].Values
	o, got, updates := Estimate(m, values), s.Cost(), values.Int("steps")
	gatherings := updates / o.Updates * o.Prompts // prompts for which something is gathered
	if o.Buffered {
		gatherings = fillings(o, updates) * stop.Prompts
	}
	sampled, trained := gatherings*(o.PerPrompt.Sampled+o.PerPrompt.Retried)+
		2*o.RewardModels.Pairs, updates*o.Sequences
	perhaps := o.Waiting || o.PerPrompt.Retried > 0
	for _, c := range []struct {
		what      string
		got, want int
		leavesOut bool
	}{
		{"tokens generated", got.TokensGenerated, sampled, perhaps},
		{"verifier calls", got.VerifierCalls,
			gatherings * (o.PerPrompt.Checked + o.PerPrompt.Retried), perhaps},
		{"labels", got.Labels, gatherings*o.PerPrompt.Labels + o.RewardModels.Pairs, false},
		{"tokens trained", got.TokensTrained, trained, o.LeavesOut},
	} {
		if c.got > c.want || c.got < c.want && !c.leavesOut {
			t.Errorf("%s: the ledger has %d, the estimate %d", c.what, c.got, c.want)
		}
	}
	written := min(stop.Prompts, gatherings)
	if o.Demonstrated > 0 {
		written = min(written, o.Demonstrated)
	}
	prior := max(updates/o.Updates*o.Prior, min(o.Consolidated, stop.Prompts))
	least, most := written*o.PerPrompt.Demonstrations+
		prior, written*(o.PerPrompt.Demonstrations+o.PerPrompt.MoreDemonstrations)+prior
	if o.Compared && o.Demonstrated < stop.Prompts { // all are written
		least, most = stop.Prompts+prior, stop.Prompts+prior
	} else if o.Demonstrated > 0 && o.LeavesOut { // of those in a batch, some have none
		least = 0
	}
	if got.Demonstrations < least || got.Demonstrations > most {
		t.Errorf("demonstrations: the ledger has %d, the estimate %d to %d", got.Demonstrations,
			least, most)
	}
	if copies, _ := o.Copies(); got.Copies != len(copies) ||
		got.Bytes != o.Bytes(lane.Base.Config) {
		t.Errorf("memory: the ledger has %d copies in %v bytes, the estimate %d in %v", got.Copies,
			got.Bytes, len(copies), o.Bytes(lane.Base.Config))
	}
	const tokens = 8 // of a prompt and its response
	shape := lane.Base.Config
	each := shape.TrainingFLOPs(tokens,
		o.Rank) + shape.ForwardFLOPs(tokens)*float64(len(o.Frozen))/float64(o.Updates)
	want := stageFLOPs(o, shape, tokens, stop.Prompts,
		updates) - float64(trained-got.TokensTrained)*each -
		float64(sampled-got.TokensGenerated)*shape.ForwardFLOPs(tokens)
	if math.Abs(got.FLOPs-want) > 1e-9*want { // the ledger is one sum, in another order
		t.Errorf("FLOPs: the ledger has %v, the estimate, less what was left out, %v", got.FLOPs,
			want)
	}
	return got
}

// Counted by hand: SFT is the measure; GRPO samples 8 answers to a prompt and trains on them; a
// reference model looks at them once more.
func TestEstimateByHand(t *testing.T) {
	shape := workload.Small().Config
	critic := shape.Scalar().ForwardFLOPs(20) / shape.ForwardFLOPs(20) // its head has one output
	for _, c := range []struct {
		method   string
		settings []string
		against  float64
		copies   int
	}{
		{"sft", nil, 1, 4},
		{"sft", []string{"ewc=1"}, 1, 5},
		{"sft", []string{"optimiser=sgd"}, 1, 3},
		{"sft", []string{"optimiser=lion"}, 1, 3},
		{"grpo", []string{"group=8", "epochs=1", "beta=0"}, 8 * 4 / 3., 4},
		{"grpo", []string{"group=8", "epochs=1", "beta=0.01"}, 8 * 5 / 3., 5},
		{"grpo", []string{"group=8", "epochs=1", "beta=0.01", "downsample=pods", "keep=2"},
			(8 + 2*4) / 3., 5},
		{"grpo", []string{"group=8", "epochs=4", "beta=0.01"}, 8 * (2/4. + 3) / 3., 5},
		{"dpo", []string{"group=8"}, 8 * 4 / 3., 5},
		{"rlhf", []string{"group=8", "ensemble=3", "beta=0"}, 8 * (4 + 3*critic) / 3., 7},
		{"best_of_n", []string{"group=8"}, (8 + 8*critic + 3) / 3., 5},
		{"gkd", []string{"group=1"}, (1 + 2*(1+3)) / 3., 5},
		{"rft", nil, 1, 4},
		{"sdft", nil, 1, 4},
		{"relift", []string{"group=8", "epochs=1"}, 8 * 4 / 3., 4},
		{"star", nil, 1, 5},
		{"uft", []string{"group=8", "beta=0"}, 8 * 4 / 3., 4},
		{"bread", []string{"group=8", "episodes=10"}, 8 * (1 + 4 + 3) / 3., 4},
		{"remax", []string{"group=1"}, (2 + 3) / 3., 4},
		{"ppo", []string{"group=8", "epochs=4", "beta=0.01"},
			8 * ((2+critic)/4. + 3 + 3*critic) / 3., 9},
	} {
		m, err := method.Lookup(c.method)
		if err != nil {
			t.Fatal(err)
		}
		v := param.Defaults(MethodKnobs(m))
		for _, setting := range c.settings {
			name, text := split(setting)
			if err := v.Set(name, text); err != nil {
				t.Fatal(err)
			}
		}
		o := Estimate(m, v)
		against := o.AgainstSFT(shape, 20)
		copies, _ := o.Copies()
		if math.Abs(against-c.against) > 1e-12 || len(copies) != c.copies {
			t.Errorf("%s at %q: %v times SFT and copies %v, want %v and %d", c.method, c.settings,
				against, copies, c.against, c.copies)
		}
	}
}

// By hand: a model of 2·3·2 symbols' weights, 4·2²+3·2·4+2·2 of a layer and 2 of the norm has 58;
// with one output in the place of three it has 54. An adapter of rank 1 has 8·2+3·(2+4).
func TestBytesByHand(t *testing.T) {
	shape := model.Config{Vocab: 3, Dim: 2, Layers: 1, Heads: 1, Hidden: 4, Context: 8}
	for _, c := range []struct {
		estimate ResourceEstimate
		want     int
	}{
		{ResourceEstimate{}, 4 * 58},
		{ResourceEstimate{Rank: 1}, 58 + 4*34},
		{ResourceEstimate{Optimiser: "sgd"}, 3 * 58},
		{ResourceEstimate{Optimiser: "lion", Rank: 1}, 58 + 3*34},
		// a second moment of two norms, the last one, the embedding and the output layer
		{ResourceEstimate{Optimiser: "muon"}, 3*58 + 3*2 + 2*6},
		{ResourceEstimate{Optimiser: "muon", Rank: 1}, 58 + 3*34},
		{ResourceEstimate{Frozen: []string{"reference model"}, Critic: true}, 5*58 + 4*54},
		{ResourceEstimate{RewardModels: RewardModels{Models: 3}, Consolidated: 1}, 5*58 + 3*54},
	} {
		if got := c.estimate.Bytes(shape); got != float64(4*c.want) {
			t.Errorf("%+v takes %v bytes, want %d", c.estimate, got, 4*c.want)
		}
	}
}

// fillings returns how many times the buffer is filled in this many updates. It returns 0 for a
// method without a buffer.
func fillings(o ResourceEstimate, updates int) int {
	switch {
	case !o.Buffered:
		return 0
	case o.Every == 0:
		return 1
	default:
		return (updates + o.Every - 1) / o.Every
	}
}

// stageFLOPs returns the FLOPs that the ledger counts for a stage with this many updates and
// training prompts. tokens is the length of every prompt with its response.
func stageFLOPs(o ResourceEstimate, c model.Config, tokens, prompts, updates int) float64 {
	flops := float64(float64(updates) * o.update(c, tokens))
	flops += float64(float64(fillings(o,
		updates)*prompts*o.PerPrompt.Sampled) * c.ForwardFLOPs(tokens))
	flops += float64(float64(min(o.Consolidated, prompts)) * c.TrainingFLOPs(tokens, 0))
	if o.Compared && o.Demonstrated < prompts {
		flops += float64(float64(prompts) * c.ForwardFLOPs(tokens))
	}
	flops += float64(float64(2*o.RewardModels.Pairs) * c.ForwardFLOPs(tokens))
	flops += float64(float64(
		o.RewardModels.Models*o.RewardModels.Updates*2*rewardBatch) * c.Scalar().TrainingFLOPs(
		tokens, 0))
	return flops
}
