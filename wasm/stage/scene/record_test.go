package scene

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
)

// event is an event of a lane.
type event struct {
	lane int
	protocol.Event
}

// someSeries are of every kind: at levels, of updates and of the ledger, with all sorts of units.
var someSeries = []Series{
	{Name: "accuracy", Levels: true, Title: "accuracy", Unit: Share},
	{Name: "entropy_nats", Levels: true, Title: "entropy", Unit: "nats per token"},
	{Name: "reward", Levels: true, Title: "reward", Unit: Share},
	{Name: "calibration_error", Levels: true, Title: "calibration error", Unit: Share},
	{Name: "kl_base_policy_nats", Levels: true, Title: "KL(base‖policy)",
		Unit: "nats per response"}, {Name: "weights/update_norm", Title: "size of the update"},
	{Name: "train/score_mean", Title: "score of the reward model"},
	{Name: "cost/flops", Title: "arithmetic", Unit: "FLOPs"},
	{Name: "cost/labels", Title: "preference labels", Unit: "labels"},
}

// randomRecipe has 1 to 4 lanes and 3 to 6 levels.
func randomRecipe(r *rand.Rand) Recipe {
	recipe := Recipe{Task: []string{"cards", "maze", "paths", "lock", "facts"}[r.IntN(5)],
		Series: someSeries}
	for i := range 1 + r.IntN(4) {
		label := []string{"SFT", "GRPO", "SFT → GRPO",
			"REINFORCE AND THEN SOMETHING LONG"}[(i+r.IntN(2))%4]
		recipe.Lanes = append(recipe.Lanes, Lane{Label: label, Steps: 10 + r.IntN(500)})
	}
	for i := range 3 + r.IntN(4) {
		recipe.Levels = append(recipe.Levels,
			Level{Name: fmt.Sprint("l", i), Metric: fmt.Sprintf("eval/l%d/accuracy", i),
				Title: strings.Repeat("long ", r.IntN(9)) + "level", Doc: "What it is about, in " +
					"some words that take up more than a line of a tip."})
	}
	if r.IntN(2) == 0 { // without a network
		for i := range 2 {
			recipe.Levels[i].Mode = &Component{Weight: 0.5, Mean: float64(6*i - 3),
				Std: 0.5 + r.Float64()}
		}
	}
	return recipe
}

// randomComponent returns the metrics that a lane without a network has beside a level's own.
func randomComponent(r *rand.Rand, level string) []protocol.Metric {
	prefix := "eval/" + level + "/component_"
	return []protocol.Metric{{Name: prefix + "weight", Value: r.Float64()},
		{Name: prefix + "mean", Value: 12*r.Float64() - 6}, {Name: prefix + "std",
			Value: 0.001 + 3*r.Float64()}}
}

// randomEvents returns possible events of a recipe's lanes.
func randomEvents(r *rand.Rand, recipe Recipe) (all []event) {
	every := 1 + r.IntN(60)
	for lane, l := range recipe.Lanes {
		for step := 0; step <= r.IntN(l.Steps+1); step += every {
			cost := randomCost(r, step)
			for _, level := range recipe.Levels {
				if r.IntN(20) > 0 {
					metrics := []protocol.Metric{
						{Name: "eval/" + level.Name + "/accuracy",
							Value: float64(r.IntN(101)) / 100},
						{Name: "eval/" + level.Name + "/length", Value: 7},
						{Name: "eval/" + level.Name + "/reward", Value: r.Float64()},
						{Name: "eval/" + level.Name + "/kl_base_policy_nats",
							Value: 40 * r.Float64()},
						{Name: "eval/" + level.Name + "/entropy_nats", Value: 3 * r.Float64()},
						{Name: "eval/" + level.Name + "/calibration_error",
							Value: 0.3 * r.Float64()},
					}
					if level.Name == "l0" {
						metrics = append(metrics, protocol.Metric{Name: "weights/update_norm",
							Value: 1e-3 * float64(step)})
					}
					if level.Mode != nil {
						metrics = append(metrics, randomComponent(r, level.Name)...)
					}
					all = append(all, event{lane,
						protocol.Event{Kind: protocol.Measured, Step: step, Cost: cost,
							Metrics: metrics}})
				}
			}
			if step == 0 && lane == 0 || r.IntN(5) == 0 {
				all = append(all, event{lane,
					protocol.Event{Kind: protocol.Measured, Step: step, Cost: cost,
						Metrics: randomPasses(r, recipe)}})
			}
			update := protocol.Event{Kind: protocol.Updated, Step: step + 1}
			if lane%2 == 0 { // with a reward model
				update.Metrics = []protocol.Metric{{Name: "train/score_mean",
					Value: 4*r.Float64() - 1}}
			}
			all = append(all, event{lane, update})
			if r.IntN(4) == 0 {
				all = append(all, event{lane,
					protocol.Event{Kind: protocol.Explained, Step: step,
						Samples: randomPushes(r)}})
			}
			if r.IntN(4) == 0 {
				all = append(all, event{lane,
					protocol.Event{Kind: protocol.Compared, Step: step,
						Matrices: randomMatrices(r)}})
			}
			if r.IntN(3) == 0 {
				all = append(all, event{lane,
					protocol.Event{Kind: protocol.Looked, Step: step,
						Samples: randomSamples(r, 1+r.IntN(64))}})
			}
		}
	}
	return all
}

