package eval

import (
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// abstentions returns how often responses decline to answer and how often they answer wrongly. It
// returns nothing if the task does not tell the two apart.
func (s *Suite) abstentions(name string, sampled []*rollout.Sequence) []protocol.Metric {
	if s.task.Abstains == nil {
		return nil
	}
	abstained, wrong := 0, 0
	for _, seq := range sampled {
		text, finished := s.task.Decode(seq.Response)
		switch {
		case finished && s.task.Abstains(seq.Problem, text):
			abstained++
		case !right(seq):
			wrong++
		}
	}
	n := float64(len(sampled))
	return []protocol.Metric{
		{Name: name + "abstention", Value: float64(abstained) / n},
		{Name: name + "hallucination", Value: float64(wrong) / n},
	}
}
