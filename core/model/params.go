package model

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strings"

	"github.com/posttrain/posttrain/core/num"
)

// Params is all weights of a decoder, as views into one flat block.
type Params struct {
	Config Config
	Data   []float32 // (Weights) all of the below, in this order

	Embed  []float32 // (V,C)
	Layers []Layer
	Norm   []float32 // (C)
	Head   []float32 // (C,V), or (C) of a scalar shape
}

// Layer is the weights of one transformer layer.
type Layer struct {
	AttnNorm []float32 // (C)
	Query    []float32 // (C,C)
	Key      []float32 // (C,C)
	Value    []float32 // (C,C)
	Out      []float32 // (C,C)
	MLPNorm  []float32 // (C)
	Gate     []float32 // (C,F)
	Up       []float32 // (C,F)
	Down     []float32 // (F,C)
}

// Block is a named matrix or vector in the flat block. A vector has one row.
type Block struct {
	Name       string
	Rows, Cols int
	Data       []float32 // (Rows,Cols)
}

// NewParams returns zeroed weights of a shape, which Config.Validate must accept.
func NewParams(c Config) *Params { return ViewParams(c, make([]float32, c.Weights())) }

// ViewParams returns weights of a shape as views of data, which must hold exactly as many numbers.
func ViewParams(c Config, data []float32) *Params {
	p := &Params{Config: c, Data: data}
	rest := data
	take := func(n int) []float32 {
		view := rest[:n:n]
		rest = rest[n:]
		return view
	}
	p.Embed = take(c.Vocab * c.Dim)
	p.Layers = make([]Layer, c.Layers)
	for i := range p.Layers {
		l := &p.Layers[i]
		l.AttnNorm = take(c.Dim)
		l.Query, l.Key, l.Value, l.Out = take(c.Dim*c.Dim), take(c.Dim*c.Dim), take(c.Dim*c.Dim),
			take(c.Dim*c.Dim)
		l.MLPNorm = take(c.Dim)
		l.Gate, l.Up, l.Down = take(c.Dim*c.Hidden), take(c.Dim*c.Hidden), take(c.Hidden*c.Dim)
	}
	p.Norm = take(c.Dim)
	p.Head = take(c.Dim * c.Outputs())
	return p
}

// Blocks returns every matrix and vector, in block order.
func (p *Params) Blocks() []Block {
	blocks, rest := p.Config.Shapes(), p.Data
	for i := range blocks {
		n := blocks[i].Rows * blocks[i].Cols
		blocks[i].Data, rest = rest[:n:n], rest[n:]
	}
	return blocks
}

// Shapes returns the blocks of a model of this shape without their data.
func (c Config) Shapes() []Block {
	blocks := []Block{{Name: "embed", Rows: c.Vocab, Cols: c.Dim}}
	for i := range c.Layers {
		add := func(part string, rows, cols int) {
			blocks = append(blocks,
				Block{Name: fmt.Sprintf("layers.%d.%s", i, part), Rows: rows, Cols: cols})
		}
		add("attn.norm", 1, c.Dim)
		add("attn.query", c.Dim, c.Dim)
		add("attn.key", c.Dim, c.Dim)
		add("attn.value", c.Dim, c.Dim)
		add("attn.out", c.Dim, c.Dim)
		add("mlp.norm", 1, c.Dim)
		add("mlp.gate", c.Dim, c.Hidden)
		add("mlp.up", c.Dim, c.Hidden)
		add("mlp.down", c.Hidden, c.Dim)
	}
	return append(blocks, Block{Name: "norm", Rows: 1, Cols: c.Dim},
		Block{Name: "head", Rows: c.Dim, Cols: c.Outputs()})
}

// Clone returns a copy of the weights.
func (p *Params) Clone() *Params {
	return ViewParams(p.Config, append([]float32(nil), p.Data...))
}

// Init draws fresh weights from (seed, name of the weight). Matrices have standard deviation
// 1/sqrt(fan in), divided by another sqrt(2L) if they write into the residual stream; embeddings
// have 1/2, and norms are one.
func (p *Params) Init(seed uint64) {
	residual := 1 / math.Sqrt(float64(2*p.Config.Layers))
	for _, b := range p.Blocks() {
		std := 1 / math.Sqrt(float64(b.Rows))
		switch {
		case b.Rows == 1:
			for i := range b.Data {
				b.Data[i] = 1
			}
			continue
		case b.Name == "embed":
			std = 0.5
		case strings.HasSuffix(b.Name, "attn.out"), strings.HasSuffix(b.Name, "mlp.down"):
			std *= residual
		}
		rng := num.NewRand(seed, "init", b.Name)
		for i := range b.Data {
			b.Data[i] = float32(std * rng.Norm())
		}
	}
}

// RoundBF16 rounds every weight to the nearest bfloat16, ties to even. Shipped bases are stored in
// this precision.
func (p *Params) RoundBF16() {
	for i, w := range p.Data {
		p.Data[i] = FromBF16(ToBF16(w))
	}
}

// ToBF16 returns the bits of the bfloat16 nearest to x, ties to even. A NaN stays one.
func ToBF16(x float32) uint16 {
	bits := math.Float32bits(x)
	if x != x {
		return uint16(bits>>16) | 0x40
	}
	return uint16((bits + 0x7fff + bits>>16&1) >> 16)
}

// FromBF16 returns the number with these bfloat16 bits.
func FromBF16(b uint16) float32 { return math.Float32frombits(uint32(b) << 16) }

// Digest returns the sha256 of the little-endian weights in block order, in hex. Equal digests mean
// equal bits.
func (p *Params) Digest() string {
	h := sha256.New()
	var chunk [4096]byte
	for data := p.Data; len(data) > 0; {
		n := min(len(data), len(chunk)/4)
		for i, w := range data[:n] {
			binary.LittleEndian.PutUint32(chunk[4*i:], math.Float32bits(w))
		}
		h.Write(chunk[:4*n])
		data = data[n:]
	}
	return hex.EncodeToString(h.Sum(nil))
}
