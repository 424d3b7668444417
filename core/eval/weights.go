package eval

import (
	"math"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/protocol"
)

// unmoved is the largest change of a weight that Mukherjee et al. 2025 (arXiv:2505.11711) count as
// none.
const unmoved = 1e-5

// change is the difference between two versions of some weights.
type change struct {
	weights      int
	square, base float64 // squared Euclidean norms of the difference and of the base's weights
	same, same16 int     // weights that are equal, as they are and rounded to bfloat16
	small        int     // weights that differ by no more than unmoved
}

func compare(was, is []float32) change {
	c := change{weights: len(was)}
	for i, w := range was {
		d := float64(is[i]) - float64(w)
		c.square += float64(d * d)
		c.base += float64(float64(w) * float64(w))
		if d == 0 {
			c.same++
		}
		if model.FromBF16(model.ToBF16(w)) == model.FromBF16(model.ToBF16(is[i])) {
			c.same16++
		}
		if math.Abs(d) <= unmoved {
			c.small++
		}
	}
	return c
}

// share returns n divided by the number of weights.
func (c change) share(n int) float64 { return float64(n) / float64(c.weights) }

// Moved returns the metrics of how far a policy's weights are from its base's, over all weights.
func Moved(base, policy *model.Params) []protocol.Metric {
	c := compare(base.Data, policy.Data)
	return []protocol.Metric{
		{Name: "weights/update_norm", Value: math.Sqrt(c.square)},
		{Name: "weights/update_relative", Value: math.Sqrt(c.square) / math.Sqrt(c.base)},
		{Name: "weights/unchanged_share", Value: c.share(c.same)},
		{Name: "weights/unchanged_bf16_share", Value: c.share(c.same16)},
		{Name: "weights/small_change_share", Value: c.share(c.small)},
	}
}

// Ranks returns metrics of how many directions updates have, as a share of the possible ones,
// averaged over the matrices that have changed. They are 0 if none has.
func Ranks(updates []protocol.Matrix) []protocol.Metric {
	effective, most, n := 0.0, 0.0, 0.0
	for _, m := range updates {
		if m.Norm > 0 && m.Rows > 1 {
			full := float64(min(m.Rows, m.Cols))
			effective += m.Rank / full
			most += float64(m.Rank99) / full
			n++
		}
	}
	n = max(n, 1)
	return []protocol.Metric{{Name: "weights/rank_share", Value: effective / n},
		{Name: "weights/rank_99_share", Value: most / n}}
}

// Matrices returns what [Matrix] returns for every matrix and vector of weights, in block order.
func Matrices(base, policy *model.Params) (all []protocol.Matrix) {
	for {
		m, ok := Matrix(base, policy, len(all))
		if !ok {
			return all
		}
		all = append(all, m)
	}
}

// Matrix measures the update of matrix or vector i of the weights, in block order. ok is false if
// there are no more.
func Matrix(base, policy *model.Params, i int) (m protocol.Matrix, ok bool) {
	blocks := base.Blocks()
	if i >= len(blocks) {
		return m, false
	}
	was, is := blocks[i], policy.Blocks()[i]
	c := compare(was.Data, is.Data)
	update := make([]float32, len(is.Data)) // (Rows,Cols)
	for j, w := range is.Data {
		update[j] = w - was.Data[j]
	}
	rank, most := spectrum(num.SingularValues(update, is.Rows, is.Cols))
	return protocol.Matrix{
		Name: is.Name, Rows: is.Rows, Cols: is.Cols, Norm: math.Sqrt(c.square),
		Base:      math.Sqrt(c.base),
		Unchanged: c.share(c.same), UnchangedBF16: c.share(c.same16), Rank: rank, Rank99: most,
	}, true
}

// spectrum returns how many directions the singular values, largest first, stand for. effective is
// the exponential of the entropy of the values as shares of their sum (Roy and Vetterli 2007, The
// effective rank: a measure of effective dimensionality); most is the number of them that hold 99 %
// of the sum of their squares. Both are 0 if all values are.
func spectrum(values []float64) (effective float64, most int) {
	sum, energy := 0.0, 0.0
	for _, v := range values {
		sum += v
		energy += float64(v * v)
	}
	if sum == 0 {
		return 0, 0
	}
	entropy, held := 0.0, 0.0
	for _, v := range values {
		if p := v / sum; p > 0 {
			entropy -= float64(p * num.Log(p))
		}
		if held < float64(0.99*energy) {
			held += float64(v * v)
			most++
		}
	}
	return num.Exp(entropy), most
}
