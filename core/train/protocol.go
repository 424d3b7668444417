package train

import "posttrain/core/eval"

//go:generate go tool msgp -tests=false -io=false

// CommandKind says what a Command asks for.
type CommandKind string

// The commands of a Session.
const (
	Run   CommandKind = "run"   // go on to the end
	Pause CommandKind = "pause" // stop before the next unit of work
	Step  CommandKind = "step"  // stop again after Steps more updates
)

// Command tells a Session how far to go.
type Command struct {
	Kind  CommandKind `msg:"kind"`
	Steps int         `msg:"steps,omitempty"` // with Step, at least 1
}

// EventKind says what an Event reports.
type EventKind string

// The events of a Session.
const (
	Updated  EventKind = "step" // one optimiser update, with train/ metrics
	Measured EventKind = "eval" // one level measured, with eval/ metrics and samples
	Finished EventKind = "end"  // the lane has reached its end
)

// Event is something that happened in a lane.
type Event struct {
	Kind    EventKind     `msg:"kind"`
	Lane    string        `msg:"lane"`
	Stage   int           `msg:"stage"`
	Step    int           `msg:"step"` // updates so far, over all stages
	Metrics []eval.Metric `msg:"metrics,omitempty"`
	Samples []Sample      `msg:"samples,omitempty"`
	Cost    Cost          `msg:"cost"`
}

// Sample is one completion to look at.
type Sample struct {
	Level    string  `msg:"level"`
	Prompt   string  `msg:"prompt"`
	Response string  `msg:"response"`
	Finished bool    `msg:"finished"` // false when it was cut off
	Reward   float64 `msg:"reward"`
}

// Cost is what a lane has used up so far: training alone, no evaluation.
type Cost struct {
	Demonstrations  int     `msg:"demonstrations" json:"demonstrations"`     // different ones seen
	Labels          int     `msg:"labels" json:"labels"`                     // preference labels
	VerifierCalls   int     `msg:"verifier_calls" json:"verifier_calls"`     // responses checked
	TokensGenerated int     `msg:"tokens_generated" json:"tokens_generated"` // sampled, End included
	TokensTrained   int     `msg:"tokens_trained" json:"tokens_trained"`     // response tokens through a backward pass
	FLOPs           float64 `msg:"flops" json:"flops"`                       // see model.Config.ForwardFLOPs
	Seconds         float64 `msg:"seconds" json:"seconds"`                   // the only number here that differs between machines
}

// Plus adds two costs up.
func (c Cost) Plus(o Cost) Cost {
	return Cost{
		Demonstrations: c.Demonstrations + o.Demonstrations, Labels: c.Labels + o.Labels,
		VerifierCalls: c.VerifierCalls + o.VerifierCalls, TokensGenerated: c.TokensGenerated + o.TokensGenerated,
		TokensTrained: c.TokensTrained + o.TokensTrained, FLOPs: c.FLOPs + o.FLOPs, Seconds: c.Seconds + o.Seconds,
	}
}
