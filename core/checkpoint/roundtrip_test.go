package checkpoint

import (
	"bytes"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/train"
)

func TestBaseRoundTrip(t *testing.T) {
	for i := range uint64(100) {
		r := num.NewRand(i, "test", "base")
		p := model.NewParams(randomConfig(&r))
		for j := range p.Data {
			for { // any bfloat16 but NaN, which EncodeBase takes for damage
				p.Data[j] = model.FromBF16(uint16(r.Uint64()))
				if p.Data[j] == p.Data[j] {
					break
				}
			}
		}
		file := must(t)(EncodeBase("cards", p))
		checkModel(t, file, Model{Engine: train.Engine, Task: "cards", Params: p})
		if again := must(t)(EncodeBase("cards", p)); !bytes.Equal(file, again) {
			t.Fatal("the same base gave two files")
		}
		sized := must(t)(EncodeBase("cards", p, "hand=6", "x=é"))
		checkModel(t, sized, Model{Engine: train.Engine, Task: "cards",
			Sizes: []string{"hand=6", "x=é"}, Params: p})
	}
}

func TestModelRoundTrip(t *testing.T) {
	for i := range uint64(100) {
		r := num.NewRand(i, "test", "model")
		p := model.NewParams(randomConfig(&r))
		copy(p.Data, randomFloats(&r, len(p.Data)))
		checkModel(t, must(t)(EncodeModel("any task", p)),
			Model{Engine: train.Engine, Task: "any task", Params: p})
		checkModel(t, must(t)(EncodeModel("any task", p, "hand=6")),
			Model{Engine: train.Engine, Task: "any task", Sizes: []string{"hand=6"}, Params: p})
	}
}

// checkModel decodes a file, which must not change under that.
func checkModel(t *testing.T, file []byte, want Model) {
	t.Helper()
	kept := bytes.Clone(file)
	m, err := DecodeModel(file)
	if err != nil {
		t.Fatal(err)
	}
	if m.Params.Digest() != want.Params.Digest() || m.Params.Config != want.Params.Config {
		t.Fatalf("the weights of %+v came back as others", want.Params.Config)
	}
	got := *m
	got.Params, want.Params = nil, nil
	if !reflect.DeepEqual(got, want) || !bytes.Equal(file, kept) {
		t.Fatalf("%+v came back as %+v", want, got)
	}
	_, err = DecodeLane(file)
	if want.Link == "" {
		refused(t, "a model as a lane", err)
	}
}

