package study

import (
	"context"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
)

// Learning from human feedback as one recipe: annotators compare answers, a reward model learns
// from them, PPO raises its score, and at every update the gold reward is told beside it, which
// nothing learns from.
func TestRLHFEndToEnd(t *testing.T) {
	r := parse(t, "taste?eval_prompts=16&eval_every=100&lane=rlhf_ppo,steps=30")
	var scores, gold []float64
	result, err := Run(context.Background(), r,
		Options{Threads: 2, Observe: func(e protocol.Event) {
			if e.Kind != protocol.Updated {
				return
			}
			metrics := ByName(e.Metrics)
			score, told := metrics["train/score_mean"]
			reward, measured := metrics["train/reward_mean"]
			if !told || !measured || reward < 0 || reward > 1 {
				t.Errorf("update %d tells the score %v and the gold reward %v", e.Step, score,
					reward)
			}
			scores, gold = append(scores, score), append(gold, reward)
		}})
	if err != nil {
		t.Fatal(err)
	}
	cost := result.Lanes[0].Cost
	if pairs := r.Lanes[0][0].Values.Int("pairs"); cost.Labels != pairs ||
		cost.VerifierCalls != 0 || cost.Demonstrations != 0 {
		t.Errorf("it has spent %+v, want %d labels, and neither a verifier nor demonstrations",
			cost, pairs)
	}
	mean := func(x []float64) (m float64) {
		for _, v := range x {
			m += v / float64(len(x))
		}
		return m
	}
	if len(scores) != 30 || mean(scores[25:]) <= mean(scores[:5]) {
		t.Errorf("the score does not rise in %d updates: %.2f", len(scores), scores)
	}
	t.Logf("score %.2f to %.2f, gold reward %.2f to %.2f", mean(scores[:5]), mean(scores[25:]),
		mean(gold[:5]), mean(gold[25:]))
}
