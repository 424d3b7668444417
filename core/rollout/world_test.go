package rollout

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/task"
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
	return Request{Prompts: prompts(c.Vocab, n), Group: group, MaxResponse: maxResponse, Temp: 1,
		Seed: 3, Purpose: "test", Name: "rollout"}
}

// variants are the ways of drawing tokens.
var variants = []struct {
	name string
	net  float64 // temperature of the network
	set  func(*Request)
}{
	{"as trained", 1, func(*Request) {}},
	{"cold", 1, func(r *Request) { r.Temp = 0.3 }},
	{"hot", 1, func(r *Request) { r.Temp = 2 }},
	{"tempered", 1.4, func(r *Request) { r.Temp = 1.4 }},
	{"tempered, cold", 1.4, func(r *Request) { r.Temp = 0.3 }},
	{"greedy", 1, func(r *Request) { r.Greedy = r.Group }},
	{"in turns", 1, func(r *Request) { r.World = echo }},
	{"in turns, cold", 1, func(r *Request) { r.World, r.Temp = echo, 0.3 }},
	{"endless", 1, func(r *Request) { r.Endless = true }},
	{"one token", 1, func(r *Request) { r.MaxResponse = 1 }},
}

// eachCase runs a subtest for every shape and way of drawing.
func eachCase(t *testing.T, n, group int, f func(t *testing.T, net *model.Network, r Request)) {
	for i, c := range shapes {
		net := network(c, uint64(i))
		for _, v := range variants {
			t.Run(fmt.Sprintf("shape %d %s", i, v.name), func(t *testing.T) {
				r := request(c, n, group)
				v.set(&r)
				f(t, net.WithTemp(v.net), r)
			})
		}
	}
}

// sequences pairs responses with their prompts.
func sequences(r Request, responses []Response) []*Sequence {
	all := make([]*Sequence, len(responses))
	for i, response := range responses {
		all[i] = &Sequence{Prompt: r.Prompts[i/r.Group], Response: response.Tokens,
			PolicyAt: response.PolicyAt, Problem: task.Problem{}}
	}
	return all
}

func sameBits(a, b []float64) bool {
	return slices.EqualFunc(a, b,
		func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

// differ says how two sets of responses differ; "" when they are the same bits.
func differ(a, b []Response) string {
	if len(a) != len(b) {
		return fmt.Sprintf("%d responses and %d", len(a), len(b))
	}
	for i := range a {
		if !slices.Equal(a[i].Tokens, b[i].Tokens) || !slices.Equal(a[i].PolicyAt, b[i].PolicyAt) {
			return fmt.Sprintf("response %d is %v and %v", i, a[i].Tokens, b[i].Tokens)
		}
		if !sameBits(a[i].Logp, b[i].Logp) || !sameBits(a[i].Entropy, b[i].Entropy) {
			return fmt.Sprintf("response %d has other log-probabilities or entropies", i)
		}
	}
	return ""
}

// echo is a world that says nothing, one token or two, by the token before and the prompt.
func echo(prompt int, response []int32) []int32 {
	said := []int32{response[len(response)-1], int32(1 + prompt%3)}
	return said[:(int(response[len(response)-1])+len(response))%3]
}

// Each own token is answered before the next, as far as there is room; what the world says is no
// token of the policy's.
func TestTheWorldSpeaksInItsTurn(t *testing.T) {
	for i, c := range shapes {
		net := network(c, uint64(i))
		r := request(c, 19, 3)
		r.World = echo
		spoke := false
		for i, response := range NewSampler(c, 2).Sample(net, r) {
			if len(response.PolicyAt) != len(response.Logp) ||
				len(response.PolicyAt) != len(response.Entropy) ||
				len(response.Tokens) > r.MaxResponse {
				t.Fatalf("%d places, %d log-probabilities, %d entropies and %d tokens",
					len(response.PolicyAt), len(response.Logp), len(response.Entropy),
					len(response.Tokens))
			}
			for k, at := range response.PolicyAt {
				next := len(response.Tokens)
				if k+1 < len(response.PolicyAt) {
					next = response.PolicyAt[k+1]
				}
				var said []int32
				if token := response.Tokens[at]; token != task.End {
					said = echo(i/r.Group, response.Tokens[:at+1])
				}
				spoke = spoke || len(said) > 0
				if room := r.MaxResponse - at - 1; len(said) > room {
					said = said[:room]
				}
				if !slices.Equal(response.Tokens[at+1:next], said) {
					t.Fatalf("%v at %v: after %d the world says %v", response.Tokens,
						response.PolicyAt, at, said)
				}
			}
		}
		if !spoke {
			t.Errorf("%+v: the world never spoke", c)
		}
	}
}

func TestGatherAndScatter(t *testing.T) {
	at, rows := []int{0, 2, 3}, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	if own := Gather(at, rows, 2); !slices.Equal(own, []int{1, 2, 5, 6, 7, 8}) {
		t.Errorf("gathered: %v", own)
	}
	if all := Scatter(at, []int{7, 8, 9}, 5); !slices.Equal(all, []int{7, 0, 8, 9, 0}) {
		t.Errorf("scattered: %v", all)
	}
	if own, all := Gather(nil, rows, 2), Scatter(nil, rows, 10); !slices.Equal(own, rows) ||
		!slices.Equal(all, rows) {
		t.Errorf("without a world: %v, %v", own, all)
	}
	s := Sequence{Response: []int32{4, 5, 6, 7, 0}, PolicyAt: at}
	if s.PolicyLen() != 3 || s.ResponseIndex(1) != 2 ||
		!slices.Equal(s.PolicyTokens(), []int32{4, 6, 7}) {
		t.Errorf("%+v: %d own, %v", s, s.PolicyLen(), s.PolicyTokens())
	}
}