// randomPasses are pass@k of some of the levels.
func randomPasses(r *rand.Rand, recipe Recipe) (metrics []protocol.Metric) {
	most := 1 << r.IntN(9)
	for _, level := range recipe.Levels {
		if r.IntN(3) == 0 {
			continue
		}
		hard, spread := r.Float64(), r.Float64()
		for k := 1; k <= most; k *= 2 {
			metrics = append(metrics,
				protocol.Metric{Name: fmt.Sprintf("eval/%s/pass_at_%d", level.Name, k),
					Value: (1 - math.Pow(hard, float64(k))) * spread})
		}
	}
	return metrics
}

func randomCost(r *rand.Rand, step int) protocol.Cost {
	return protocol.Cost{
		Demonstrations: min(500, step*8), VerifierCalls: step * r.IntN(2) * 64,
		TokensGenerated: step * 512, TokensTrained: step * 300,
		FLOPs: float64(step) * 1.3e9, Labels: step * r.IntN(2) * 8, Copies: 4 + r.IntN(3),
		Bytes: 4e5 * float64(4+r.IntN(3)), Seconds: float64(step) * 0.021,
	}
}

// randomSamples returns responses of a random policy, flat or sharp, with their log-probabilities.
func randomSamples(r *rand.Rand, n int) (samples []protocol.Sample) {
	const symbols = "0123456789JQKABS="
	graded := r.IntN(3) == 0
	sharp, longest := r.Float64(), 1+r.IntN(12)
	policy := func(prefix string) (p [len(symbols) + 1]float64) {
		own := rand.New(rand.NewPCG(uint64(len(prefix)), uint64(len(prefix)*31+int(sharp*1e6))))
		best, total := own.IntN(len(p)), 0.0
		for i := range p {
			p[i] = (1 - sharp) * own.Float64()
			if i == best {
				p[i] += 20 * sharp
			}
			total += p[i]
		}
		for i := range p {
			p[i] /= total
		}
		return p
	}
	for range n {
		s := protocol.Sample{Level: "l0", Prompt: "A7K3J="}
		for !s.Finished && len(s.Response) < longest {
			p := policy(s.Response)
			at, u := 0, r.Float64()
			for u > p[at] && at < len(p)-1 {
				u -= p[at]
				at++
			}
			s.Logp = append(s.Logp, math.Log(p[at]))
			if s.Finished = at == len(symbols); !s.Finished {
				s.Response += symbols[at : at+1]
			}
		}
		s.Reward = float64(r.IntN(2))
		s.Mark = map[float64]protocol.Mark{0: protocol.Wrong, 1: protocol.Right}[s.Reward]
		if graded {
			s.Reward, s.Mark = r.Float64(), protocol.Graded
		}
		samples = append(samples, s)
	}
	return samples
}

// randomPushes are responses to one prompt with all the ways in which tokens can be pushed.
func randomPushes(r *rand.Rand) []protocol.Sample {
	samples := randomSamples(r, 1+r.IntN(20))
	for i := range samples {
		s := &samples[i]
		s.Source, s.Paired = []string{"rollout", "demo", "chosen",
			"rejected"}[r.IntN(4)], r.IntN(3) == 0
		if r.IntN(3) == 0 {
			s.Judge, s.Judged = "reward model", 3*r.NormFloat64()
		}
		if s.Paired {
			s.Margin = r.NormFloat64()
		}
		s.Pushes = make([]protocol.Push, len(s.Logp))
		explained := r.IntN(4) > 0
		for t := range s.Pushes {
			p := &s.Pushes[t]
			if explained {
				*p = protocol.Push{Mask: float64(r.IntN(2)), Ratio: r.ExpFloat64(),
					Advantage: r.NormFloat64(), K3Term: -r.Float64() * float64(r.IntN(2)),
					Share: r.Float64() / 100}
			}
			p.Other = r.NormFloat64() * float64(r.IntN(2)) / 100
			p.Coefficient = (p.Mask*p.Ratio*p.Advantage+p.K3Term+p.Extra)*p.Share + p.Other
		}
	}
	return samples
}

func record(recipe Recipe, events []event) *Record {
	r := NewRecord(recipe)
	for _, e := range events {
		if err := r.Add(e.lane, e.Event); err != nil {
			panic(err)
		}
	}
	return r
}

// forMany runs a property on many random records.
func forMany(t *testing.T, property func(t *testing.T, r *rand.Rand, record *Record)) {
	t.Helper()
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 1))
		recipe := randomRecipe(r)
		property(t, r, record(recipe, randomEvents(r, recipe)))
		if t.Failed() {
			t.Fatalf("with seed %d", seed)
		}
	}
}

