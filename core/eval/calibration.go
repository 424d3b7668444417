package eval

import (
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/rollout"
)

// calibrationBins is the number of classes of equal width into which confidence is divided.
const calibrationBins = 10

// Calibration returns the expected calibration error of sampled responses (Naeini et al. 2015; Guo
// et al. 2017, arXiv:1706.04599). A response's confidence is the probability that the policy gave
// it. Responses are divided into classes by confidence, and the error is the mean, over responses,
// of the difference between mean confidence and the share of right responses in their class.
func Calibration(sampled []*rollout.Sequence) float64 {
	var excess [calibrationBins]float64 // of confidence over right responses
	for _, s := range sampled {
		logp := 0.0
		for _, l := range s.Logp {
			logp += l
		}
		confidence := 0.0 // also if the probability is not a number
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
