package rollout

import (
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

func TestSameBitsForAnyNumberOfWorkers(t *testing.T) {
	// 45 prompts in groups of 4 are more than one worker takes at a time.
	eachCase(t, 45, 4, func(t *testing.T, net *model.Network, r Request) {
		want := NewSampler(net.Config, 1).Sample(net, r)
		for _, workers := range []int{2, 3, 7} {
			if d := differ(want, NewSampler(net.Config, workers).Sample(net, r)); d != "" {
				t.Fatalf("1 worker and %d: %s", workers, d)
			}
		}
	})
}

func TestASampleDependsOnItsAddressAlone(t *testing.T) {
	eachCase(t, 9, 5, func(t *testing.T, net *model.Network, r Request) {
		sampler := NewSampler(net.Config, 2)
		want := sampler.Sample(net, r)
		if d := differ(want, sampler.Sample(net, r)); d != "" {
			t.Fatalf("the sampler's second use: %s", d)
		}
		fewer := r
		fewer.Prompts = r.Prompts[:4]
		if d := differ(want[:4*r.Group], sampler.Sample(net, fewer)); d != "" {
			t.Fatalf("fewer prompts: %s", d)
		}
		smaller := r
		smaller.Group, smaller.Greedy = 2, min(2, r.Greedy)
		for i, response := range sampler.Sample(net, smaller) {
			if d := differ(want[i/2*r.Group+i%2:][:1], []Response{response}); d != "" {
				t.Fatalf("a smaller group, prompt %d: %s", i/2, d)
			}
		}
		larger := r
		larger.Group = maxRows + 1 // more than a decoder usually takes
		if r.Greedy > 0 {
			larger.Greedy = larger.Group
		}
		larger.Prompts = r.Prompts[:2]
		responses := sampler.Sample(net, larger)
		for p := range larger.Prompts {
			if d := differ(want[p*r.Group:][:r.Group],
				responses[p*larger.Group:][:r.Group]); d != "" {
				t.Fatalf("a larger group, prompt %d: %s", p, d)
			}
		}
	})
}

func TestEveryPartOfTheAddressMatters(t *testing.T) {
	net := network(shapes[1], 1)
	sampler := NewSampler(net.Config, 1)
	r := request(net.Config, 6, 8)
	want := sampler.Sample(net, r)
	for name, change := range map[string]func(*Request){
		"seed":    func(r *Request) { r.Seed++ },
		"purpose": func(r *Request) { r.Purpose = "other" },
		"name":    func(r *Request) { r.Name = "other" },
		"index":   func(r *Request) { r.Index++ },
	} {
		other := r
		change(&other)
		if differ(want, sampler.Sample(net, other)) == "" {
			t.Errorf("another %s gave the same samples", name)
		}
	}
	// The same prompt at two places, and the members of a group, have their own
	// random numbers.
	twice := r
	twice.Prompts = [][]int32{r.Prompts[0], r.Prompts[0]}
	responses := sampler.Sample(net, twice)
	if differ(responses[:8], responses[8:]) == "" {
		t.Error("one prompt at two places gave the same group twice")
	}
	different := 0
	for i := 1; i < 8; i++ {
		if differ(responses[:1], responses[i:i+1]) != "" {
			different++
		}
	}
	if different == 0 {
		t.Error("all members of a group are the same")
	}
}

func TestResponsesEndOnceOrAreCutOff(t *testing.T) {
	eachCase(t, 12, 4, func(t *testing.T, net *model.Network, r Request) {
		ended, cut := 0, 0
		for i, response := range NewSampler(net.Config, 2).Sample(net, r) {
			n := len(response.Tokens)
			own := n
			if r.World != nil {
				own = len(response.PolicyAt)
			}
			if n == 0 || n > r.MaxResponse || len(response.Logp) != own ||
				len(response.Entropy) != own {
				t.Fatalf("response %d has %d tokens, %d log-probabilities, %d entropies", i, n,
					len(response.Logp), len(response.Entropy))
			}
			end := slices.Index(response.Tokens, task.End)
			switch {
			case r.Endless && n != r.MaxResponse:
				t.Fatalf("response %d stopped at %d of %d tokens", i, n, r.MaxResponse)
			case r.Endless:
			case end >= 0 && end != n-1:
				t.Fatalf("response %d went on after its End: %v", i, response.Tokens)
			case end >= 0:
				ended++
			case n != r.MaxResponse:
				t.Fatalf("response %d stopped without an End: %v", i, response.Tokens)
			default:
				cut++
			}
		}
		if r.Temp == 2 && (ended == 0 || cut == 0) && net.Config.Vocab == 18 {
			t.Errorf("%d responses ended, %d were cut off: the test sees only one kind", ended, cut)
		}
	})
}

func TestGreedyIsTheChainOfLikeliestTokens(t *testing.T) {
	for i, c := range shapes {
		net := network(c, uint64(i))
		r := request(c, 20, 1)
		r.Greedy = r.Group
		all := sequences(r, NewSampler(c, 1).Sample(net, r))
		NewScorer(c, 1).Each(net, all, func(i int, logp, _ []float32) {
			for step, token := range all[i].Response {
				row := logp[step*c.Vocab : (step+1)*c.Vocab]
				if best := slices.Index(row, slices.Max(row)); int(token) != best {
					t.Errorf("%+v: response %d has token %d at %d, the likeliest is %d", c, i,
						token, step, best)
				}
			}
		})
	}
}

func TestGreedyDrawsNothing(t *testing.T) {
	net := network(shapes[1], 1)
	r := request(net.Config, 10, 3)
	r.Greedy = r.Group
	other := r
	other.Seed, other.Temp = 99, 0.1
	sampler := NewSampler(net.Config, 1)
	if d := differ(sampler.Sample(net, r), sampler.Sample(net, other)); d != "" {
		t.Errorf("greedy decoding depends on the seed or the temperature: %s", d)
	}
}

// The last response of a group may be greedy while the others are what they would be without it.
func TestTheLastOfAGroupMayBeGreedy(t *testing.T) {
	net := network(shapes[1], 1)
	plain := request(net.Config, 10, 2)
	mixed := plain
	mixed.Group, mixed.Greedy = 3, 1
	alone := plain
	alone.Group, alone.Greedy = 1, 1
	sampler := NewSampler(net.Config, 1)
	sampled, greedy, both := sampler.Sample(net, plain), sampler.Sample(net,
		alone), sampler.Sample(net, mixed)
	for p := range plain.Prompts {
		want := append(append([]Response(nil), sampled[2*p:2*p+2]...), greedy[p])
		if d := differ(both[3*p:3*p+3], want); d != "" {
			t.Errorf("prompt %d: %s", p, d)
		}
	}
}

func TestSamplerFollowsTheNetworkItIsGiven(t *testing.T) {
	c := shapes[1]
	one, two := network(c, 1), network(c, 2)
	sampler, r := NewSampler(c, 2), request(c, 9, 2)
	first := sampler.Sample(one, r)
	if differ(first, sampler.Sample(two, r)) == "" {
		t.Error("two networks sample the same")
	}
	if d := differ(first, sampler.Sample(one, r)); d != "" {
		t.Errorf("back at the first network: %s", d)
	}
	copy(two.Data, one.Data)
	two.Refresh()
	if d := differ(first, sampler.Sample(two, r)); d != "" {
		t.Errorf("a network with the same weights: %s", d)
	}
}

func TestNothingToSample(t *testing.T) {
	net := network(shapes[0], 1)
	r := request(net.Config, 0, 4)
	if got := NewSampler(net.Config, 3).Sample(net, r); len(got) != 0 {
		t.Errorf("%d responses to no prompt", len(got))
	}
	NewScorer(net.Config, 3).Score(net, nil, Policy, 0)
}

// With less room, a response is cut off earlier and is otherwise what it would be.
func TestMaxTokensIsEachPromptsOwn(t *testing.T) {
	eachCase(t, 10, 3, func(t *testing.T, net *model.Network, r Request) {
		sampler := NewSampler(net.Config, 2)
		want := sampler.Sample(net, r)
		for p := range r.Prompts {
			r.MaxTokens = append(r.MaxTokens, min(1+p, r.MaxResponse))
		}
		for i := range want {
			n := min(r.MaxTokens[i/r.Group], len(want[i].Tokens))
			own := n
			if r.World != nil {
				own, _ = slices.BinarySearch(want[i].PolicyAt, n)
				want[i].PolicyAt = want[i].PolicyAt[:own]
			}
			want[i] = Response{Tokens: want[i].Tokens[:n], PolicyAt: want[i].PolicyAt,
				Logp: want[i].Logp[:own], Entropy: want[i].Entropy[:own]}
		}
		if d := differ(sampler.Sample(net, r), want); d != "" {
			t.Error(d)
		}
	})
}

// What tokens were drawn from is, to the bit, what a scorer finds there, and to ask for it changes
// nothing else.
func TestDistsAreThoseThatAreScored(t *testing.T) {
	eachCase(t, 10, 5, func(t *testing.T, net *model.Network, r Request) {
		plain := NewSampler(net.Config, 2).Sample(net, r)
		r.Dists = true
		told := NewSampler(net.Config, 2).Sample(net, r)
		var sequences []*Sequence
		for i := range told {
			sequences = append(sequences,
				&Sequence{Prompt: r.Prompts[i/r.Group], Response: told[i].Tokens,
					PolicyAt: told[i].PolicyAt})
		}
		NewScorer(net.Config, 2).Each(net, sequences, func(i int, logp, probs []float32) {
			if !slices.Equal(told[i].LogDist, logp) || !slices.Equal(told[i].Dist, probs) {
				t.Errorf("response %d was drawn from something else than is scored", i)
			}
			told[i].LogDist, told[i].Dist = nil, nil
		})
		if d := differ(told, plain); d != "" {
			t.Error(d)
		}
	})
}

// Where there are fewer prompts than threads, and the model is large, the threads share its steps.
func TestThreadsShareThePromptsOfALargeModel(t *testing.T) {
	c := model.Config{Vocab: 20, Dim: 128, Layers: 4, Heads: 4, Hidden: 344, Context: 32}
	net := network(c, 3)
	r := request(c, 2, 5)
	want := NewSampler(c, 1).Sample(net, r)
	for _, threads := range []int{2, 3, 8} {
		s := NewSampler(c, threads)
		for range 2 {
			if d := differ(want, s.Sample(net, r)); d != "" {
				t.Errorf("%d threads: %s", threads, d)
			}
		}
		if got, inside := s.workers[0].team.Size(), max(1, threads/2); got != inside {
			t.Errorf("%d threads on 2 prompts: %d share a step, want %d", threads, got, inside)
		}
	}
}
