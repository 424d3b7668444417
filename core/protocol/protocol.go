// Package protocol defines what goes into a lane in training and what comes out: a [Command] in, an
// [Event] out. Both are msgp-coded and the same in a terminal, in a file and between the workers of
// the page. Whatever draws or tabulates a run needs nothing else from the trainer.
package protocol

//go:generate go tool msgp -tests=false -io=false

import "strings"

// CommandKind is what a Command asks for.
type CommandKind string

// The commands of a lane.
const (
	Run   CommandKind = "run"   // train to the end
	Pause CommandKind = "pause" // stop before the next unit of work
	Step  CommandKind = "step"  // make Steps more updates, then stop
	// Measure measures all levels now, in addition to the scheduled measurements.
	Measure CommandKind = "measure"
	// Look reports responses to a held-out prompt, now and after every measurement.
	Look CommandKind = "look"
	// Ask reports responses to the user's prompt, now and after every measurement.
	Ask CommandKind = "ask"
	// Explain reports the coefficients of one group of the newest update's batch, with their
	// factors, now and after every measurement.
	Explain CommandKind = "weigh"
	// Compare reports how far every weight matrix is from the base's, now and after every
	// measurement.
	Compare CommandKind = "compare"
	// Dissect makes Steps more updates, as Step does, and reports how the last of them came about
	// and what it changed, for the prompt whose tokens it pushes most. With Steps 0 it makes none,
	// and reports the same of another prompt of that update, unless another update was made since.
	Dissect CommandKind = "dissect"
	// Pair reports, once, the first Samples pairs of responses that are compared for the reward
	// model of the lane's first stage.
	Pair CommandKind = "pair"
	// Examine reports, once that reward model is trained, the same pairs and others to held-out
	// prompts with its scores. Nothing is reported after that stage.
	Examine CommandKind = "examine"
)

// Command tells a lane how far to train or what to report.
type Command struct {
	Kind  CommandKind `msg:"kind"`
	Steps int         `msg:"steps,omitempty"` // with Step at least 1, with Dissect 0 or more
	Level string      `msg:"level,omitempty"` // with Look, a level of the task
	// Prompt counts from 0. With Look it is the index among the level's measured prompts, with
	// Explain and Dissect the index of the group, limited to the last one.
	Prompt int    `msg:"prompt,omitempty"`
	Text   string `msg:"text,omitempty"` // with Ask, the prompt
	// Samples is the largest number of responses with Look, Ask, Explain and Dissect, and the
	// number of pairs with Pair and Examine, 1 to MaxLook.
	Samples int `msg:"samples,omitempty"`
}

// MaxLook bounds Samples.
const MaxLook = 256

// EventKind is what an Event reports.
type EventKind string

// The events of a lane.
const (
	Updated  EventKind = "step" // one optimiser update, with train/ metrics
	Measured EventKind = "eval" // one level measured, with eval/ metrics and samples
	// Looked has responses to one prompt, with the log-probability of every token.
	Looked EventKind = "look"
	Asked  EventKind = "ask" // responses to the user's prompt, the greedy one first
	// Explained has one group of the newest update's batch, with the factors of its coefficients.
	Explained EventKind = "weigh"
	Compared  EventKind = "compare" // every weight matrix compared with the base's
	Dissected EventKind = "dissect" // an update in detail
	Paired    EventKind = "pair"    // pairs to be judged
	Examined  EventKind = "examine" // pairs with the scores of the reward model
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
	Anatomy  *Anatomy  `msg:"anatomy,omitempty"`  // with Dissected
	// Pairs has, with Paired and Examined, the first pairs that are compared, in their order.
	Pairs []Comparison `msg:"pairs,omitempty"`
	Fresh []Comparison `msg:"fresh,omitempty"` // with Examined, pairs that nobody compares
	Cost  Cost         `msg:"cost"`
}

// Metric is a number with a name from eval's dictionary.
type Metric struct {
	Name  string  `msg:"n"`
	Value float64 `msg:"v"`
}

// Mark is how a response's reward is shown to people.
type Mark string

// The marks. A response that the verifier cannot judge has none, "".
const (
	Right  Mark = "right"  // full reward: a tick
	Wrong  Mark = "wrong"  // less than the full reward: a cross
	Graded Mark = "graded" // responses can be partly right: the reward as a number, never a tick
)

