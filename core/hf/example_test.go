package hf_test

import (
	"bytes"
	"fmt"
	"io/fs"

	"github.com/posttrain/posttrain/core/hf"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// A model is written as the files of a folder and read back to the same bits.
func Example() {
	params := model.NewParams(model.Config{
		Vocab: task.Cards.Vocab(), Dim: 8, Layers: 1, Heads: 2, Hidden: 16, Context: 12,
	})
	params.Init(1)
	files, err := hf.Encode(hf.Model{
		Task: task.Cards.Name, Vocabulary: hf.VocabularyOf(task.Cards), Params: params,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	folder := map[string][]byte{}
	for _, f := range files {
		fmt.Println(f.Name)
		var content bytes.Buffer
		if err := f.Write(&content); err != nil {
			fmt.Println(err)
			return
		}
		folder[f.Name] = content.Bytes()
	}
	m, err := hf.Decode(func(name string, _ int64) ([]byte, error) {
		if data, ok := folder[name]; ok {
			return data, nil
		}
		return nil, fs.ErrNotExist
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Task, m.Params.Digest() == params.Digest())
	// Output:
	// model.safetensors
	// tokenizer.json
	// tokenizer_config.json
	// special_tokens_map.json
	// generation_config.json
	// config.json
	// cards true
}
