package model

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/num"
)

var testConfig = Config{Vocab: 11, Dim: 24, Layers: 2, Heads: 3, Hidden: 20, Context: 40}

// testNetwork has weights larger than Init gives, so that every path carries
// gradients that stand out from rounding.
func testNetwork(c Config, seed uint64) *Network {
	p := NewParams(c)
	p.Init(seed)
	rng := num.NewRand(seed, "test", "weights")
	for i := range p.Data {
		p.Data[i] += float32(0.1 * rng.Norm())
	}
	return NewNetwork(p)
}

func randomBatch(c Config, seed uint64, lengths ...int) *Batch {
	rng := num.NewRand(seed, "test", "tokens")
	var b Batch
	b.Reset()
	for _, length := range lengths {
		tokens := make([]int32, length)
		for i := range tokens {
			tokens[i] = int32(rng.IntN(c.Vocab))
		}
		b.Append(tokens)
	}
	return &b
}

// objective is a fixed random linear function of the log-probabilities, and
// dlogits its slope at the logits: c - (sum c)·p for each row.
func objective(c Config, t *Tape, rows int) (value float64, dlogits []float32) {
	rng := num.NewRand(5, "test", "objective")
	dlogits = make([]float32, rows*c.Vocab)
	for row := range rows {
		sum := 0.0
		at := row * c.Vocab
		for j := range c.Vocab {
			coefficient := rng.Norm()
			value += coefficient * float64(t.Logp[at+j])
			sum += coefficient
			dlogits[at+j] = float32(coefficient)
		}
		for j := range c.Vocab {
			dlogits[at+j] -= float32(sum) * t.Probs[at+j]
		}
	}
	return value, dlogits
}

// Every weight's gradient meets central differences along random directions in
// its block. A pass rounds at about 1e-6 of the objective; over a step of 2^-8
// that leaves 1e-3 of a typical slope, and the curvature as much again.
func TestGradientsMatchFiniteDifferences(t *testing.T) {
	c := testConfig
	for _, temp := range []float64{1, 0.6, 1.5} {
		compareGradients(t, testNetwork(c, 1).WithTemp(temp),
			func(tape *Tape, n *Network, b *Batch) (float64, []float32) {
				tape.Forward(n, b)
				return objective(c, tape, len(b.Tokens))
			})
	}
}

// At a temperature the distribution is the softmax of the logits divided by it; at 1 not a bit is
// another.
func TestTemperatureDividesTheLogits(t *testing.T) {
	c := testConfig
	n, batch, tape := testNetwork(c, 1), randomBatch(c, 2, 7, 3), NewTape(c, false)
	logits := slices.Clone(tape.Logits(n, batch))
	for _, temp := range []float64{0.1, 0.6, 1, 2} {
		tape.Forward(n.WithTemp(temp), batch)
		for row := 0; row < len(logits); row += c.Vocab {
			total := 0.0
			for _, z := range logits[row : row+c.Vocab] {
				total += math.Exp(float64(z) / temp)
			}
			for j, z := range logits[row : row+c.Vocab] {
				want := float64(z)/temp - math.Log(total)
				if got := float64(tape.Logp[row+j]); math.Abs(got-want) > 1e-5*(1+math.Abs(want)) {
					t.Fatalf("temperature %v: log-probability %v, want %v", temp, got, want)
				}
			}
		}
	}
	tape.Forward(n.WithTemp(1), batch)
	same := slices.Clone(tape.Logp)
	tape.Forward(n, batch)
	if !slices.Equal(same, tape.Logp) || n.WithTemp(0.6).Temp() != 0.6 || n.Temp() != 1 {
		t.Error("a network is not its own at temperature 1")
	}
}

