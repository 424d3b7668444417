package hf

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/safetensors"
)

// maxHeader is the room in bytes for what the weights' file has besides the weights of the model.
const maxHeader = 1 << 24

// block is a matrix or vector of a model and its place in a folder.
type block struct {
	name       string    // of the tensor
	rows, cols int       // as the model has it; a vector has one row
	data       []float32 // (rows,cols)
	vector     bool
	matrix     bool // a product's matrix, (in,out) here and (out,in) in the folder
}

// shape returns the shape of the tensor.
func (b block) shape() []int {
	switch {
	case b.vector:
		return []int{b.cols}
	case b.matrix:
		return []int{b.cols, b.rows}
	}
	return []int{b.rows, b.cols}
}

const (
	embeddingTensor = "model.embed_tokens.weight"
	headTensor      = "lm_head.weight"
)

// blocks returns all parts of a model.
func blocks(p *model.Params) []block {
	c := p.Config
	matrix := func(name string, in, out int, data []float32) block {
		return block{name: name, rows: in, cols: out, data: data, matrix: true}
	}
	vector := func(name string, data []float32) block {
		return block{name: name, rows: 1, cols: c.Dim, data: data, vector: true}
	}
	all := []block{{name: embeddingTensor, rows: c.Vocab, cols: c.Dim, data: p.Embed}}
	for i, l := range p.Layers {
		name := func(part string) string {
			return fmt.Sprintf("model.layers.%d.%s.weight", i, part)
		}
		all = append(all,
			vector(name("input_layernorm"), l.AttnNorm),
			matrix(name("self_attn.q_proj"), c.Dim, c.Dim, l.Query),
			matrix(name("self_attn.k_proj"), c.Dim, c.Dim, l.Key),
			matrix(name("self_attn.v_proj"), c.Dim, c.Dim, l.Value),
			matrix(name("self_attn.o_proj"), c.Dim, c.Dim, l.Out),
			vector(name("post_attention_layernorm"), l.MLPNorm),
			matrix(name("mlp.gate_proj"), c.Dim, c.Hidden, l.Gate),
			matrix(name("mlp.up_proj"), c.Dim, c.Hidden, l.Up),
			matrix(name("mlp.down_proj"), c.Hidden, c.Dim, l.Down),
		)
	}
	return append(all, vector("model.norm.weight", p.Norm),
		matrix(headTensor, c.Dim, c.Vocab, p.Head))
}

// writeWeights writes model.safetensors. It needs memory for one matrix.
func writeWeights(w io.Writer, p *model.Params) error {
	var tensors []safetensors.Source
	var transposed []float32 // the matrix that is being written
	for _, b := range blocks(p) {
		numbers := func() []float32 { return b.data }
		if b.matrix {
			numbers = func() []float32 {
				transposed = slices.Grow(transposed[:0], len(b.data))[:len(b.data)]
				transpose(transposed, b.data, b.rows, b.cols)
				return transposed
			}
		}
		tensors = append(tensors, safetensors.Source{Name: b.name, Shape: b.shape(),
			Numbers: numbers})
	}
	return safetensors.Write(w, tensors, [2]string{"format", "pt"})
}

// decodeWeights reads the weights of a shape. With tied the head is the embedding, and need not be
// in the file.
func decodeWeights(read func(string, int64) ([]byte, error), c model.Config, tied bool) (
	*model.Params, error) {
	file, err := read(WeightsFile, int64(4*c.Weights())+maxHeader)
	if err != nil {
		return nil, err
	}
	tensors, err := safetensors.Decode(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", WeightsFile, err)
	}
	byName := map[string]safetensors.Tensor{}
	numbers := 0
	for _, t := range tensors {
		byName[t.Name] = t
		numbers += t.Len()
	}
	// before memory is allocated for what the shape promises
	if want := c.Weights(); numbers < want-c.Vocab*c.Dim {
		return nil, bad(WeightsFile, "it has %d numbers, and a model of the shape in %s has %d",
			numbers, ConfigFile, want)
	}
	p, known := model.NewParams(c), map[string]bool{}
	for _, b := range blocks(p) {
		known[b.name] = true
		t, ok := byName[b.name]
		if tied && b.name == headTensor {
			t, ok = byName[embeddingTensor] // which is (V,C), as a head is in a folder
		}
		if !ok {
			return nil, bad(WeightsFile, "there is no tensor %q", b.name)
		}
		if err := b.read(t); err != nil {
			return nil, err
		}
	}
	for _, t := range tensors {
		if !known[t.Name] && !strings.HasSuffix(t.Name, "rotary_emb.inv_freq") {
			return nil, bad(WeightsFile, "tensor %q is no part of the model that %s describes",
				t.Name, ConfigFile)
		}
	}
	return p, nil
}

// read fills the block with the numbers of a tensor.
func (b block) read(t safetensors.Tensor) error {
	if !slices.Equal(t.Shape, b.shape()) {
		return bad(WeightsFile, "tensor %q has shape %d: %s wants %d", t.Name, t.Shape, ConfigFile,
			b.shape())
	}
	if !b.matrix {
		return prefixed(t.Read(b.data))
	}
	data := make([]float32, len(b.data))
	if err := t.Read(data); err != nil {
		return prefixed(err)
	}
	transpose(b.data, data, b.cols, b.rows)
	return nil
}

// prefixed returns an error about the weights' file with its name. nil stays nil.
func prefixed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", WeightsFile, err)
}

// transpose writes the transpose of src (rows,cols) to dst (cols,rows).
func transpose(dst, src []float32, rows, cols int) {
	for i := range rows {
		for j, x := range src[i*cols : (i+1)*cols] {
			dst[j*rows+i] = x
		}
	}
}
