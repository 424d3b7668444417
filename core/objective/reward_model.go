package objective

import (
	"slices"

	"github.com/posttrain/posttrain/core/param"
)

// RewardModel says how an ensemble of reward models is trained when a stage starts: on pairs of rollouts of the policy that
// the stage starts from, of which an [Annotator] prefers one. Its members differ in how their heads begin and in the order of
// their data.
type RewardModel struct {
	Pairs   int                            // labels
	Steps   int                            // updates of each member
	LR      float64                        // their learning rate
	Members int                            // at least 1
	Join    func(scores []float64) float64 // makes one score of those of the members (Members)
}

// WithRewardModel completes what a method collects: its reward is the score of a reward model at the settings of
// [knob.RewardModel].
func WithRewardModel(v param.Values, c Collect) Collect {
	c.Annotator = annotator(v)
	c.RewardModel = &RewardModel{
		Pairs: v.Int("pairs"), Steps: v.Int("steps_reward"), LR: v.Float("lr_reward"), Members: v.Int("ensemble"),
		Join: map[string]func([]float64) float64{
			"mean": Mean, "worst": slices.Min[[]float64], "uwo": lessVariance(v.Float("penalty")),
		}[v.Choice("join")],
	}
	return c
}

// lessVariance is uncertainty-weighted optimisation (Coste et al. 2024, arXiv:2310.02743): the mean less some times the
// variance between the members.
func lessVariance(weight float64) func([]float64) float64 {
	return func(scores []float64) float64 {
		m, variance := Mean(scores), 0.0
		for _, s := range scores {
			variance += float64((s - m) * (s - m))
		}
		return m - float64(weight*(variance/float64(len(scores))))
	}
}

// BradleyTerry is what a reward model learns from labels (Bradley and Terry 1952): the mean over pairs of
// log σ(score(chosen) − score(rejected)), less Centre times the square of the two scores' sum, without which nothing says where
// 0 is. A completion's score is the last of its Values. Like [Pairwise], it pairs the k-th chosen completion of a group with the
// k-th rejected one.
type BradleyTerry struct{ Centre float64 }

// Needs is pairs and the scores.
func (BradleyTerry) Needs() Needs { return Pairs | Value }

// Add writes the value channel at the last token of both halves of every pair.
func (o BradleyTerry) Add(dst Coeffs, batch []Group) {
	pairs := 0.0
	for _, group := range batch {
		chosen, rejected := halves(group)
		pairs += float64(min(len(chosen), len(rejected)))
	}
	for g, group := range batch {
		chosen, rejected := halves(group)
		for k := range min(len(chosen), len(rejected)) {
			w, l := chosen[k], rejected[k]
			if group[w].Len() == 0 || group[l].Len() == 0 {
				continue
			}
			better, worse := last(group[w].Value)[0], last(group[l].Value)[0]
			push, pull := Sigmoid(worse-better), float64(2*o.Centre*(better+worse))
			last(dst[g][w].Value)[0] += (push - pull) / pairs
			last(dst[g][l].Value)[0] -= (push + pull) / pairs
		}
	}
}

// last is the last number of at least one.
func last(x []float64) []float64 { return x[len(x)-1:] }