// compareGradients compares Backward with the differences of what pass computes, which also gives
// its slope at the network's outputs.
func compareGradients(t *testing.T, n *Network,
	pass func(*Tape, *Network, *Batch) (value float64, slope []float32)) {
	c := n.Config
	batch := randomBatch(c, 2, 7, 1, 26)
	tape := NewTape(c, true)

	_, dlogits := pass(tape, n, batch)
	grad := NewParams(c)
	tape.Backward(n, dlogits, grad)

	gradBlocks := grad.Blocks()
	for i, block := range n.Blocks() {
		for try := range 3 {
			rng := num.NewRand(uint64(try), "test", block.Name)
			direction := make([]float32, len(block.Data))
			norm := 0.0
			for j := range direction {
				direction[j] = float32(rng.Norm())
				norm += float64(direction[j]) * float64(direction[j])
			}
			const h = 1.0 / 256
			slope, saved := 0.0, slices.Clone(block.Data)
			length := 0.0
			for j, d := range direction {
				slope += float64(gradBlocks[i].Data[j]) * float64(d)
				length += float64(gradBlocks[i].Data[j]) * float64(gradBlocks[i].Data[j])
			}
			evaluate := func(sign float32) float64 {
				for j, d := range direction {
					block.Data[j] = saved[j] + sign*h*d/float32(math.Sqrt(norm))
				}
				n.Refresh()
				value, _ := pass(tape, n, batch)
				copy(block.Data, saved)
				return value
			}
			numeric := (evaluate(1) - evaluate(-1)) / (2 * h)
			slope /= math.Sqrt(norm)
			if math.Abs(numeric-slope) > 2e-3*(math.Sqrt(length)+math.Abs(numeric)) {
				t.Errorf("%s: slope %.6f, finite difference %.6f", block.Name, slope, numeric)
			}
		}
	}
}

// Decoding step by step gives the very bits of the full pass, whatever shares
// the batch: an on-policy ratio is exactly one.
func TestDecodingEqualsFullPass(t *testing.T) {
	for _, shape := range []struct {
		Config
		temp float64
	}{{testConfig, 1}, {testConfig,
		1.3}, {Config{Vocab: 32, Dim: 64, Layers: 2, Heads: 2, Hidden: 176, Context: 64}, 1}} {
		c, n := shape.Config, testNetwork(shape.Config, 3).WithTemp(shape.temp)
		lengths := []int{c.Context, 5, 17, 1, 33}
		batch := randomBatch(c, 4, lengths...)
		tape := NewTape(c, false)
		tape.Forward(n, batch)

		d := NewDecoder(n, len(lengths)+1)
		for step := range c.Context {
			var slots []int
			var tokens []int32
			for slot, length := range lengths {
				if step < length {
					slots, tokens = append(slots, slot), append(tokens,
						batch.Tokens[batch.Start[slot]+step])
				}
			}
			d.Step(slots, tokens)
			for row, slot := range slots {
				at := (batch.Start[slot] + step) * c.Vocab
				for j := range c.Vocab {
					if got, want := d.Logp[row*c.Vocab+j], tape.Logp[at+
						j]; math.Float32bits(got) != math.Float32bits(want) {
						t.Fatalf("sequence %d token %d entry %d: decoded %v, full pass %v", slot,
							step, j, got, want)
					}
				}
			}
		}
	}
}

func TestForkContinuesLikeItsSource(t *testing.T) {
	c := testConfig
	n := testNetwork(c, 6)
	tokens := randomBatch(c, 7, 30).Tokens
	d := NewDecoder(n, 3)
	for _, tok := range tokens[:19] {
		d.Step([]int{1}, []int32{tok})
	}
	d.Fork(2, 1)
	for i, tok := range tokens[19:] {
		d.Step([]int{2, 1}, []int32{tok, tok})
		if !slices.Equal(d.Logp[:c.Vocab], d.Logp[c.Vocab:2*c.Vocab]) {
			t.Fatalf("token %d after the fork differs", i)
		}
	}
}

// How sequences are grouped into batches leaves no trace in any gradient bit.
func TestMicroBatchesAddUpExactly(t *testing.T) {
	c := testConfig
	n := testNetwork(c, 8)
	lengths := []int{9, 3, 14, 9, 1, 25}
	whole := randomBatch(c, 9, lengths...)
	gradient := func(size int) *Params {
		grad := NewParams(c)
		tape := NewTape(c, true)
		for from := 0; from < len(lengths); from += size {
			var part Batch
			part.Reset()
			for i := from; i < min(from+size, len(lengths)); i++ {
				part.Append(whole.Tokens[whole.Start[i]:whole.Start[i+1]])
			}
			tape.Forward(n, &part)
			dlogits := make([]float32, len(part.Tokens)*c.Vocab)
			for i := range dlogits {
				dlogits[i] = tape.Probs[i] - 0.1 // any function of the row alone
			}
			tape.Backward(n, dlogits, grad)
		}
		return grad
	}
	want := gradient(len(lengths)).Digest()
	for _, size := range []int{1, 2, 4} {
		if got := gradient(size).Digest(); got != want {
			t.Errorf("micro-batches of %d: gradient %.8s, whole batch %.8s", size, got, want)
		}
	}
}

