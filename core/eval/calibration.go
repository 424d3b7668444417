package eval

import (
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/rollout"
)

// calibrationBins is into how many classes of equal width confidence is divided.
const calibrationBins = 10

// Calibration is the expected calibration error of sampled responses: between the probability that the policy gave a response and
// whether it is right, over classes of confidence, the mean over responses of how far the two are apart in a response's class
// (Naeini et al. 2015; Guo et al. 2017, arXiv:1706.04599).
func Calibration(sampled []*rollout.Sequence) float64 {
	var excess [calibrationBins]float64 // of confidence over right responses
	for _, s := range sampled {
		logp := 0.0
		for _, l := range s.Logp {
			logp += l
		}
		confidence := 0.0 // also of what is not a number
		if p := num.Exp(logp); p >= 0 {
			confidence = min(1, p)
		}
		bin := min(int(calibrationBins*confidence), calibrationBins-1)
		excess[bin] += confidence
		if right(s) {
			excess[bin]--
		}
	}
	total := 0.0
	for _, e := range excess {
		total += max(e, -e)
	}
	return total / float64(len(sampled))
}
