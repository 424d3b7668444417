// Package hf writes a model as the folder that Hugging Face's transformers opens with
// AutoModelForCausalLM.from_pretrained and AutoTokenizer.from_pretrained, and reads such a folder
// back to the same bits. Start with [Encode] and [Decode].
//
// A decoder of package model is a Llama whose layers have as many key-value heads as heads. Its
// matrices are (in,out) where the field's are (out,in), so each is transposed; its rotary pairs lie
// half a head apart, as the field's do, so nothing is permuted.
package hf

import (
	"errors"
	"fmt"
	"io"

	"github.com/posttrain/posttrain/core/model"
)

// ErrFormat is wrapped by every error about the content of a folder's files.
var ErrFormat = errors.New("not a model that this program can use")

// Model is a model as a folder holds it.
type Model struct {
	Task       string   // task whose vocabulary its tokens are
	Sizes      []string // of its task, such as "hand=6", that are not the declared ones
	Link       string   // recipe that trained it; "" for a base
	Lane       string   // label of the recipe's lane; "" for a base
	Step       int      // updates in all stages of the lane
	Base       string   // of a base, what a link has after base=; "" for a lane
	Engine     int      // version of the numerics that computed it
	Vocabulary Vocabulary
	Params     *model.Params

	// MaxResponse is the largest number of tokens of a response, End included. Decode does not
	// read it.
	MaxResponse int
}

// File is a file of a folder.
type File struct {
	Name  string
	Write func(w io.Writer) error // writes the content
}

// The files of a folder, in the order in which Encode returns them. The one without which nothing
// opens the folder is the last.
const (
	WeightsFile         = "model.safetensors"
	TokenizerFile       = "tokenizer.json"
	TokenizerConfigFile = "tokenizer_config.json"
	SpecialTokensFile   = "special_tokens_map.json"
	GenerationFile      = "generation_config.json"
	ConfigFile          = "config.json"
)

// bad returns an error about a file.
func bad(file, format string, args ...any) error {
	return fmt.Errorf("%s: %w: %s", file, ErrFormat, fmt.Sprintf(format, args...))
}

// Encode returns the files of a folder. The weights are not copied before they are written, so they
// must not change until then. It returns an error if the vocabulary does not fit the
// weights.
func Encode(m Model) ([]File, error) {
	if err := m.Vocabulary.check(m.Params.Config.Vocab); err != nil {
		return nil, err
	}
	return []File{
		{WeightsFile, func(w io.Writer) error { return writeWeights(w, m.Params) }},
		{TokenizerFile, writeJSON(m.Vocabulary.tokenizer())},
		{TokenizerConfigFile, writeJSON(m.tokenizerConfig())},
		{SpecialTokensFile, writeJSON(specialTokens())},
		{GenerationFile, writeJSON(m.generation())},
		{ConfigFile, writeJSON(m.config())},
	}, nil
}

// Decode reads a model from a folder. read returns the content of one of its files, which must have
// at most so many bytes; its errors wrap fs.ErrNotExist for a file that is not there. Weights in
// half precision are widened. Without a tokenizer the model has no Vocabulary, and without the
// entry of this program in config.json no Task.
func Decode(read func(name string, most int64) ([]byte, error)) (*Model, error) {
	m, tied, err := decodeConfig(read)
	if err != nil {
		return nil, err
	}
	if err := m.readVocabulary(read); err != nil {
		return nil, err
	}
	m.Params, err = decodeWeights(read, m.Params.Config, tied)
	return m, err
}
