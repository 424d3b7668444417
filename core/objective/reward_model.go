package objective

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/param"
)

// RewardModel describes how an ensemble of reward models is trained when a stage starts. It learns
// from pairs of rollouts of the stage's first policy, of which an [Annotator] prefers one. The
// members differ in the random numbers of their heads and in the order of their data.
type RewardModel struct {
	Pairs   int                            // labels
	Judged  string                         // a person's labels of the first pairs: a, b or -
	Steps   int                            // updates of each member
	LR      float64                        // their learning rate
	Members int                            // at least 1
	Join    func(scores []float64) float64 // returns the ensemble's score from those of its members
}

// WithRewardModel returns c with the score of a reward model as its reward, at the settings of
// [knob.RewardModel].
func WithRewardModel(v param.Values, c Collect) Collect {
	c.Annotator = annotator(v)
	c.RewardModel = &RewardModel{
		Pairs: v.Int("pairs"), Judged: v.Text("judged"), Steps: v.Int("steps_reward"),
		LR: v.Float("lr_reward"), Members: v.Int("ensemble"),
		Join: map[string]func([]float64) float64{
			"mean": Mean, "worst": slices.Min[[]float64], "uwo": lessVariance(v.Float("penalty")),
		}[v.Choice("join")],
	}
	return c
}

// CheckJudged returns an error if the settings have labels by a person for more pairs than are
// labelled.
func CheckJudged(v param.Values) error {
	if !v.Has("judged") || len(v.Text("judged")) <= v.Int("pairs") {
		return nil
	}
	return fmt.Errorf("judged has %d letters and pairs is %d: want at most one letter for each "+
		"pair", len(v.Text("judged")), v.Int("pairs"))
}

// Label returns the person's label of pair i, counted from 0: whether the second answer is the
// better one. ok is false for a pair that is left to the simulated annotator.
func (r RewardModel) Label(i int) (second, ok bool) {
	if i >= len(r.Judged) || r.Judged[i] == '-' {
		return false, false
	}
	return r.Judged[i] == 'b', true
}

// lessVariance returns the mean of the members' scores less weight times their variance:
// uncertainty-weighted optimisation (Coste et al. 2024, arXiv:2310.02743).
func lessVariance(weight float64) func([]float64) float64 {
	return func(scores []float64) float64 {
		m, variance := Mean(scores), 0.0
		for _, s := range scores {
			variance += float64((s - m) * (s - m))
		}
		return m - float64(weight*(variance/float64(len(scores))))
	}
}

// BradleyTerry is what a reward model maximises (Bradley and Terry 1952): the mean over pairs of
// log σ(score(chosen) − score(rejected)), less Centre times the squared sum of both scores. The
// second term fixes where 0 is, which the first leaves open. A completion's score is the last of
// its Values. Completions are paired as in [Pairwise].
type BradleyTerry struct{ Centre float64 }

// Needs returns pairs and the scores.
func (BradleyTerry) Needs() Needs { return Pairs | Value }

// Add adds to the value channel at the last token of both halves of every pair.
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

// last returns the last element of x, which is not empty, as a slice.
func last(x []float64) []float64 { return x[len(x)-1:] }
