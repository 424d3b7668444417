package rollout

import (
	"github.com/posttrain/posttrain/core/internal/parallel"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/task"
)

// maxRows bounds the number of responses that one decoder generates at a time. It limits memory and
// does not change what is sampled.
const maxRows = 128

// Request asks for Group responses to each prompt.
type Request struct {
	Prompts     [][]int32
	Group       int
	MaxResponse int // most tokens of a response, End included
	// MaxTokens is the limit for each prompt, from 1 to MaxResponse. nil means MaxResponse for all.
	MaxTokens []int
	// Temp is the temperature of sampling. Log-probabilities are at the network's own temperature.
	Temp    float64
	Greedy  int   // number of responses of a group, the last ones, that are decoded greedily
	World   World // replies between the policy's tokens; nil means none
	Endless bool  // End does not end a response: each is as long as allowed
	Dists   bool  // return the network's distribution at every token, too

	// The random numbers of sample i of prompt p come from the address (Seed, Purpose, Name, Index,
	// First+p, i). A request for a part of some prompts, with First set to the index of its first
	// prompt, returns what a request for all of them would return for that part.
	Seed    uint64
	Purpose string
	Name    string
	Index   uint64
	First   int
}

// World returns what the world says after an unfinished response to a prompt, before the policy
// goes on.
type World func(prompt int, response []int32) []int32

// Response is one generated completion.
type Response struct {
	Tokens   []int32   // (n)
	PolicyAt []int     // (T) indices of the sampled tokens; nil without a world, T = n
	Logp     []float64 // (T) under the sampling network, at its own temperature
	Entropy  []float64 // (T) nats, of the network's distribution at each token

	LogDist, Dist []float32 // (T,V) that distribution, if the request wants Dists
}

// Sampler generates responses. It owns the decoders and may be used again and again.
type Sampler struct {
	config  model.Config
	workers []generation
	team    *parallel.Team // of the workers
	do      func(worker, chunk int)

	// of the call of Sample that is going on
	network   *model.Network
	request   Request
	responses []Response
	prompts   int // of a chunk
}

// NewSampler returns a sampler for networks of one shape, with a number of threads.
func NewSampler(c model.Config, threads int) *Sampler {
	s := &Sampler{config: c, workers: make([]generation, threads),
		team: parallel.NewTeam(threads)}
	s.do = s.chunk
	return s
}

// Rows returns the number of responses that all threads together generate at a time. A request for
// as many takes moderately long.
func (s *Sampler) Rows() int { return maxRows * len(s.workers) }

// Sample generates Group responses for each prompt: those of prompt p begin at index p·Group.
func (s *Sampler) Sample(n *model.Network, r Request) []Response {
	s.network, s.request = n, r
	s.responses = newResponses(len(r.Prompts)*r.Group, r.MaxResponse)
	share := (len(r.Prompts) + len(s.workers) - 1) / len(s.workers)
	s.prompts = max(1, min(share, maxRows/r.Group))
	chunks := (len(r.Prompts) + s.prompts - 1) / s.prompts
	s.share(chunks)
	s.team.Do(chunks, s.do)
	responses := s.responses
	s.network, s.request, s.responses = nil, Request{}, nil
	return responses
}

// share gives each chunk the threads that it can use: where there are fewer chunks than threads,
// and the model is large enough, they share the rows of its steps.
func (s *Sampler) share(chunks int) {
	inside := 1
	if threads := len(s.workers); chunks > 0 && s.config.Split(threads, 1).Inside > 1 {
		inside = max(1, threads/chunks)
	}
	for i := range s.workers[:min(chunks, len(s.workers))] {
		if g := &s.workers[i]; g.team == nil || g.team.Size() != inside {
			g.team = parallel.NewTeam(inside)
		}
	}
}

// chunk generates the responses to some of the prompts.
func (s *Sampler) chunk(worker, chunk int) {
	g, r := &s.workers[worker], &s.request
	if g.decoder == nil || g.decoder.Slots() < s.prompts*r.Group {
		g.decoder = model.NewDecoder(s.network, s.prompts*r.Group)
	}
	g.decoder.Reset(s.network)
	g.decoder.Use(g.team)
	g.Request, g.vocab, g.temp = r, s.config.Vocab, r.Temp/s.network.Temp()
	g.first = chunk * s.prompts
	last := min(g.first+s.prompts, len(r.Prompts))
	g.out = s.responses[g.first*r.Group : last*r.Group]
	g.prefill(r.Prompts[g.first:last])
	g.run()
	g.out = nil
}

// newResponses returns n empty responses with capacity for limit tokens each.
func newResponses(n, limit int) []Response {
	responses, tokens, numbers := make([]Response, n), make([]int32, n*limit), make([]float64,
		2*n*limit)
	for i := range responses {
		at, end := i*limit, (i+1)*limit
		responses[i] = Response{
			Tokens:  tokens[at:at:end],
			Logp:    numbers[2*at : 2*at : at+end],
			Entropy: numbers[at+end : at+end : 2*end],
		}
	}
	return responses
}

