package rollout

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"posttrain/core/model"
	"posttrain/core/num"
	"posttrain/core/task"
)

// shapes are small models, none of whose sizes fits the kernels' panels alike.
var shapes = []model.Config{
	{Vocab: 5, Dim: 4, Layers: 1, Heads: 2, Hidden: 6, Context: 24},
	{Vocab: 18, Dim: 16, Layers: 2, Heads: 2, Hidden: 24, Context: 40},
	{Vocab: 33, Dim: 40, Layers: 3, Heads: 4, Hidden: 20, Context: 24},
	{Vocab: 7, Dim: 64, Layers: 1, Heads: 1, Hidden: 16, Context: 33},
}

const maxResponse = 12

// network is a random model whose opinions are strong enough to differ.
func network(c model.Config, seed uint64) *model.Network {
	p := model.NewParams(c)
	p.Init(seed)
	for i := range p.Head {
		p.Head[i] *= 3
	}
	return model.NewNetwork(p)
}

// prompts are n prompts of unequal lengths from 1 to 11.
func prompts(vocab, n int) [][]int32 {
	all := make([][]int32, n)
	for p := range all {
		r := num.NewRand(1, "test", "prompts", uint64(vocab), uint64(p))
		all[p] = make([]int32, 1+r.IntN(11))
		for i := range all[p] {
			all[p][i] = int32(r.IntN(vocab))
		}
	}
	return all
}

func request(c model.Config, n, group int) Request {
	return Request{Prompts: prompts(c.Vocab, n), Group: group, MaxResponse: maxResponse, Temp: 1, Seed: 3, Purpose: "test", Name: "rollout"}
}

// variants are the ways of drawing tokens.
var variants = []struct {
	name string
	set  func(*Request)
}{
	{"as trained", func(*Request) {}},
	{"cold", func(r *Request) { r.Temp = 0.3 }},
	{"hot", func(r *Request) { r.Temp = 2 }},
	{"greedy", func(r *Request) { r.Greedy = r.Group }},
	{"endless", func(r *Request) { r.Endless = true }},
	{"one token", func(r *Request) { r.MaxResponse = 1 }},
}

// eachCase runs a subtest for every shape and way of drawing.
func eachCase(t *testing.T, n, group int, f func(t *testing.T, net *model.Network, r Request)) {
	for i, c := range shapes {
		net := network(c, uint64(i))
		for _, v := range variants {
			t.Run(fmt.Sprintf("shape %d %s", i, v.name), func(t *testing.T) {
				r := request(c, n, group)
				v.set(&r)
				f(t, net, r)
			})
		}
	}
}

// sequences pairs responses with their prompts.
func sequences(r Request, responses []Response) []*Sequence {
	all := make([]*Sequence, len(responses))
	for i, response := range responses {
		all[i] = &Sequence{Prompt: r.Prompts[i/r.Group], Response: response.Tokens, Problem: task.Problem{}}
	}
	return all
}

func sameBits(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

// differ says how two sets of responses differ; "" when they are the same bits.
func differ(a, b []Response) string {
	if len(a) != len(b) {
		return fmt.Sprintf("%d responses and %d", len(a), len(b))
	}
	for i := range a {
		if !slices.Equal(a[i].Tokens, b[i].Tokens) {
			return fmt.Sprintf("response %d is %v and %v", i, a[i].Tokens, b[i].Tokens)
		}
		if !sameBits(a[i].Logp, b[i].Logp) || !sameBits(a[i].Entropy, b[i].Entropy) {
			return fmt.Sprintf("response %d has other log-probabilities or entropies", i)
		}
	}
	return ""
}
