package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/posttrain/posttrain/core/model"
)

type logitsCommand struct{ source }

// maxTokens is the largest number of bytes of JSON that are read. The logits of
// one token take hundreds of times as many.
const maxTokens = 1 << 20

// Help returns the text below the summary of --help.
func (*logitsCommand) Help() string {
	return `Reads {"tokens":[[1,2,3]]} and writes {"logits":[[[..]]]} of shape (B,T,V): rows, tokens, vocabulary. Rows may differ in length.`
}

func (c *logitsCommand) Run(env *environment) error {
	m, err := c.read(env)
	if err != nil {
		return err
	}
	env.announceInput(`{"tokens":[[1,2,3]]}`)
	rows, err := decodeTokens(env.in.atMost(maxTokens), m.Params.Config)
	if err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	const together = 64 // bounds the memory
	network, tape := model.NewNetwork(m.Params), model.NewTape(m.Params.Config, false)
	vocab := m.Params.Config.Vocab
	all := make([][][]float32, 0, len(rows)) // (B,T,V)
	for part := range slices.Chunk(rows, together) {
		if err := env.interrupted("nothing was printed"); err != nil {
			return err
		}
		var batch model.Batch
		batch.Reset()
		for _, row := range part {
			batch.Append(row)
		}
		logits := slices.Clone(tape.Logits(network, &batch))
		for i, row := range part {
			at := batch.Start[i] * vocab
			all = append(all, slices.Collect(slices.Chunk(logits[at:at+len(row)*vocab], vocab)))
		}
	}
	return env.out.json(map[string]any{"logits": all})
}

// decodeTokens reads rows of tokens for a model.
func decodeTokens(in io.Reader, c model.Config) ([][]int32, error) {
	const want = `want {"tokens":[[1,2,3]]}`
	var batch struct {
		Tokens [][]int32 `json:"tokens"`
	}
	decoder := json.NewDecoder(in)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&batch); err != nil {
		return nil, fmt.Errorf("%w: %s", err, want)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("something follows the first value: %s alone", want)
	}
	if batch.Tokens == nil {
		return nil, fmt.Errorf("there are no tokens: %s", want)
	}
	for i, row := range batch.Tokens {
		if len(row) == 0 || len(row) > c.Context {
			return nil, fmt.Errorf("tokens[%d] has %d tokens: want 1 to %d", i, len(row), c.Context)
		}
		if j := slices.IndexFunc(row,
			func(t int32) bool { return t < 0 || int(t) >= c.Vocab }); j >= 0 {
			return nil, fmt.Errorf("tokens[%d][%d] is %d: want 0 to %d", i, j, row[j], c.Vocab-1)
		}
	}
	return batch.Tokens, nil
}
