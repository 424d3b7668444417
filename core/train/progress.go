package train

import (
	"fmt"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
)

// now is the objective of the next update, which may follow from how the stage has gone.
func (s *Session) now() objective.Objective {
	timed, ok := s.objective.(objective.Scheduled)
	if !ok {
		return s.objective
	}
	r := num.NewRand(s.lane.Seed, "draw", fmt.Sprintf("%s/%d", s.lane.Task.Name, s.stage), uint64(s.stageStep))
	return timed.At(objective.Progress{Step: s.stageStep, Steps: s.values().Int("steps"), Imitation: s.imitation, Draw: r.Float64()})
}

// note remembers the length of the gradient of an update, for objectives that may ask.
func (s *Session) note(o objective.Objective, norm float64) {
	if _, ok := s.objective.(objective.Scheduled); ok && objective.Imitates(o) {
		s.imitation = append(s.imitation, norm)
	}
}
