package objective_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/objective"
)

// A row put together by hand: REINFORCE with the group's mean as baseline. The right answer has two
// tokens and the wrong one has one.
func ExampleRow() {
	reinforce := objective.Row{
		From:      objective.Rollout,
		Advantage: objective.InGroup(objective.Rollout, objective.Reward, objective.Centred),
		Reduce:    objective.SeqSum, // sum over tokens, mean over completions
	}
	batch := []objective.Group{{
		{Source: objective.Rollout, Reward: 1, Logp: []float64{-0.7, -0.1}},
		{Source: objective.Rollout, Reward: 0, Logp: []float64{-2.3}},
	}}
	fmt.Println("needs:", reinforce.Needs())
	coeffs := objective.NewCoeffs(batch)
	reinforce.Add(coeffs, batch)
	for _, c := range coeffs[0] {
		fmt.Println(c.Logp)
	}
	// Output:
	// needs: rollouts
	// [0.25 0.25]
	// [-0.25]
}

// A sum of objectives: imitation and a policy gradient with PPO's clip, nine to one.
func ExampleSum() {
	mix := objective.Sum{
		{Weight: 0.9, Objective: objective.Row{From: objective.Demo, Reduce: objective.TokenMean}},
		{Weight: 0.1, Objective: objective.Row{
			From:      objective.Rollout,
			Advantage: objective.InGroup(objective.Rollout, objective.Reward, objective.ZScore),
			Denom:     objective.OverBehaviour,
			Mask:      objective.Clip(0.2, 0.2),
			Reduce:    objective.SeqMean,
		}},
	}
	fmt.Println(mix.Needs())
	// Output: rollouts, demonstrations, logp, old_logp
}

// Explain takes a coefficient apart into mask, ratio, advantage and norm.
func ExampleRow_Explain() {
	imitation := objective.Row{From: objective.Demo, Reduce: objective.TokenMean}
	batch := []objective.Group{{{Source: objective.Demo, Logp: []float64{-0.7, -0.1, -0.2, -0.4}}}}
	f := imitation.Explain(batch, 0, 0)[0]
	fmt.Println(f.Mask, f.Ratio, f.Advantage, f.Share, f.Coefficient)
	// Output: 1 1 1 0.25 0.25
}
