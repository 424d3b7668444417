package objective

import "github.com/posttrain/posttrain/core/num"

// Pool describes how a method keeps right answers of its own and learns from them again (ExGRPO,
// arXiv:2510.02245). A prompt is in the pool if some but not all of its rollouts were right when
// it was last visited with any right one; it leaves the pool once all are right. Of its right
// answers the one with the lowest mean entropy is kept.
type Pool struct {
	Share float64 // of a batch's prompts that are drawn from the pool, each with its kept answer beside the rollouts
	Start float64 // the pool is first drawn from after a batch in which more than this share of the rollouts was right
}

// Weight returns the relative probability of drawing a prompt of which k of group rollouts were
// right: a bell curve around half the group, with a standard deviation of one answer.
func (Pool) Weight(k, group int) float64 {
	d := float64(2*k-group) / 2
	return num.Exp(-d * d / 2)
}