func TestScoringTapeEqualsKeepingTape(t *testing.T) {
	n := testNetwork(testConfig, 10)
	batch := randomBatch(testConfig, 11, 12, 20)
	keep, score := NewTape(testConfig, true), NewTape(testConfig, false)
	keep.Forward(n, batch)
	score.Forward(n, batch)
	if !slices.Equal(keep.Logp, score.Logp) {
		t.Error("a tape without kept activations scores differently")
	}
}

// A second pass over a batch of the same size touches no new memory.
func TestPassesDoNotAllocate(t *testing.T) {
	n := testNetwork(testConfig, 12)
	batch := randomBatch(testConfig, 13, 12, 20)
	tape, grad := NewTape(testConfig, true), NewParams(testConfig)
	dlogits := make([]float32, len(batch.Tokens)*testConfig.Vocab)
	d := NewDecoder(n, 2)
	slots, tokens := []int{0, 1}, []int32{1, 2}
	if allocs := testing.AllocsPerRun(5, func() {
		tape.Forward(n, batch)
		tape.Backward(n, dlogits, grad)
		n.Refresh()
		d.Reset(n)
		d.Step(slots, tokens)
		d.Fork(1, 0)
	}); allocs != 0 {
		t.Errorf("%v allocations in a training step", allocs)
	}
}

func TestValidate(t *testing.T) {
	good := testConfig
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*Config){
		"vocab":   func(c *Config) { c.Vocab = 0 },
		"layers":  func(c *Config) { c.Layers = -1 },
		"heads":   func(c *Config) { c.Heads = 5 },
		"odd":     func(c *Config) { c.Dim, c.Heads = 9, 3 },
		"context": func(c *Config) { c.Context = 1 << 30 },
		"weights": func(c *Config) { c.Dim, c.Heads, c.Layers, c.Hidden = 4096, 1, 128, 16384 },
	} {
		c := testConfig
		change(&c)
		if c.Validate() == nil {
			t.Errorf("%s: %+v was accepted", name, c)
		}
	}
}

func TestBlocksCoverTheFlatBlock(t *testing.T) {
	p := NewParams(testConfig)
	next := float32(0)
	for _, b := range p.Blocks() {
		if len(b.Data) != b.Rows*b.Cols {
			t.Errorf("%s: %d weights for shape (%d,%d)", b.Name, len(b.Data), b.Rows, b.Cols)
		}
		for i := range b.Data {
			b.Data[i] = next
			next++
		}
	}
	for i, w := range p.Data {
		if w != float32(i) {
			t.Fatalf("weight %d is not where its block says", i)
		}
	}
}

func TestBF16(t *testing.T) {
	for bits := range uint32(1 << 16) {
		x := FromBF16(uint16(bits))
		if x == x && ToBF16(x) != uint16(bits) {
			t.Fatalf("bfloat16 %04x does not survive", bits)
		}
	}
	for _, tc := range []struct{ x, want float32 }{
		{1 + 1.0/256, 1}, {1 + 3.0/256, 1 + 4.0/256}, {1 + 1.0/255, 1 + 2.0/256},
		{-1 - 1.0/256, -1},
	} {
		if got := FromBF16(ToBF16(tc.x)); got != tc.want {
			t.Errorf("%v rounds to %v, want %v", tc.x, got, tc.want)
		}
	}
	if nan := FromBF16(ToBF16(float32(math.NaN()))); nan == nan {
		t.Error("NaN did not survive")
	}
}

func TestForwardFLOPsCountsMatrixProducts(t *testing.T) {
	// By hand for one token of 48: two layers of 4·64·64 + 3·64·176 weights, a head
	// of 64·32, and 48 keys and 48 values of 64 channels in each layer.
	const multiplyAdds = 2*(4*64*64+3*64*176) + 64*32 + 2*2*48*64
	c := Config{Vocab: 32, Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 48}
	if got := c.ForwardFLOPs(48); got != 2*48*multiplyAdds {
		t.Errorf("48 tokens of the small model cost %v FLOP, want %v", got, 2*48*multiplyAdds)
	}
}
