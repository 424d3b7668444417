package train

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// pairMetrics returns the metrics of labelled answers: how likely the chosen and the rejected ones
// are, how far training has moved them, and how far apart and in which order the answers of a pair
// are. It returns nil if no answer is labelled or the policy has not scored them.
func pairMetrics(groups []rollout.Group) (metrics []protocol.Metric) {
	var chosen, rejected half
	margin, ordered, pairs := 0.0, 0.0, 0.0
	for _, group := range groups {
		var better, worse []float64
		for _, seq := range group {
			if len(seq.Logp) == 0 {
				continue
			}
			switch seq.Source {
			case objective.Chosen:
				better = append(better, chosen.add(seq))
			case objective.Rejected:
				worse = append(worse, rejected.add(seq))
			}
		}
		for k := range min(len(better), len(worse)) {
			d := better[k] - worse[k]
			margin, pairs = margin+d, pairs+1
			switch {
			case d > 0:
				ordered++
			case d == 0:
				ordered += 0.5
			}
		}
	}
	metrics = append(chosen.metrics("chosen"), rejected.metrics("rejected")...)
	if pairs == 0 {
		return metrics
	}
	return append(metrics, protocol.Metric{Name: "train/margin_nats", Value: margin / pairs},
		protocol.Metric{Name: "train/pair_accuracy", Value: ordered / pairs})
}

// half sums up the answers with one label.
type half struct{ answers, logp, shifted, shift float64 }

// add adds an answer and returns what its margin is made of: its log-ratio to the reference model,
// or its log-probability where there is none.
func (h *half) add(seq *rollout.Sequence) float64 {
	logp := objective.Total(seq.Logp)
	h.answers, h.logp = h.answers+1, h.logp+logp
	if len(seq.RefLogp) == 0 {
		return logp
	}
	shift := objective.SequenceLogRatio(&seq.Completion)
	h.shifted, h.shift = h.shifted+1, h.shift+shift
	return shift
}

// metrics returns the means over the answers.
func (h *half) metrics(label string) (out []protocol.Metric) {
	if h.answers > 0 {
		out = append(out, protocol.Metric{Name: "train/" + label + "_logp_nats",
			Value: h.logp / h.answers})
	}
	if h.shifted > 0 {
		out = append(out, protocol.Metric{Name: "train/" + label + "_shift_nats",
			Value: h.shift / h.shifted})
	}
	return out
}
