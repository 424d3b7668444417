package model

import (
	"math"

	"github.com/posttrain/posttrain/core/num"
)

// attentionBlock is how many rows of the score matrix are computed at once;
// columns beyond a block's last row are masked anyway and left out.
const attentionBlock = 24

// attention is the scratch of one thread: packed operands of a single head.
type attention struct {
	a, b []float32 // (D,T) or (T,D), packed
	dp   []float32 // (T,T); nil where there is no backward pass
}

func newAttention(c Config, backward bool) attention {
	size := max(num.PackedLen(c.HeadDim(), c.Context), num.PackedLen(c.Context, c.HeadDim()))
	s := attention{a: make([]float32, size), b: make([]float32, size)}
	if backward {
		s.dp = make([]float32, c.Context*c.Context)
	}
	return s
}

func attentionScale(c Config) float32 { return float32(1 / math.Sqrt(float64(c.HeadDim()))) }

// heads is some heads of one sequence of t tokens: from to to. Of the arguments of attention, which
// begin with the sequence, it reads and writes what belongs to these heads.
type heads struct{ from, to, t int }

// forward attends causally: q, k, v and out are (T,C) with rotated q and k; probs is (H,T,T) and
// kept for backward. The first skip rows of probs and out are left as they are.
func (s *attention) forward(c Config, out, probs, q, k, v []float32, part heads, skip int) {
	d, t := c.HeadDim(), part.t
	for h := part.from; h < part.to; h++ {
		p, at := probs[h*t*t:(h+1)*t*t], h*d
		keys := num.PackT(s.a, k[at:], c.Dim, d, t)
		values := num.Pack(s.b, v[at:], c.Dim, t, d)
		for row := skip; row < t; row += attentionBlock {
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
func (s *attention) backward(c Config, dq, dk, dv, dout, probs, q, k, v []float32, part heads) {
	d, t := c.HeadDim(), part.t
	for h := part.from; h < part.to; h++ {
		p, dp, at := probs[h*t*t:(h+1)*t*t], s.dp[:t*t], h*d
		values := num.PackT(s.a, v[at:], c.Dim, d, t)
		num.MatMul(dp, t, dout[at:], c.Dim, values, t, t, d, false)
		num.SoftmaxBackward(dp, p, t, t, t, attentionScale(c)) // dp now holds dscores
		num.MatMulTA(dv[at:], c.Dim, p, t, num.Pack(s.b, dout[at:], c.Dim, t, d), t, d, t, false)
		num.MatMul(dq[at:], c.Dim, dp, t, num.Pack(s.a, k[at:], c.Dim, t, d), t, d, t, false)
		num.MatMulTA(dk[at:], c.Dim, dp, t, num.Pack(s.b, q[at:], c.Dim, t, d), t, d, t, false)
	}
}
