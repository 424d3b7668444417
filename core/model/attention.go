package model

import (
	"math"

	"github.com/posttrain/posttrain/core/num"
)

// attentionBlock is how many rows of the score matrix are computed at once;
// columns beyond a block's last row are masked anyway and left out.
const attentionBlock = 24

// attention is the scratch of one worker: packed operands of a single head.
type attention struct {
	a, b num.Packed
	dp   []float32 // (T,T)
}

func newAttention(c Config) attention {
	size := max(num.PackedLen(c.HeadDim(), c.Context), num.PackedLen(c.Context, c.HeadDim()))
	return attention{
		a:  num.Packed{Data: make([]float32, size)},
		b:  num.Packed{Data: make([]float32, size)},
		dp: make([]float32, c.Context*c.Context),
	}
}

func attentionScale(c Config) float32 { return float32(1 / math.Sqrt(float64(c.HeadDim()))) }

// forward attends causally within one sequence of t tokens: q, k, v and out are
// (T,C) with rotated q and k; probs is (H,T,T) and kept for backward.
func (s *attention) forward(c Config, out, probs, q, k, v []float32, t int) {
	d := c.HeadDim()
	for h := range c.Heads {
		p, at := probs[h*t*t:(h+1)*t*t], h*d
		keys := num.PackT(s.a.Data, k[at:], c.Dim, d, t)
		values := num.Pack(s.b.Data, v[at:], c.Dim, t, d)
		for row := 0; row < t; row += attentionBlock {
			rows := min(attentionBlock, t-row)
			seen := row + rows
			block := p[row*t:]
			num.MatMul(block, t, q[row*c.Dim+at:], c.Dim, keys, rows, seen, d, false)
			num.SoftmaxCausal(block, t, rows, row+1, t, attentionScale(c))
			num.MatMul(out[row*c.Dim+at:], c.Dim, block, t, values, rows, d, seen, false)
		}
	}
}

// backward takes dout (T,C) and writes dq, dk, dv (T,C).
func (s *attention) backward(c Config, dq, dk, dv, dout, probs, q, k, v []float32, t int) {
	d := c.HeadDim()
	for h := range c.Heads {
		p, dp, at := probs[h*t*t:(h+1)*t*t], s.dp[:t*t], h*d
		values := num.PackT(s.a.Data, v[at:], c.Dim, d, t)
		num.MatMul(dp, t, dout[at:], c.Dim, values, t, t, d, false)
		num.SoftmaxBackward(dp, p, t, t, t, attentionScale(c)) // dp now holds dscores
		num.MatMulTA(dv[at:], c.Dim, p, t, num.Pack(s.b.Data, dout[at:], c.Dim, t, d), t, d, t,
			false)
		num.MatMul(dq[at:], c.Dim, dp, t, num.Pack(s.a.Data, k[at:], c.Dim, t, d), t, d, t, false)
		num.MatMulTA(dk[at:], c.Dim, dp, t, num.Pack(s.b.Data, q[at:], c.Dim, t, d), t, d, t, false)
	}
}
