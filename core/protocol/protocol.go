// Package protocol is what a lane in training is told and what it tells: commands in, events out. Both are msgp-coded and
// the same in a terminal, in a file and between the workers of the page; whoever draws or tabulates needs nothing else of
// the trainer.
package protocol

//go:generate go tool msgp -tests=false -io=false

// CommandKind says what a Command asks for.
type CommandKind string

// The commands of a lane.
const (
	Run     CommandKind = "run"     // go on to the end
	Pause   CommandKind = "pause"   // stop before the next unit of work
	Step    CommandKind = "step"    // stop again after Steps more updates
	Measure CommandKind = "measure" // measure all levels here, between the measurements that are due
	Look    CommandKind = "look"    // report responses to one held-out prompt, now and after every measurement
	Ask     CommandKind = "ask"     // report responses to a prompt that somebody wrote, now and after every measurement
	Explain CommandKind = "weigh"   // report why the tokens of one group were pushed by the newest update, now and after every measurement
	Compare CommandKind = "compare" // report how far every matrix of weights is from the base, now and after every measurement
)

// Command tells a lane how far to go or what to show.
type Command struct {
	Kind    CommandKind `msg:"kind"`
	Steps   int         `msg:"steps,omitempty"`   // with Step, at least 1
	Level   string      `msg:"level,omitempty"`   // with Look, a level of the task
	Prompt  int         `msg:"prompt,omitempty"`  // from 0: with Look, which of the level's measured prompts; with Explain, which group of the batch, the last one where there are fewer
	Text    string      `msg:"text,omitempty"`    // with Ask, the prompt
	Samples int         `msg:"samples,omitempty"` // with Look, Ask and Explain, how many responses at most, 1 to MaxLook
}

// MaxLook bounds the responses that Look, Ask and Explain ask for.
const MaxLook = 256

// EventKind says what an Event reports.
type EventKind string

// The events of a lane.
const (
	Updated   EventKind = "step"    // one optimiser update, with train/ metrics
	Measured  EventKind = "eval"    // one level measured, with eval/ metrics and samples
	Looked    EventKind = "look"    // responses to one prompt, with the log-probability of every token
	Asked     EventKind = "ask"     // responses to somebody's own prompt, the greedy one first
	Explained EventKind = "weigh"   // one group of the newest update's batch, with why every token was pushed
	Compared  EventKind = "compare" // every matrix of weights beside the base's
	Finished  EventKind = "end"     // the lane has reached its end
)

// Event is something that happened in a lane.
type Event struct {
	Kind     EventKind `msg:"kind"`
	Lane     string    `msg:"lane"`
	Stage    int       `msg:"stage"`
	Step     int       `msg:"step"` // updates so far, over all stages
	Metrics  []Metric  `msg:"metrics,omitempty"`
	Samples  []Sample  `msg:"samples,omitempty"`
	Matrices []Matrix  `msg:"matrices,omitempty"` // with Compared, in block order
	Cost     Cost      `msg:"cost"`
}

// Metric is one number under a name from eval's dictionary.
type Metric struct {
	Name  string  `msg:"n"`
	Value float64 `msg:"v"`
}

// Mark is how people are shown what a response has earned.
type Mark string

// The marks. A response that nobody can judge has none, "".
const (
	Right  Mark = "right"  // it has earned the full reward: a tick
	Wrong  Mark = "wrong"  // it has not: a cross
	Graded Mark = "graded" // it can be partly right: the reward as a number, never a tick
)

// Sample is one completion to look at.
type Sample struct {
	Level    string    `msg:"level" json:"level"` // "" with Asked when the verifier cannot judge the prompt
	Prompt   string    `msg:"prompt" json:"prompt"`
	Response string    `msg:"response" json:"response"`
	Finished bool      `msg:"finished" json:"finished"`             // false when it was cut off
	Reward   float64   `msg:"reward" json:"reward"`                 // by the task's verifier, which is what measurements go by
	Mark     Mark      `msg:"mark,omitempty" json:"mark,omitempty"` // how that is shown
	Logp     []float64 `msg:"logp,omitempty" json:"logp,omitempty"` // with Looked and Explained: (T) nats, one per symbol of the response, then End's if Finished; 0 for the world's

	World []bool `msg:"world,omitempty" json:"world,omitempty"` // (n) which symbols of the response the world said; nil: none

	Source string  `msg:"source,omitempty" json:"source,omitempty"` // with Explained: rollout, demo, chosen, rejected or replayed
	Judge  string  `msg:"judge,omitempty" json:"judge,omitempty"`   // with Explained: who judged it for the update, in words; "" is the task's verifier
	Judged float64 `msg:"judged,omitempty" json:"judged,omitempty"` // with Explained and a Judge: what it was judged to be worth
	Paired bool    `msg:"paired,omitempty" json:"paired,omitempty"` // with Explained: it is compared with another one, and
	Margin float64 `msg:"margin,omitempty" json:"margin,omitempty"` // so much better, by the policy's own score, was the preferred one
	Pushes []Push  `msg:"pushes,omitempty" json:"pushes,omitempty"` // with Explained: (T)
}

// Push is why an update pushed a token: Coefficient is (Mask·Ratio·Advantage + K3Term + Extra)·Share + Other. In a pair, Ratio is
// the slope in the margin, and Advantage that of the response's score.
type Push struct {
	Mask        float64 `msg:"mask" json:"mask"`
	Ratio       float64 `msg:"ratio" json:"ratio"`
	Advantage   float64 `msg:"advantage" json:"advantage"`
	K3Term      float64 `msg:"kl" json:"kl"`                   // pull of the reference model, from the k3 estimator of KL(π‖π_ref)
	Extra       float64 `msg:"extra" json:"extra"`             // what the method adds to the product
	Share       float64 `msg:"share" json:"share"`             // of the token in the step's average
	Other       float64 `msg:"other" json:"other"`             // what comes from elsewhere in the objective, and all of it where it has no such factors
	Coefficient float64 `msg:"coefficient" json:"coefficient"` // positive makes the token likelier
}

// Matrix is what has become of a matrix of the base, or of a vector, which has one row.
type Matrix struct {
	Name          string  `msg:"name"`
	Rows          int     `msg:"rows"`
	Cols          int     `msg:"cols"`
	Norm          float64 `msg:"norm"`           // Euclidean, of the update: the policy's less the base's
	Base          float64 `msg:"base"`           // and of the base's
	Unchanged     float64 `msg:"unchanged"`      // share of its weights that are exactly the base's
	UnchangedBF16 float64 `msg:"unchanged_bf16"` // and once both are rounded to bfloat16
	Rank          float64 `msg:"rank"`           // effective rank of the update, 0 when there is none
	Rank99        int     `msg:"rank_99"`        // how many of its singular values hold 99 % of its energy
}
