package study

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/posttrain/posttrain/core/train"
)

// The change that a stage of rank r makes to a matrix has r singular values; what is beyond them is
// the rounding of the merged weights. Full training changes more than that.
func TestRankOfAChange(t *testing.T) {
	for _, lane := range []string{"sft,rank=3", "grpo,rank=3,group=4", "sft"} {
		lanes, err := parse(t,
			"cards?eval_every=50&eval_prompts=2&lane="+lane+",steps=8,batch=8,lr=0.003").Plan()
		if err != nil {
			t.Fatal(err)
		}
		s, err := train.NewSession(lanes[0], train.Options{Threads: 1})
		for err == nil && !s.Done() {
			_, err = s.Advance()
		}
		if err != nil {
			t.Fatal(err)
		}
		base := lanes[0].Base.Blocks()
		for i, b := range s.Weights().Blocks() {
			if b.Rows == 1 || !strings.HasPrefix(b.Name, "layers.") {
				continue
			}
			change := mat.NewDense(b.Rows, b.Cols, nil)
			largest := 0.0
			for j, w := range b.Data {
				change.Set(j/b.Cols, j%b.Cols, float64(w)-float64(base[i].Data[j]))
				largest = max(largest, math.Abs(float64(w)))
			}
			var svd mat.SVD
			if !svd.Factorize(change, mat.SVDNone) {
				t.Fatal(b.Name, "has no singular values")
			}
			values := svd.Values(nil)
			// Every weight is rounded four times, by at most 2^-24 of its size each: a matrix of
			// such errors has no singular value above its Frobenius norm.
			noise := 4 * 0x1p-24 * largest * math.Sqrt(float64(b.Rows*b.Cols))
			if low := strings.Contains(lane, "rank"); values[2] <= noise ||
				(values[3] <= noise) != low {
				t.Errorf("%s: %s changes by singular values %.3g, where rounding gives "+
					"at most %.3g", lane, b.Name, values[:5], noise)
			}
		}
	}
}