// Telling the past again, once or many times, in whatever order the measurements come, changes
// nothing.
func TestAddAgain(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 2))
		recipe := randomRecipe(r)
		events := randomEvents(r, recipe)
		once := record(recipe, events)
		if again := record(recipe, append(events, events...)); !reflect.DeepEqual(once, again) {
			t.Fatalf("seed %d: adding everything twice made another record", seed)
		}
		for lane := range once.lanes {
			once.lanes[lane].looks, once.lanes[lane].shown, once.lanes[lane].weighed,
				once.lanes[lane].compared = nil, 0, weighed{}, compared{}
		}
		var measured []event
		for _, e := range events {
			if e.Kind == protocol.Measured || e.Kind == protocol.Updated {
				measured = append(measured, e)
			}
		}
		r.Shuffle(len(measured),
			func(i, j int) { measured[i], measured[j] = measured[j], measured[i] })
		if shuffled := record(recipe, measured); !reflect.DeepEqual(once, shuffled) {
			t.Fatalf("seed %d: another order of measurements made another record", seed)
		}
	}
}

func TestAddRefusesUnknownLanes(t *testing.T) {
	r := NewRecord(Recipe{Lanes: []Lane{{"SFT", 3}}})
	for _, lane := range []int{-1, 1} {
		if err := r.Add(lane, protocol.Event{Kind: protocol.Looked}); err == nil ||
			!strings.Contains(err.Error(), "want 0 to 0") {
			t.Errorf("lane %d of one: %v", lane, err)
		}
	}
}

// Impossible values in events are left out or brought within bounds.
func TestAddNonsense(t *testing.T) {
	r := NewRecord(Recipe{Lanes: []Lane{{"SFT", 3}},
		Levels: []Level{{Name: "id", Metric: "eval/id/accuracy"}}})
	for step, v := range []float64{math.NaN(), math.Inf(1), 7, -3} {
		r.Add(0, protocol.Event{Kind: protocol.Measured, Step: step,
			Metrics: []protocol.Metric{{Name: "eval/id/accuracy", Value: v},
				{Name: "eval/no/accuracy"}, {Name: "eval/"}}})
	}
	r.Add(0, protocol.Event{Kind: protocol.Looked, Samples: []protocol.Sample{
		{Prompt: "A=", Response: "12", Finished: true, Logp: []float64{-1}},
		{Prompt: "A=", Response: "12", Logp: []float64{math.NaN(), 3}, Reward: math.NaN()},
		{Prompt: "A=", Response: "12", Logp: []float64{math.Inf(-1), 3}},
	}})
	push := []protocol.Push{{Coefficient: math.NaN()}, {Ratio: math.Inf(1)}}
	r.Add(0, protocol.Event{Kind: protocol.Explained, Samples: []protocol.Sample{
		{Response: "12", Logp: []float64{-1, -1}, Pushes: push},
		{Response: "1", Finished: true, Logp: []float64{math.NaN(), -1}, Pushes: push},
		{Response: "12", Finished: true, Logp: []float64{-1, -1}, Pushes: push},
		{Response: "12", Logp: []float64{-1, -1}},
		{Response: "12", Logp: []float64{-1, -1}, Pushes: push, Reward: math.NaN()},
		{Response: "12", Logp: []float64{-1, -1}, Pushes: push, Judge: "reward model",
			Judged: math.Inf(1)},
	}})
	for _, m := range []protocol.Matrix{{Norm: math.NaN()}, {Base: math.Inf(1)}, {Rank: math.NaN()},
		{Unchanged: math.Inf(-1)}, {Norm: 1, Base: 1}, {Rows: -1, Cols: 2}} {
		r.Add(0, protocol.Event{Kind: protocol.Compared, Matrices: []protocol.Matrix{m}})
		if got := r.lanes[0].compared.matrices; got != nil {
			t.Errorf("kept %+v", got)
		}
	}
	if got := r.lanes[0].weighed.responses; len(got) != 2 ||
		len(got[0].tokens)+len(got[1].tokens) != 0 {
		t.Errorf("kept %+v, want two responses without tokens", got)
	}
	if got := r.scored(0, 0); len(got) != 2 || got[0].value != 1 || got[1].value != 0 {
		t.Errorf("kept %v, want 1 at step 2 and 0 at step 3", got)
	}
	for _, s := range All() {
		p := s.Picture(r, View{}, 800, 500)
		checkFinite(t, &p)
	}
}

// The prompt that was looked at last is the one that is shown, at its latest step.
func TestLatestLook(t *testing.T) {
	r := NewRecord(Recipe{Lanes: []Lane{{"SFT", 3}}})
	look := func(prompt string, step int) {
		r.Add(0, protocol.Event{Kind: protocol.Looked, Step: step,
			Samples: []protocol.Sample{{Prompt: prompt}}})
	}
	look("A=", 0)
	look("A=", 10)
	look("B=", 10)
	look("A=", 0)
	if l := r.lanes[0].latest(); l.prompt != "A=" || l.step != 10 {
		t.Errorf("shows %s at %d, want A= at 10", l.prompt, l.step)
	}
}