// generation is the state of one worker's chunk. Slot p·Group+i holds sample i of the
// chunk's prompt p.
type generation struct {
	*Request
	decoder *model.Decoder
	team    *parallel.Team // the threads that share its steps
	first   int            // index of the chunk's first prompt among all
	vocab   int
	temp    float64 // at which tokens are drawn, as a multiple of the network's
	out     []Response
	rands   []num.Rand
	fed     []int   // tokens of each slot that the decoder has seen
	active  []int   // slots still generating
	pending []int32 // the next token of each
}

// prefill feeds each prompt once, copies its cache to the rest of the group and
// draws every first token.
func (g *generation) prefill(prompts [][]int32) {
	g.rands, g.fed = g.rands[:0], g.fed[:0]
	for slot := range g.out {
		p, i := slot/g.Group, slot%g.Group
		g.rands = append(g.rands, num.NewRand(g.Seed, g.Purpose, g.Name, g.Index,
			uint64(g.First+g.first+p), uint64(i)))
		g.fed = append(g.fed, 0)
	}
	for t := 0; ; t++ {
		g.active, g.pending = g.active[:0], g.pending[:0]
		for p, prompt := range prompts {
			if t < len(prompt) {
				g.active, g.pending = append(g.active, p*g.Group), append(g.pending, prompt[t])
			}
		}
		if len(g.active) == 0 {
			break
		}
		g.decoder.Step(g.active, g.pending)
		for row, slot := range g.active {
			if t+1 == len(prompts[slot/g.Group]) {
				for i := range g.Group {
					g.draw(slot+i, row)
				}
			}
		}
	}
	for slot := range g.out {
		if from := slot - slot%g.Group; from != slot {
			g.decoder.Fork(slot, from)
		}
	}
}

// run generates until every response has ended or is as long as allowed.
func (g *generation) run() {
	for {
		g.active, g.pending = g.active[:0], g.pending[:0]
		for slot := range g.out {
			tokens := g.out[slot].Tokens
			if last := tokens[len(tokens)-1]; (last != task.End || g.Endless) &&
				len(tokens) < g.maxTokens(slot) {
				g.active, g.pending = append(g.active, slot), append(g.pending, tokens[g.fed[slot]])
				g.fed[slot]++
			}
		}
		if len(g.active) == 0 {
			return
		}
		g.decoder.Step(g.active, g.pending)
		for row, slot := range g.active {
			if g.fed[slot] == len(g.out[slot].Tokens) {
				g.draw(slot, row)
			}
		}
	}
}

// maxTokens returns the largest length of a slot's response.
func (g *generation) maxTokens(slot int) int {
	if g.MaxTokens == nil {
		return g.MaxResponse
	}
	return g.MaxTokens[g.first+slot/g.Group]
}

// draw appends a token to a slot's response from one row of the decoder.
func (g *generation) draw(slot, row int) {
	logp := g.decoder.Logp[row*g.vocab : (row+1)*g.vocab]
	probs := g.decoder.Probs[row*g.vocab : (row+1)*g.vocab]
	var token int
	switch {
	case slot%g.Group >= g.Group-g.Greedy:
		token = argmax(logp)
	case g.temp == 1:
		token = categorical(&g.rands[slot], probs, func(p float32) float64 { return float64(p) })
	default:
		token = categorical(&g.rands[slot], logp,
			func(l float32) float64 { return num.Exp(float64(l) / g.temp) })
	}
	out := &g.out[slot]
	if g.World != nil {
		out.PolicyAt = append(out.PolicyAt, len(out.Tokens))
	}
	out.Tokens = append(out.Tokens, int32(token))
	out.Logp = append(out.Logp, float64(logp[token]))
	out.Entropy = append(out.Entropy, entropy(probs, logp))
	if g.Dists {
		out.LogDist, out.Dist = append(out.LogDist, logp...), append(out.Dist, probs...)
	}
	if g.World != nil && token != task.End {
		said := g.World(g.first+slot/g.Group, out.Tokens)
		out.Tokens = append(out.Tokens, said[:min(len(said), g.maxTokens(slot)-len(out.Tokens))]...)
	}
}

func argmax(x []float32) int {
	best := 0
	for j, v := range x {
		if v > x[best] {
			best = j
		}
	}
	return best
}

// categorical returns an index drawn with probability proportional to weight(x[i]).
func categorical(r *num.Rand, x []float32, weight func(float32) float64) int {
	total := 0.0
	for _, v := range x {
		total += weight(v)
	}
	target, sum := r.Float64()*total, 0.0
	for i, v := range x {
		if sum += weight(v); target < sum {
			return i
		}
	}
	return argmax(x)
}

// entropy returns −Σ p·log p in nats.
func entropy(probs, logp []float32) float64 {
	h := 0.0
	for j, p := range probs {
		h -= float64(float64(p) * float64(logp[j]))
	}
	return h
}
