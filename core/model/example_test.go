package model_test

import (
	"fmt"
	"math"

	"github.com/posttrain/posttrain/core/model"
)

// A tiny model with random weights: the distribution of the next token after each token of a
// sequence.
func ExampleTape_Forward() {
	shape := model.Config{Vocab: 5, Dim: 8, Layers: 1, Heads: 2, Hidden: 16, Context: 4}
	params := model.NewParams(shape)
	params.Init(1) // a seed
	network := model.NewNetwork(params)

	var batch model.Batch
	batch.Append([]int32{1, 4, 2})
	tape := model.NewTape(shape, false) // false: no backward pass follows
	tape.Forward(network, &batch)

	fmt.Println(shape.Weights(), "weights")
	for i := range batch.Tokens {
		row := tape.Probs[i*shape.Vocab : (i+1)*shape.Vocab]
		sum := 0.0
		for _, p := range row {
			sum += float64(p)
		}
		fmt.Printf("after token %d: %d probabilities, sum %.4f\n", batch.Tokens[i], len(row), sum)
	}
	// Output:
	// 744 weights
	// after token 1: 5 probabilities, sum 1.0000
	// after token 4: 5 probabilities, sum 1.0000
	// after token 2: 5 probabilities, sum 1.0000
}

// A decoder continues a sequence token by token. Its log-probabilities are those of a forward pass
// over the whole sequence, bit for bit.
func ExampleDecoder() {
	shape := model.Config{Vocab: 5, Dim: 8, Layers: 1, Heads: 2, Hidden: 16, Context: 4}
	params := model.NewParams(shape)
	params.Init(1)
	network := model.NewNetwork(params)

	var batch model.Batch
	batch.Append([]int32{1, 4, 2})
	tape := model.NewTape(shape, false)
	tape.Forward(network, &batch)

	decoder := model.NewDecoder(network, 1) // one slot: one sequence at a time
	same := true
	for i, token := range batch.Tokens {
		decoder.Step([]int{0}, []int32{token})
		for v, logp := range decoder.Logp[:shape.Vocab] {
			same = same && math.Float32bits(logp) == math.Float32bits(tape.Logp[i*shape.Vocab+v])
		}
	}
	fmt.Println(same)
	// Output: true
}
