package train

import (
	"fmt"

	"github.com/posttrain/posttrain/core/model"
)

//go:generate go tool msgp -tests=false -io=false

// PretrainingState is everything a pretraining needs to go on as if it had never stopped.
type PretrainingState struct {
	Config  model.Config `msg:"config"`
	Steps   int          `msg:"steps"` // updates made
	Weights Numbers      `msg:"weights"`
	M       Numbers      `msg:"m"` // first moments of AdamW
	V       Numbers      `msg:"v"` // second moments of AdamW
}

// Check returns an error unless there are as many numbers as the shape says.
func (s *PretrainingState) Check() error {
	want := s.Config.Weights()
	for _, part := range []struct {
		name string
		have int
	}{{"weights", len(s.Weights)}, {"m", len(s.M)}, {"v", len(s.V)}} {
		if part.have != want {
			return fmt.Errorf("%s has %d numbers, want %d", part.name, part.have, want)
		}
	}
	if s.Steps < 0 {
		return fmt.Errorf("steps is %d, want at least 0", s.Steps)
	}
	return nil
}
