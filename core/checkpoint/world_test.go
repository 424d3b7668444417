package checkpoint

import (
	"errors"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/train"
)

// tiny is the smallest shape there is.
var tiny = model.Config{Vocab: 2, Dim: 2, Layers: 1, Heads: 1, Hidden: 1, Context: 3}

// pattern fills weights with numbers that bfloat16 can hold.
func pattern(c model.Config) *model.Params {
	p := model.NewParams(c)
	for i := range p.Data {
		p.Data[i] = float32(i%16-5) / 8
	}
	return p
}

// patternLane returns a lane's state with something in every field.
func patternLane() Lane {
	p := pattern(tiny)
	half := train.PackFloats(make([]float32, len(p.Data)))
	half[2] = 0x80
	return Lane{
		Engine: train.Engine, Link: "cards?v=1&seed=1&lane=sft", Task: "cards", Lane: 1,
		State: &train.State{
			Config: tiny, Stage: 1, StageStep: 3, Updates: 7, Moments: 3,
			Weights: train.PackFloats(p.Data), Start: half, M: train.PackFloats(p.Data[:]), V: half,
			Cost: protocol.Cost{Demonstrations: 1, Labels: 2, VerifierCalls: 3,
				TokensGenerated: 4, TokensTrained: 5, FLOPs: 6e12, Seconds: 0.5},
			Latest: []protocol.Metric{{Name: "eval/id/accuracy", Value: 0.1},
				{Name: "eval/ood/accuracy", Value: 0.2}},
			Measured: true, Done: true,
		},
	}
}

// randomConfig returns a small valid shape.
func randomConfig(r *num.Rand) model.Config {
	heads := 1 + r.IntN(3)
	return model.Config{Vocab: 1 + r.IntN(9), Dim: heads * 2 * (1 + r.IntN(3)),
		Layers: 1 + r.IntN(3), Heads: heads, Hidden: 1 + r.IntN(9), Context: 1 + r.IntN(40)}
}

// randomFloats returns numbers with random bits, NaNs among them.
func randomFloats(r *num.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = math.Float32frombits(uint32(r.Uint64()))
	}
	return x
}

// body is a payload as it is.
type body []byte

func (b body) MarshalMsg(to []byte) ([]byte, error) { return append(to, b...), nil }

func (b body) Msgsize() int { return len(b) }

// sealed frames a payload with the right length and checksum.
func sealed(t testing.TB, k kind, payload []byte) []byte {
	t.Helper()
	file, err := seal(k, body(payload))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func must(t testing.TB) func(file []byte, err error) []byte {
	return func(file []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
}

// refused checks that an error says in one sentence that a file is no good.
func refused(t testing.TB, what string, err error) {
	t.Helper()
	switch {
	case err == nil:
		t.Errorf("%s was accepted", what)
	case !errors.Is(err, ErrFormat):
		t.Errorf("%s: the error does not wrap ErrFormat: %v", what, err)
	case strings.ContainsAny(err.Error(), "\n\r\x00") || len(err.Error()) > 250 ||
		!strings.HasPrefix(err.Error(), ErrFormat.Error()+": "):
		t.Errorf("%s: not one sentence: %q", what, err)
	}
}

// refuse checks that neither reader takes a file.
func refuse(t testing.TB, what string, file []byte) {
	t.Helper()
	_, err := DecodeModel(file)
	refused(t, what+" as a model", err)
	_, err = DecodeLane(file)
	refused(t, what+" as a lane", err)
}

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