func TestLaneRoundTrip(t *testing.T) {
	for i := range uint64(100) {
		r := num.NewRand(i, "test", "lane")
		c := randomConfig(&r)
		floats := func() train.Floats { return train.PackFloats(randomFloats(&r, c.Weights())) }
		want := Lane{
			Engine: train.Engine, Link: strings.Repeat("cards?x=é&", r.IntN(50)), Task: "cards",
			Lane: r.IntN(9),
			State: &train.State{
				Config: c, Stage: r.IntN(3), StageStep: r.IntN(1e6), Updates: r.IntN(1e6),
				Moments: r.IntN(1e6),
				Weights: floats(), Start: floats(), M: floats(), V: floats(),
				Cost: protocol.Cost{Demonstrations: r.IntN(1 << 40),
					TokensTrained: r.IntN(1 << 40), FLOPs: 1e18 * r.Float64(),
					Seconds: r.Float64()},
				Signal: train.LearningSignal{Updates: r.IntN(1e6), Groups: r.IntN(1e6),
					Active: r.IntN(1e6), Batches: r.IntN(1e6), Reward: r.Float64(),
					Tokens: r.IntN(1e6), Clipped: r.IntN(1e6)},
				Measured: r.IntN(2) == 0, Done: r.IntN(2) == 0,
			},
		}
		if r.IntN(2) == 0 { // in the middle of a stage with adapters, which alone have moments
			n := 1 + r.IntN(50)
			adapters := func() train.Floats { return train.PackFloats(randomFloats(&r, n)) }
			want.State.Adapters, want.State.M, want.State.V = adapters(), adapters(), adapters()
		}
		if r.IntN(2) == 0 { // in the middle of a stage with an optimiser that keeps less
			kept := 1 + r.IntN(len(want.State.V)/4)
			want.State.Optimiser, want.State.V = "muon", want.State.V[:4*kept]
		}
		if r.IntN(2) == 0 { // in the middle of a stage with a critic
			critic := func() train.Floats {
				return train.PackFloats(randomFloats(&r, c.Scalar().Weights()))
			}
			want.State.Critic = &train.Learner{Weights: critic(), Moments: r.IntN(1e6), M: critic(),
				V: critic()}
		}
		if r.IntN(2) == 0 { // in the middle of a stage that samples from earlier policies
			want.State.Earlier = []train.Floats{floats(), floats()}
		}
		if r.IntN(2) == 0 { // in the middle of a stage that keeps something between batches
			m := &train.Memory{Open: r.IntN(2) == 0}
			for i := range 1 + r.IntN(5) {
				own := train.Answer{
					Prompt: i, Response: []int32{int32(r.IntN(9)), 3},
					Logp: []float64{r.Norm(), r.Norm()}, Entropy: []float64{r.Float64(), 0},
					Reward: r.Float64(), Right: r.IntN(8),
				}
				m.Answers = append(m.Answers, own, train.Answer{Prompt: i, Demo: true})
				m.Waiting = append(m.Waiting, r.IntN(500))
			}
			want.State.Memory = m
		}
		if r.IntN(2) == 0 { // after a demonstration
			want.State.Demonstrated = &train.Demonstrated{Training: r.Perm(20),
				Prior: r.Perm(1 + r.IntN(3))}
		}
		for range r.IntN(20) {
			want.State.Latest = append(want.State.Latest,
				protocol.Metric{Name: "eval/id/x", Value: r.Norm()})
		}
		file := must(t)(EncodeLane(want))
		got, err := DecodeLane(file)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(*got, want) {
			t.Fatalf("a lane came back as another:\n%+v\n%+v", want, *got)
		}
		p := model.NewParams(c)
		if err := want.State.Weights.Unpack(p.Data); err != nil {
			t.Fatal(err)
		}
		m, err := DecodeModel(file)
		if err != nil || m.Params.Digest() != p.Digest() || m.Link != want.Link ||
			m.Lane != want.Lane || m.Task != want.Task || m.Signal != want.State.Signal ||
			m.Engine != want.Engine {
			t.Fatalf("the model out of a lane is not its own: %+v, %v", m, err)
		}
	}
}

func TestBaseMustBeRounded(t *testing.T) {
	for _, w := range []float32{1.001, math.MaxFloat32, math.SmallestNonzeroFloat32,
		float32(math.NaN())} {
		p := pattern(tiny)
		p.Data[7] = w
		if _, err := EncodeBase("cards", p); err == nil ||
			!strings.Contains(err.Error(), "weight 7") {
			t.Errorf("%v went into a base; the error is %v", w, err)
		}
		p.RoundBF16()
		if _, err := EncodeBase("cards", p); (err == nil) != (w == w) {
			t.Errorf("%v rounded: %v", w, err)
		}
	}
}

func TestReadersNameTheFile(t *testing.T) {
	folder := t.TempDir()
	good, damaged := filepath.Join(folder, "good.msgp"), filepath.Join(folder, "damaged.msgp")
	file := must(t)(EncodeLane(patternLane()))
	for path, data := range map[string][]byte{good: file, damaged: file[:len(file)-1]} {
		if err := WriteFile(path, data); err != nil {
			t.Fatal(err)
		}
	}
	if m, err := ReadModel(t.Context(), good); err != nil ||
		m.Params.Digest() != pattern(tiny).Digest() {
		t.Errorf("read %+v, %v", m, err)
	}
	if l, err := ReadLane(t.Context(), good); err != nil || !reflect.DeepEqual(*l, patternLane()) {
		t.Errorf("read %+v, %v", l, err)
	}
	for _, path := range []string{damaged, filepath.Join(folder, "missing.msgp"), folder} {
		_, err := ReadModel(t.Context(), path)
		_, laneErr := ReadLane(t.Context(), path)
		for _, err := range []error{err, laneErr} {
			if err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("the error does not name %s: %v", path, err)
			}
		}
	}
}
