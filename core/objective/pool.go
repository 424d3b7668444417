package objective

import "github.com/posttrain/posttrain/core/num"

// Pool describes how a method keeps right answers and learns from them again (ExGRPO,
// arXiv:2510.02245). A prompt is in the pool if some but not all of its rollouts were right when it
// last had a right one, and leaves the pool when all are right. The right answer with the lowest
// mean entropy is kept for it.
type Pool struct {
	// Share is the share of a batch's prompts that are drawn from the pool, each with its kept
	// answer among the rollouts.
	Share float64
	// Start is a share of right rollouts. The pool is used after the first batch with more.
	Start float64
}

// Weight returns the relative probability of drawing a prompt of which k of group rollouts were
// right: a bell curve around half the group, with a standard deviation of one answer.
func (Pool) Weight(k, group int) float64 {
	d := float64(2*k-group) / 2
	return num.Exp(-d * d / 2)
}
