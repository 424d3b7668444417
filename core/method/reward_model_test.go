package method

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// Members that agree are worth what they say, however they are joined; where they differ, worst and
// uwo say less than the mean, and nothing says less than the worst without weighing the variance.
func TestJoiningAnEnsemble(t *testing.T) {
	m, err := Lookup("rlhf")
	if err != nil {
		t.Fatal(err)
	}
	join := func(how, penalty string) func([]float64) float64 {
		v := m.Defaults()
		for name, text := range map[string]string{"join": how, "penalty": penalty} {
			if err := v.Set(name, text); err != nil {
				t.Fatal(err)
			}
		}
		return m.Collect(v).RewardModel.Join
	}
	for seed := range uint64(100) {
		r := num.NewRand(seed, "test", "ensemble")
		scores := make([]float64, 1+r.IntN(6))
		average, square := 0.0, 0.0
		for i := range scores {
			scores[i] = r.Norm()
			average += scores[i] / float64(len(scores))
			square += scores[i] * scores[i] / float64(len(scores))
		}
		lowest := math.Inf(1)
		for _, s := range scores {
			lowest = math.Min(lowest, s)
		}
		for _, c := range []struct {
			how, penalty string
			want         float64
		}{
			{"mean", "2", average}, {"worst", "2", lowest}, {"uwo", "0", average},
			{"uwo", "2", average - 2*(square-average*average)},
		} {
			// float64 rounding
			if got := join(c.how, c.penalty)(scores); math.Abs(got-c.want) > 1e-12 {
				t.Errorf("%s with penalty %s of %v: %v, want %v", c.how, c.penalty, scores, got,
					c.want)
			}
			if alike := join(c.how,
				c.penalty)([]float64{scores[0], scores[0], scores[0]}); alike != scores[0] {
				t.Errorf("%s of three times %v: %v", c.how, scores[0], alike)
			}
		}
	}
}

// slopesAgree compares with the log-likelihood of the labels, less the centring.
func slopesAgree(o objective.Objective) error {
	want := lab.PairMean(func(w, l *objective.Completion) float64 {
		better, worse := w.Value[len(w.Value)-1], l.Value[len(l.Value)-1]
		return -math.Log1p(math.Exp(worse-better)) - 0.1*(better+worse)*(better+worse)
	})
	return lab.Disagree(func(param.Values) objective.Objective { return o }, want,
		lab.Always(param.Values{}), lab.ManyBatches)
}

// The score's derivative is noticed to be wrong when it is.
func TestBradleyTerryNoticesMutants(t *testing.T) {
	for name, o := range map[string]objective.Objective{
		"sign": objective.Sum{{Weight: -1,
			Objective: objective.BradleyTerry{Centre: 0.1}}},
		"not centred":   objective.BradleyTerry{},
		"centred twice": objective.BradleyTerry{Centre: 0.2},
		"half": objective.Sum{{Weight: 0.5,
			Objective: objective.BradleyTerry{Centre: 0.1}}},
		"every value": objective.ValueLoss{Advantage: returns(1, 0), Clip: 1},
	} {
		if slopesAgree(o) == nil {
			t.Errorf("nobody notices %q", name)
		}
	}
	if err := slopesAgree(objective.BradleyTerry{Centre: 0.1}); err != nil {
		t.Error(err)
	}
}
