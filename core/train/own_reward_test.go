package train

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/reward"
)

// likes returns a reward of somebody's own: how many symbols of an answer are 1, and half a point
// for each symbol less than five.
func likes(symbol string) *reward.Own {
	return &reward.Own{Name: "mine.star", Digest: "0123456789ab",
		Parts: []reward.Part{{Name: "ones", Weight: 1}, {Name: "short", Weight: 0.5,
			Unfinished: -5}},
		Score: func(j reward.Judged) ([]float64, error) {
			return []float64{float64(strings.Count(j.Response, symbol)),
				float64(5 - len(j.Response))}, nil
		}}
}

// A reward that says what the verifier says trains to the same bits.
func TestARewardOfOnesOwnIsLearnedFrom(t *testing.T) {
	lane := testLane(t, []string{"grpo", "steps=3", "batch=4", "group=4"})
	plain := session(t, lane, 1)
	run(t, plain)
	lane.Reward = &reward.Own{Name: "same.star", Parts: []reward.Part{{Weight: 1}},
		Score: func(j reward.Judged) ([]float64, error) {
			p, err := lane.Task.Problem(j.Prompt)
			if score := lane.Task.Reward(p, j.Response); err == nil && score != j.Score {
				err = fmt.Errorf("the score is %g, want %g", j.Score, score)
			}
			return []float64{j.Score}, err
		}}
	same := session(t, lane, 1)
	run(t, same)
	if same.Digest() != plain.Digest() {
		t.Error("the verifier's own reward has become another one")
	}
	lane.Reward = likes("1")
	other := session(t, lane, 1)
	run(t, other)
	if other.Digest() == plain.Digest() {
		t.Error("another reward changes nothing")
	}
}

// What an update reports of it: the verifier's mean reward, the own one's, and its parts.
func TestWhatIsReportedOfARewardOfOnesOwn(t *testing.T) {
	lane := testLane(t, []string{"grpo", "steps=1", "batch=4", "group=4"})
	lane.Reward = likes("1")
	s := session(t, lane, 1)
	var update protocol.Event
	for !s.Done() {
		events, err := s.Advance()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.Kind == protocol.Updated {
				update = e
			}
		}
	}
	gold, score, ones, short, cut, spread := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
	for _, group := range s.batch.groups { // of four
		mean, squares := 0.0, 0.0
		for _, seq := range group {
			mean += seq.Reward / 4
		}
		for _, seq := range group {
			squares += (seq.Reward - mean) * (seq.Reward - mean) / 4
		}
		spread += math.Sqrt(squares) / float64(len(s.batch.groups))
	}
	for _, seq := range s.batch.flat {
		text, finished := lane.Task.Decode(seq.Response)
		one, little := float64(strings.Count(text, "1")), float64(5-len(text))
		if !finished {
			one, little = 0, -5
			cut++
		}
		if want := one + little/2; seq.Reward != want {
			t.Errorf("%q earns %v, want %v", text, seq.Reward, want)
		}
		gold, score = gold+seq.Gold, score+seq.Reward
		ones, short = ones+one, short+little
	}
	n := float64(len(s.batch.flat))
	for name, want := range map[string]float64{"train/reward_mean": gold / n,
		"train/score_mean": score / n, "train/part/ones/mean": ones / n,
		"train/part/short/mean": short / n, "train/truncated_share": cut / n,
		"train/reward_spread": spread} {
		if got := metric(t, update, name); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

// A reward that fails stops its lane with what the prompt and the response were.
func TestARewardThatFails(t *testing.T) {
	lane := testLane(t, []string{"grpo", "steps=9", "batch=4", "group=4"})
	lane.Reward = likes("1")
	calls, oops := 0, errors.New("mine.star:3: division by zero")
	lane.Reward.Score = func(reward.Judged) ([]float64, error) {
		if calls++; calls > 20 {
			return nil, oops
		}
		return []float64{0, 0}, nil
	}
	s := session(t, lane, 1)
	for !s.Done() {
		_, err := s.Advance()
		if err == nil {
			continue
		}
		if !errors.Is(err, oops) ||
			!strings.Contains(err.Error(), "mine.star:3: division by zero; the prompt was \"") {
			t.Errorf("the error is %v", err)
		}
		return
	}
	t.Errorf("the lane has come to its end after %d calls", calls)
}

// Methods that do not learn from the verifier's reward do not learn from another one either.
func TestARewardOfOnesOwnIsForMethodsThatReadRewards(t *testing.T) {
	for _, stage := range []string{"sft", "dpo", "rlhf", "srl"} {
		lane := testLane(t, []string{stage, "steps=2", "batch=4"})
		if stage == "rlhf" {
			lane = testLane(t, []string{stage, "steps=2", "batch=4", "pairs=8", "steps_reward=2"})
		}
		plain := session(t, lane, 1)
		run(t, plain)
		lane.Reward = likes("1")
		s := session(t, lane, 1)
		run(t, s)
		if s.Digest() != plain.Digest() {
			t.Errorf("%s has learned from a reward of somebody's own", stage)
		}
	}
}
