package train

import (
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/task"
)

// scored returns a session of rlhf with its first batch collected.
func scored(t *testing.T, settings ...string) *Session {
	t.Helper()
	s := session(t, testLane(t,
		append([]string{"rlhf", "steps=2", "batch=16", "length_bias=0.2"}, settings...)), 1)
	for s.phase != updating {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// agreement returns the share of pairs of unequally long responses of which the longer one scores
// higher.
func agreement(s *Session) float64 {
	right, all := 0.0, 0.0
	for i, a := range s.batch.flat {
		for _, b := range s.batch.flat[:i] {
			if len(a.Response) != len(b.Response) {
				all++
				if (len(a.Response) > len(b.Response)) == (a.Reward > b.Reward) {
					right++
				}
			}
		}
	}
	return right / all
}

// An annotator who likes long answers teaches it to a reward model, which then knows the longer of
// two fresh answers nine times in ten; an annotator whose labels are all turned round half of the
// time teaches nothing.
func TestRewardModelsLearnTheAnnotatorsTaste(t *testing.T) {
	taught := []string{"pairs=400", "steps_reward=80", "lr_reward=0.003", "ensemble=1"}
	if got := agreement(scored(t, taught...)); got < 0.9 {
		t.Errorf("the longer answer scores higher in a share of %v, want at least 0.9", got)
	}
	if got := agreement(scored(t, append(taught, "flip=0.5")...)); got > 0.8 {
		t.Errorf("from meaningless labels, the longer answer scores higher in a share of %v", got)
	}
}

// The reward model takes the verifier's place and nothing else: the first batch is that of grpo,
// answer for answer, and its verdicts stay beside the scores. What is paid for is labels.
func TestScoresStandBesideTheVerdicts(t *testing.T) {
	s := scored(t)
	if c := s.Cost(); c.VerifierCalls != 0 || c.Labels != 300 {
		t.Errorf("the cost is %+v, want 300 labels and no verifier call", c)
	}
	plain := session(t, testLane(t, []string{"grpo", "steps=1", "batch=16"}), 1)
	for plain.phase != updating {
		if _, err := plain.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	for i, seq := range s.batch.flat {
		if want := plain.batch.flat[i]; !slices.Equal(seq.Response, want.Response) ||
			seq.Gold != want.Reward {
			t.Fatalf("rollout %d is %v with gold reward %v, grpo's is %v with %v", i, seq.Response,
				seq.Gold, want.Response, want.Reward)
		}
	}
	mean := 0.0
	for _, seq := range s.batch.flat {
		mean += seq.Reward / float64(len(s.batch.flat))
	}
	for {
		events, err := s.Advance()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.Kind == protocol.Updated {
				// float64 rounding
				if got := metric(t, e, "train/score_mean"); got < mean-1e-12 || got > mean+1e-12 {
					t.Errorf("train/score_mean is %v, want %v", got, mean)
				}
				return
			}
		}
	}
}

// The members of an ensemble differ; joined by the worst of them no answer scores more than joined
// by their mean.
func TestMembersOfAnEnsembleDiffer(t *testing.T) {
	mean, worst, one := scored(t), scored(t, "join=worst"), scored(t, "ensemble=1")
	for i, seq := range mean.batch.flat {
		if low := worst.batch.flat[i].Reward; !(low < seq.Reward) {
			t.Fatalf("rollout %d: the worst score is %v, the mean %v", i, low, seq.Reward)
		}
		if seq.Reward == one.batch.flat[i].Reward {
			t.Fatalf("rollout %d: a second member changes nothing", i)
		}
	}
}

// Only the best answer to each prompt is learned from: the one of rlhf's answers to it that scores
// highest.
func TestBestOfNLearnsFromTheBest(t *testing.T) {
	all := scored(t)
	lane := testLane(t, []string{"best_of_n", "steps=2", "batch=16", "length_bias=0.2"})
	s := session(t, lane, 1)
	for s.phase != updating {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	for g, group := range s.batch.groups {
		if len(group) != 1 {
			t.Fatalf("%d answers to prompt %d, want 1", len(group), g)
		}
		for _, other := range all.batch.groups[g] {
			if other.Reward > group[0].Reward {
				t.Errorf("prompt %d: an answer that scores %v is learned from, another scored %v",
					g, group[0].Reward, other.Reward)
			}
		}
	}
}

// While reward models are being trained no state can be taken: it would not say how far they are.
func TestNoStateOfHalfARewardModel(t *testing.T) {
	s := session(t, testLane(t, []string{"rlhf", "steps=2", "batch=8", "length_bias=0.1"}), 1)
	units := 0
	for s.phase != updating {
		if s.stage.collector.rewards.pairs != nil {
			units++
			if s.Resumable() {
				t.Fatal("a state can be taken in the middle")
			}
		}
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	if units != 2*3 { // before each update of each member
		t.Errorf("training took %d units of work, want one for each of 6 updates", units)
	}
}

func TestNothingToCompareIsAnError(t *testing.T) {
	m, err := method.Lookup("rlhf")
	if err != nil {
		t.Fatal(err)
	}
	lane := stopLane(m, map[string]string{"steps": "2", "pairs": "20"})
	lane.Task.Reward = func(task.Problem, string) float64 { return 0 }
	s := session(t, lane, 1)
	for range 20 {
		if _, err = s.Advance(); err != nil {
			break
		}
	}
	if err == nil || !strings.Contains(err.Error(), "no difference") ||
		!strings.Contains(err.Error(), "raise pairs") {
		t.Errorf("error %v", err)
	}
}
