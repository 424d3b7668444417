package method

import "posttrain/core/num"

// Pool says how a method keeps right answers of its own and learns from them again (arXiv:2510.02245). A prompt is in the pool
// while some, but not all, of the rollouts at its latest visit with any right one were right; it is forgotten once all are. Of its
// right answers the one of lowest mean entropy is kept.
type Pool struct {
	Share float64 // of a batch's prompts that are drawn from the pool, each with its kept answer beside the rollouts
	Start float64 // the pool is first drawn from after a batch in which more than this share of the rollouts was right
}

// Weight is how much likelier than others prompts are drawn of whose group k were right: a bell of one answer's width around
// half of the group.
func (Pool) Weight(k, group int) float64 {
	d := float64(2*k-group) / 2
	return num.Exp(-d * d / 2)
}
