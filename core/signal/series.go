package signal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/task"
)

// Series is what was reported of a stage until now, point by point.
type Series struct {
	Stage   Stage
	Number  int          // of the stage, from 0
	Start   int          // updates of the lane before the stage
	Level   task.Level   // the practised one
	Levels  []task.Level // all of them
	Prompts int          // held-out prompts per level
	Base    Point        // at the start of the lane
	Points  []Point      // of the stage, at least one
}

// Last returns the newest point.
func (s Series) Last() Point { return s.Points[len(s.Points)-1] }

// first returns the earliest point of the stage.
func (s Series) first() Point { return s.Points[0] }

// updates returns how many updates the stage has made.
func (s Series) updates() int { return s.Last().Step - s.Start }

// at returns a metric at a point. LEVEL in its name stands for the practised level.
func (s Series) at(p Point, metric string) (v float64, ok bool) {
	name := strings.Replace(metric, "LEVEL", s.Level.Name, 1)
	if v, ok = p.Measured[name]; ok {
		return v, ok
	}
	v, ok = p.Update[name]
	return v, ok
}

// both returns a metric at two points, and whether both have it.
func (s Series) both(a, b Point, metric string) (from, to float64, ok bool) {
	from, known := s.at(a, metric)
	to, ok = s.at(b, metric)
	return from, to, known && ok
}

// newest returns the values of a metric at the newest n points that have it, the earliest first. It
// returns nil if there are fewer.
func (s Series) newest(n int, metric string) []float64 {
	values := make([]float64, n)
	for i := len(s.Points) - 1; i >= 0 && n > 0; i-- {
		if v, ok := s.at(s.Points[i], metric); ok {
			n--
			values[n] = v
		}
	}
	if n > 0 {
		return nil
	}
	return values
}

// score returns how good the policy is at the practised level at a point.
func (s Series) score(p Point) (v float64, ok bool) { return s.at(p, s.Level.Metric()) }

// scores returns the scores at two points, and whether both were measured.
func (s Series) scores(a, b Point) (from, to float64, ok bool) {
	return s.both(a, b, s.Level.Metric())
}

// higher reports whether a share b is higher than a by more than chance explains, both being
// measured on the held-out prompts.
func (s Series) higher(a, b float64) bool {
	_, high := eval.ShareInterval(a, s.Prompts)
	low, _ := eval.ShareInterval(b, s.Prompts)
	return low > high
}

// scored returns a clause about the score at the practised level.
func (s Series) scored(v float64) string {
	return s.what() + " is " + s.write(v)
}

// went returns a clause about how the score at the practised level has changed.
func (s Series) went(from, to float64) string {
	return s.what() + " went from " + s.write(from) + " to " + s.write(to)
}

// what returns what the score at the practised level is called in a sentence.
func (s Series) what() string {
	if s.Level.Graded {
		return "the mean reward at " + s.Level.Title
	}
	return "the share of right answers at " + s.Level.Title
}

// write returns a score as people read it.
func (s Series) write(v float64) string {
	if s.Level.Graded {
		return fmt.Sprintf("%.2f", v)
	}
	return prose.Percent(v)
}

// fitting returns the changes against a signal that can be made in the stage.
func (s Series) fitting(of Signal) []Cure {
	return slices.DeleteFunc(of.cures(s), func(c Cure) bool { return !c.fits(s.Stage) })
}

// cure returns the best change that can be made in the stage against a signal.
func (s Series) cure(of Signal) Cure {
	for _, c := range s.fitting(of) {
		return c
	}
	return Cure{}
}

// mean returns the mean of at least one number.
func mean(values []float64) (m float64) {
	for _, v := range values {
		m += v
	}
	return m / float64(len(values))
}

// The metrics that rules read, as package eval's dictionary has them.
const (
	entropyMetric   = "eval/LEVEL/entropy_nats"
	tokensMetric    = "eval/LEVEL/response_tokens"
	klMetric        = "eval/LEVEL/kl_policy_base_token_nats"
	lossMetric      = "train/loss_nats"
	rewardMetric    = "train/reward_mean"
	scoreMetric     = "train/score_mean"
	activeMetric    = "train/active_share"
	activeSoFar     = "train/active_share_so_far"
	clippedSoFar    = "train/clipped_share_so_far"
	practisedMetric = "eval/LEVEL/accuracy" // or reward, where answers can be partly right
)
