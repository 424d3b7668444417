package hf_test

import (
	"errors"
	"io"
	"runtime"
	"testing"

	"github.com/posttrain/posttrain/core/hf"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// A folder is written with one matrix in memory beside the weights.
func TestWeightsAreNotCopied(t *testing.T) {
	c := model.Config{Vocab: task.Cards.Vocab(), Dim: 128, Layers: 8, Heads: 2, Hidden: 512,
		Context: 12}
	params := model.NewParams(c)
	params.Init(1)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	files, err := hf.Encode(hf.Model{Task: "cards", Vocabulary: hf.VocabularyOf(task.Cards),
		Params: params})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := f.Write(io.Discard); err != nil {
			t.Error(err)
		}
	}
	runtime.ReadMemStats(&after)
	const little = 1 << 19
	matrices := 4 * (c.Dim*c.Dim + c.Dim*c.Hidden) // one that grows into the largest
	if used := int(after.TotalAlloc - before.TotalAlloc); used > matrices+little ||
		used > 4*c.Weights()/2 {
		t.Errorf("writing %d bytes of weights allocates %d", 4*c.Weights(), used)
	}
}

// full is a disk with room for some bytes.
type full struct{ room int }

var errFull = errors.New("no space left on device")

func (f *full) Write(p []byte) (int, error) {
	n := min(len(p), f.room)
	if f.room -= n; n < len(p) {
		return n, errFull
	}
	return n, nil
}

// An error of the disk comes back from whichever byte it stops at.
func TestAFullDisk(t *testing.T) {
	params := model.NewParams(model.Config{Vocab: task.Cards.Vocab(), Dim: 4, Layers: 1, Heads: 1,
		Hidden: 2, Context: 4})
	files, err := hf.Encode(hf.Model{Task: "cards", Vocabulary: hf.VocabularyOf(task.Cards),
		Params: params})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		size := len(content(f))
		for room := range size {
			if err := f.Write(&full{room}); !errors.Is(err, errFull) {
				t.Fatalf("%s with room for %d of %d bytes: %v", f.Name, room, size, err)
			}
		}
	}
}
