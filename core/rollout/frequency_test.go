package rollout

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/model"
)

// beliefs is the exact distribution of the first token after a prompt at a
// temperature, from the scorer's log-probabilities.
func beliefs(net *model.Network, prompt []int32, temp float64) []float64 {
	q := make([]float64, net.Config.Vocab)
	seq := &Sequence{Prompt: prompt, Response: []int32{0}}
	NewScorer(net.Config, 1).Each(net, []*Sequence{seq}, func(_ int, logp, _ []float32) {
		total := 0.0
		for j, l := range logp {
			q[j] = math.Exp(float64(l) / temp)
			total += q[j]
		}
		for j := range q {
			q[j] /= total
		}
	})
	return q
}

// chiSquare compares counts with expected shares of their total.
func chiSquare(t *testing.T, counts, shares []float64) float64 {
	t.Helper()
	n, x2 := 0.0, 0.0
	for _, c := range counts {
		n += c
	}
	for j, c := range counts {
		want := n * shares[j]
		if want < 5 { // the approximation's usual condition
			t.Fatalf("only %.2f tokens %d are expected: sample more", want, j)
		}
		x2 += (c - want) * (c - want) / want
	}
	return x2
}

// flatter is shape 0 with weaker opinions, so that every token is drawn.
func flatter() *model.Network {
	net := network(shapes[0], 4)
	for i := range net.Head {
		net.Head[i] /= 3
	}
	net.Refresh()
	return net
}

func TestTokensAreDrawnAsOftenAsBelieved(t *testing.T) {
	net := flatter()
	prompt := []int32{1, 3, 2}
	for _, draw := range []struct{ temp, net float64 }{{1, 1}, {0.5, 1}, {2, 1}, {0.5, 0.5}, {2, 2},
		{1, 2}, {2, 0.5}} {
		temp := draw.temp // whatever the network's own
		r := Request{Group: maxRows, MaxResponse: 1, Temp: temp, Seed: 11, Purpose: "test"}
		for range 160 {
			r.Prompts = append(r.Prompts, prompt)
		}
		counts := make([]float64, net.Config.Vocab)
		responses := NewSampler(net.Config, 1).Sample(net.WithTemp(draw.net), r)
		for _, response := range responses {
			counts[response.Tokens[0]]++
		}
		// 33.38 is exceeded once in a million by chi-square with 4 degrees of
		// freedom.
		if x2 := chiSquare(t, counts, beliefs(net, prompt, temp)); x2 > 33.38 {
			t.Errorf("temperature %v: chi-square %.1f over %v", temp, x2, counts)
		}
		if temp == 1 {
			continue
		}
		if x2 := chiSquare(t, counts, beliefs(net, prompt, 1)); x2 < 33.38 {
			t.Errorf("temperature %v draws as temperature 1 does: chi-square %.1f", temp, x2)
		}
	}
}

func TestMembersOfAGroupAreIndependent(t *testing.T) {
	net := flatter()
	prompt := []int32{2, 2}
	r := Request{Group: 2, MaxResponse: 1, Temp: 1, Seed: 12, Purpose: "test"}
	for range 12000 {
		r.Prompts = append(r.Prompts, prompt)
	}
	v := net.Config.Vocab
	counts, shares := make([]float64, v*v), make([]float64, v*v)
	q := beliefs(net, prompt, 1)
	for i := range shares {
		shares[i] = q[i/v] * q[i%v]
	}
	responses := NewSampler(net.Config, 1).Sample(net, r)
	for p := range r.Prompts {
		counts[int(responses[2*p].Tokens[0])*v+int(responses[2*p+1].Tokens[0])]++
	}
	// 72.23 is the one-in-a-million point of chi-square with 24 degrees of freedom.
	if x2 := chiSquare(t, counts, shares); x2 > 72.23 {
		t.Errorf("chi-square %.1f over pairs: %v", x2, counts)
	}
}

// The second token is drawn from what is believed after the first.
func TestTheSecondTokenFollowsTheFirst(t *testing.T) {
	net := flatter()
	prompt := []int32{4}
	r := Request{Group: maxRows, MaxResponse: 2, Temp: 1, Seed: 13, Purpose: "test", Endless: true}
	for range 200 {
		r.Prompts = append(r.Prompts, prompt)
	}
	v := net.Config.Vocab
	counts, shares := make([]float64, v*v), make([]float64, v*v)
	for first, q := range beliefs(net, prompt, 1) {
		for second, q2 := range beliefs(net, append([]int32{4}, int32(first)), 1) {
			shares[first*v+second] = q * q2
		}
	}
	for _, response := range NewSampler(net.Config, 1).Sample(net, r) {
		counts[int(response.Tokens[0])*v+int(response.Tokens[1])]++
	}
	if x2 := chiSquare(t, counts, shares); x2 > 72.23 { // as above
		t.Errorf("chi-square %.1f over pairs: %v", x2, counts)
	}
}
