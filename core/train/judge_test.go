package train

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// firstJudged returns a lane with a judge at its first update, and what that reports.
func firstJudged(t *testing.T, judge string) (*Session, protocol.Event) {
	t.Helper()
	s := session(t, testLane(t, []string{"grpo", "steps=1", "batch=4", "group=4",
		"reward_from=" + judge}), 1)
	for !s.Done() {
		events, err := s.Advance()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.Kind == protocol.Updated {
				return s, e
			}
		}
	}
	t.Fatal("there was no update")
	return nil, protocol.Event{}
}

// Every judge gives what it says it gives, and what the verifier says is kept beside it.
func TestJudges(t *testing.T) {
	plain, _ := firstJudged(t, judgeVerifier)
	for judge, want := range map[string]func(s *Session, group rollout.Group, i int) bool{
		judgeMajority: func(s *Session, group rollout.Group, i int) bool {
			counts, most := map[string]int{}, 0
			final := func(q *rollout.Sequence) string {
				text, finished := s.lane.Task.FinalOf(q.Problem, q.Response)
				if !finished {
					return "none"
				}
				return text
			}
			for _, q := range group {
				if f := final(q); f != "none" {
					counts[f]++
					most = max(most, counts[f])
				}
			}
			mine := final(group[i])
			if group[i].Reward == 1 {
				return counts[mine] == most && most > 0
			}
			for _, q := range group { // another one is as frequent
				if q.Reward == 1 {
					return final(q) != mine
				}
			}
			return most == 0
		},
		judgeCertainty: func(_ *Session, group rollout.Group, i int) bool {
			sum := 0.0
			for _, h := range group[i].Entropy {
				sum += h
			}
			return math.Abs(group[i].Reward+sum/float64(len(group[i].Entropy))) < 1e-12
		},
		judgeRandom: func(_ *Session, group rollout.Group, i int) bool {
			return group[i].Reward == 0 || group[i].Reward == 1
		},
	} {
		s, update := firstJudged(t, judge)
		gold := 0.0
		for g, group := range s.batch.groups {
			for i, seq := range group {
				if !want(s, group, i) {
					t.Errorf("%s gives response %d of group %d %v", judge, i, g, seq.Reward)
				}
				if seq.Gold != plain.batch.groups[g][i].Reward {
					t.Errorf("%s: the verifier gave %v, and %v is kept", judge,
						plain.batch.groups[g][i].Reward, seq.Gold)
				}
				gold += seq.Gold
			}
		}
		if got := metric(t, update, "train/reward_mean"); math.Abs(got-gold/16) > 1e-12 {
			t.Errorf("%s: the verifier's mean is reported as %v, want %v", judge, got, gold/16)
		}
		if s.Cost().VerifierCalls != 0 {
			t.Errorf("%s is charged %d calls of the verifier", judge, s.Cost().VerifierCalls)
		}
	}
}

// Chance is fair: of many answers about half earn something.
func TestChanceIsFair(t *testing.T) {
	lane := testLane(t, []string{"grpo", "steps=1", "batch=64", "group=16", "reward_from=random"})
	s := session(t, lane, 1)
	for s.phase != updating {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	ones := 0.0
	for _, seq := range s.batch.flat {
		ones += seq.Reward
	}
	if n := float64(len(s.batch.flat)); math.Abs(ones/n-0.5) > 4*math.Sqrt(0.25/n) {
		t.Errorf("%v of %v answers earn 1", ones, n)
	}
}

// A method has the setting if it learns from rewards that somebody has to give.
func TestWhichMethodsHaveAJudge(t *testing.T) {
	for name, want := range map[string]bool{"grpo": true, "ppo": true, "rft": true, "luffy": true,
		"sft": false, "dpo": false, "rlhf": false, "srl": false, "opd": false, "kto": false} {
		m, err := method.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		if judgedBy(m) != want {
			t.Errorf("%s has a judge: %v, want %v", name, !want, want)
		}
	}
}
