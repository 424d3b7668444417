package optim

import (
	"math"

	"github.com/posttrain/posttrain/core/num"
)

// Schedules returns the names of the learning-rate schedules that [Rate] accepts.
func Schedules() []string { return []string{"constant", "linear", "cosine"} }

// Rate returns the factor on the learning rate for the update after step of total steps. It rises
// linearly over warmup steps, then stays constant or falls to zero, linearly or along half a
// cosine.
func Rate(schedule string, step, warmup, total int) float64 {
	if step < warmup {
		return float64(step+1) / float64(warmup+1)
	}
	left := float64(total-step) / float64(max(1, total-warmup))
	switch schedule {
	case "linear":
		return left
	case "cosine":
		return 0.5 - float64(0.5*num.Cos(math.Pi*left))
	default:
		return 1
	}
}