// Sample is one completion to show.
type Sample struct {
	// "" with Asked when the verifier cannot judge the prompt
	Level    string `msg:"level" json:"level"`
	Prompt   string `msg:"prompt" json:"prompt"`
	Response string `msg:"response" json:"response"`
	// Words means that the symbols of Prompt and Response are words, with a blank between two of
	// them. Otherwise each rune is a symbol.
	Words    bool `msg:"words,omitempty" json:"words,omitempty"`
	Finished bool `msg:"finished" json:"finished"` // false when it was cut off
	// Reward is the task's verifier's, as in measurements.
	Reward float64 `msg:"reward" json:"reward"`
	Mark   Mark    `msg:"mark,omitempty" json:"mark,omitempty"` // how Reward is shown
	// Logp holds log-probabilities in nats (T) with Looked, Explained and Dissected: one for each
	// symbol of the response, 0 for the world's, and then End's if Finished.
	Logp []float64 `msg:"logp,omitempty" json:"logp,omitempty"`

	// World is true for the symbols of the response that are the world's (n). nil means none.
	World []bool `msg:"world,omitempty" json:"world,omitempty"`

	// Judge says where the reward that is learned from comes from, if it is not the task's
	// verifier's: with Explained and Dissected, and where it is the user's own with Measured,
	// Looked and Asked too.
	Judge string `msg:"judge,omitempty" json:"judge,omitempty"`
	// Judged is that reward, if there is a Judge.
	Judged float64 `msg:"judged,omitempty" json:"judged,omitempty"`
	// Parts has the parts of a reward of the user's own that has several (parts), before they are
	// weighted.
	Parts []float64 `msg:"parts,omitempty" json:"parts,omitempty"`

	// The fields below come with Explained and Dissected. Source is rollout, demo, chosen,
	// rejected, greedy or replayed.
	Source string `msg:"source,omitempty" json:"source,omitempty"`
	// Paired means that the response is half of a pair.
	Paired bool `msg:"paired,omitempty" json:"paired,omitempty"`
	// Margin is by how much the policy scores the preferred half of the pair higher.
	Margin float64 `msg:"margin,omitempty" json:"margin,omitempty"`
	Pushes []Push  `msg:"pushes,omitempty" json:"pushes,omitempty"` // (T)

	// The fields below come with Dissected. Given is how many of the first symbols are the world's
	// or those of a hint, which the policy did not sample.
	Given  int     `msg:"given,omitempty" json:"given,omitempty"`
	Places []Place `msg:"places,omitempty" json:"places,omitempty"` // (T), empty for the world's
}

// Symbols returns the symbols of the response.
func (s Sample) Symbols() []string {
	if s.Words {
		return strings.Fields(s.Response)
	}
	return strings.Split(s.Response, "")
}

// Separator returns what stands between two symbols of the prompt or the response.
func (s Sample) Separator() string {
	if s.Words {
		return " "
	}
	return ""
}

// Comparison is two responses of the same policy to one prompt, in the order in which they were
// sampled. With Examined, Judged of both is the reward model's score.
type Comparison struct {
	First  Sample `msg:"first" json:"first"`
	Second Sample `msg:"second" json:"second"`
	// Swapped means that a person sees the second response on the left. It is drawn at random.
	Swapped bool `msg:"swapped,omitempty" json:"swapped,omitempty"`
}

// Push holds the factors of a token's coefficient in an update: Coefficient is
// (Mask·Ratio·Advantage + K3Term + Extra)·Share + Other. In a pair, Ratio is the derivative in the
// margin, and Advantage that of the response's score.
type Push struct {
	Mask      float64 `msg:"mask" json:"mask"`
	Ratio     float64 `msg:"ratio" json:"ratio"`
	Advantage float64 `msg:"advantage" json:"advantage"`
	// K3Term is the pull of the reference model, from the k3 estimator of KL(π‖π_ref).
	K3Term float64 `msg:"kl" json:"kl"`
	Extra  float64 `msg:"extra" json:"extra"` // what the method adds to the product
	// Share is the token's weight in the step's average.
	Share float64 `msg:"share" json:"share"`
	// Other is the coefficient from the rest of the objective, and the whole one if the objective
	// has no such factors.
	Other       float64 `msg:"other" json:"other"`
	Coefficient float64 `msg:"coefficient" json:"coefficient"` // positive makes the token likelier
}

// Matrix compares a weight matrix of the policy with the base's. A vector counts as a matrix of one
// row.
type Matrix struct {
	Name string `msg:"name"`
	Rows int    `msg:"rows"`
	Cols int    `msg:"cols"`
	// Norm is the Euclidean norm of the update, the policy's weights minus the base's.
	Norm          float64 `msg:"norm"`
	Base          float64 `msg:"base"`           // Euclidean norm of the base's weights
	Unchanged     float64 `msg:"unchanged"`      // share of weights that equal the base's exactly
	UnchangedBF16 float64 `msg:"unchanged_bf16"` // the same with both rounded to bfloat16
	Rank          float64 `msg:"rank"`           // effective rank of the update, 0 if there is none
	// Rank99 is the number of the update's singular values that hold 99 % of its energy.
	Rank99 int `msg:"rank_99"`
}
