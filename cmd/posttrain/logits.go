package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/posttrain/posttrain/core/model"
)

type logitsCommand struct{ source }

// maxTokens is the largest number of bytes of JSON that are read. The logits of
// one token take hundreds of times as many.
const maxTokens = 1 << 20

const tokensExample = `{"tokens":[[1,2,3]]}`

// Help returns the text below the summary of --help.
func (*logitsCommand) Help() string {
	return `Reads {"tokens":[[1,2,3]]} and writes {"logits":[[[..]]]} of shape (B,T,V): rows, tokens,
vocabulary. Rows may differ in length. The numbers of tokens are those in the tokenizer.json that
export writes; 0 ends a response.`
}

func (c *logitsCommand) Run(env *environment) error {
	m, err := c.read(env)
	if err != nil {
		return err
	}
	env.announceInput(tokensExample)
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
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	top, err := object(data, "the input", []string{"tokens"})
	if err != nil {
		return nil, fmt.Errorf("%w: want %s", err, tokensExample)
	}
	if absent(top["tokens"]) {
		return nil, fmt.Errorf("there are no tokens: want %s", tokensExample)
	}
	rows, err := list(top["tokens"], "tokens", "a list of rows, such as [[1,2,3]]")
	if err != nil {
		return nil, err
	}
	all := make([][]int32, len(rows))
	for i, raw := range rows {
		at := fmt.Sprintf("tokens[%d]", i)
		row, err := list(raw, at, "a row, which is a list of token numbers, such as [1,2,3]")
		if err != nil {
			return nil, err
		}
		if len(row) == 0 || len(row) > c.Context {
			return nil, fmt.Errorf("%s has %d tokens: want 1 to %d", at, len(row), c.Context)
		}
		all[i] = make([]int32, len(row))
		for j, raw := range row {
			if absent(raw) || json.Unmarshal(raw, &all[i][j]) != nil ||
				all[i][j] < 0 || int(all[i][j]) >= c.Vocab {
				return nil, fmt.Errorf("%s[%d] is %s: want a whole number from 0 to %d", at, j,
					inBrief(raw), c.Vocab-1)
			}
		}
	}
	return all, nil
}

// inBrief returns the beginning of a value in JSON, for an error.
func inBrief(raw json.RawMessage) string {
	const most = 20
	text := []rune(string(raw))
	if len(text) <= most {
		return string(text)
	}
	return string(text[:most]) + "…"
}
