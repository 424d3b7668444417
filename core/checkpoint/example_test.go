package checkpoint_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/model"
)

// A base that comes with the program is read from its file.
func ExampleReadModel() {
	m, err := checkpoint.ReadModel(context.Background(), "../recipe/bases/cards.msgp")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Task, m.Params.Config.Layers, "layers", m.Params.Config.Weights(), "weights")
	// Output: cards 2 layers 102976 weights
}

// A model is written as a file and read again. A file that has been damaged is refused.
func ExampleEncodeModel() {
	params := model.NewParams(model.Config{
		Vocab: 5, Dim: 8, Layers: 1, Heads: 2, Hidden: 16, Context: 4,
	})
	params.Init(1)
	file, err := checkpoint.EncodeModel("cards", params)
	if err != nil {
		fmt.Println(err)
	}
	m, err := checkpoint.DecodeModel(file)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(m.Task, m.Params.Digest() == params.Digest())

	file[100]++
	_, err = checkpoint.DecodeModel(file)
	fmt.Println(errors.Is(err, checkpoint.ErrFormat), err)
	// Output:
	// cards true
	// true not a usable checkpoint: its checksum does not fit: the file is damaged
}
