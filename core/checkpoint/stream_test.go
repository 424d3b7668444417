package checkpoint

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/train"
)

// sameRead checks that a file that is read as a stream gives what DecodeModel gave. Of a lane the
// stream reads no more than the model, so that it may accept one whose other state is broken.
func sameRead(t *testing.T, file []byte, want *Model, wantErr error) {
	t.Helper()
	have, err := streamModel(bytes.NewReader(file), int64(len(file)))
	lane := len(file) > headerLen && kind(file[len(magic)+1]) == laneKind
	switch {
	case wantErr != nil && err == nil && lane:
	case (wantErr == nil) != (err == nil):
		t.Errorf("as a stream it gives %v, and otherwise %v", err, wantErr)
	case err != nil:
		refused(t, "as a stream", err)
	case have.Params.Digest() != want.Params.Digest(), have.Params.Config != want.Params.Config:
		t.Error("as a stream it gives other weights")
	default:
		a, b := *have, *want
		a.Params, b.Params = nil, nil
		if !reflect.DeepEqual(a, b) {
			t.Errorf("as a stream it is %+v, and otherwise %+v", a, b)
		}
	}
}

func TestStreamsGiveTheSameModels(t *testing.T) {
	files := small(t)
	files["sized"] = must(t)(EncodeBase("cards", pattern(tiny), "hand=6"))
	files["pretraining"] = must(t)(EncodePretraining(patternPretraining()))
	for name, h := range hostile(t) {
		files[name] = sealed(t, h.kind, h.body)
	}
	paths, err := filepath.Glob("testdata/*.msgp")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if files[path], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	large := pattern(model.Config{Vocab: 9, Dim: 64, Layers: 2, Heads: 2, Hidden: 99, Context: 8})
	files["a base of several chunks"] = must(t)(EncodeBase("cards", large))
	files["a model of several chunks"] = must(t)(EncodeModel("cards", large))
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			m, err := DecodeModel(file)
			sameRead(t, file, m, err)
		})
	}
	for name, file := range small(t) {
		for n := range len(file) {
			if _, err := streamModel(bytes.NewReader(file[:n]), int64(n)); err == nil {
				t.Errorf("%s cut to %d bytes was accepted", name, n)
			}
		}
		for bit := range 8 * len(file) {
			flipped := bytes.Clone(file)
			flipped[bit/8] ^= 1 << (bit % 8)
			_, err := streamModel(bytes.NewReader(flipped), int64(len(flipped)))
			refused(t, fmt.Sprintf("%s with bit %d flipped", name, bit), err)
		}
	}
}

// A file that is read has its weights in memory once, and nothing of the rest of a lane.
func TestStreamsHoldWeightsOnce(t *testing.T) {
	c := model.Config{Vocab: 9, Dim: 256, Layers: 2, Heads: 2, Hidden: 512, Context: 8}
	p, lane := pattern(c), patternLane()
	numbers := train.PackFloats(p.Data)
	lane.State.Config, lane.State.Adapters = c, nil
	lane.State.Weights, lane.State.Start, lane.State.M, lane.State.V = numbers, numbers, numbers,
		numbers
	for name, file := range map[string][]byte{
		"base":  must(t)(EncodeBase("cards", p)),
		"model": must(t)(EncodeModel("cards", p)),
		"lane":  must(t)(EncodeLane(lane)),
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := WriteFile(path, file); err != nil {
			t.Fatal(err)
		}
		used := allocated(func() {
			m, err := ReadModel(t.Context(), path)
			if err != nil || m.Params.Digest() != p.Digest() {
				t.Fatalf("%s: %v", name, err)
			}
		})
		const little = 1 << 19
		if most := uint64(4*c.Weights() + little); used > most {
			t.Errorf("%s: reading it allocates %d bytes, want at most %d", name, used, most)
		}
	}
}
