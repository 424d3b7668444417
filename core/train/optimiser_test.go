package train

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/optim"
)

// The matrices that Muon is told of are those of the layers, whether a stage trains all weights or
// adapters, and lie where the weights have them.
func TestHiddenMatrices(t *testing.T) {
	c := model.Config{Vocab: 5, Dim: 4, Layers: 2, Heads: 1, Hidden: 6, Context: 8}
	p := model.NewParams(c)
	p.Init(1)
	var want []model.Block
	for _, b := range p.Blocks() {
		if b.Rows > 1 && strings.HasPrefix(b.Name, "layers.") {
			want = append(want, b)
		}
	}
	got := hiddenMatrices(c, 0)
	if len(got) != 7*2 || len(want) != len(got) {
		t.Fatalf("%d matrices, the model has %d", len(got), len(want))
	}
	for i, m := range got {
		if m.Rows != want[i].Rows || m.Cols != want[i].Cols ||
			!slices.Equal(p.Data[m.From:m.From+m.Rows*m.Cols], want[i].Data) {
			t.Errorf("matrix %d is %+v, want %s", i, m, want[i].Name)
		}
	}
	at := 0
	for i, m := range hiddenMatrices(c, 3) {
		if m.From != at || m.Rows != 3 && m.Cols != 3 || i%2 == 0 && m.Rows != want[i/2].Rows ||
			i%2 == 1 && m.Cols != want[i/2].Cols {
			t.Errorf("matrix %d of the adapters is %+v", i, m)
		}
		at += m.Rows * m.Cols
	}
	if at != c.AdapterWeights(3) {
		t.Errorf("the adapters' matrices have %d numbers, want %d", at, c.AdapterWeights(3))
	}
}

// A stage with each optimiser can be stopped anywhere and goes on with the same bits, with all
// weights and with adapters, and with other constants.
func TestOptimisersResume(t *testing.T) {
	for _, name := range optim.Names() {
		for _, rank := range []string{"rank=0", "rank=2"} {
			resumable(t, testLane(t,
				[]string{"sft", "steps=2", "batch=8", "lr=0.01"},
				[]string{"sft", "steps=4", "batch=8", "lr=0.01", "optimiser=" + name, rank,
					"beta1=0.8", "beta2=0.9", "eps=1e-6", "decay=0.1"}))
		}
	}
}

// A state of one optimiser is refused by a lane with another, and so is one that lacks a part.
func TestRestoreRefusesOtherOptimisers(t *testing.T) {
	for _, name := range optim.Names() {
		lane := testLane(t, []string{"sft", "steps=3", "optimiser=" + name})
		for _, other := range optim.Names() {
			state := session(t, testLane(t, []string{"sft", "steps=3", "optimiser=" + other}),
				1).State()
			err := session(t, lane, 1).Restore(state)
			if (err == nil) != (name == other) || err != nil &&
				!strings.Contains(err.Error(), other) {
				t.Errorf("%s restores a state of %s: %v", name, other, err)
			}
		}
		state := session(t, lane, 1).State()
		state.V = append(state.V, 0, 0, 0, 0)
		if err := session(t, lane, 1).Restore(state); err == nil {
			t.Errorf("%s: a second moment too many was accepted", name)
		}
	}
}

// Each optimiser raises the probability of the demonstrations, at a learning rate of its own.
func TestOptimisersLearn(t *testing.T) {
	for name, lr := range map[string]string{"adamw": "lr=0.01", "sgd": "lr=0.1", "lion": "lr=0.003",
		"muon": "lr=0.01"} {
		s := session(t, testLane(t,
			[]string{"sft", "steps=25", "batch=16", lr, "optimiser=" + name}), 1)
		first, last := math.NaN(), math.NaN()
		for _, e := range updates(run(t, s)) {
			for _, m := range e.Metrics {
				if m.Name == "train/loss_nats" {
					if math.IsNaN(first) {
						first = m.Value
					}
					last = m.Value
				}
			}
		}
		if !(last < 0.8*first) {
			t.Errorf("%s: the loss goes from %v to %v", name, first, last)
		}
	}
}
