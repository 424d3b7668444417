package objective

// Collect describes what the trainer gathers for one step. It is data: the trainer interprets
// it.
type Collect struct {
	Demos  int // demonstrations per prompt: 0 or 1
	Group  int // rollouts per prompt
	Greedy int // greedy answers per prompt besides: 0 or 1
	Replay int // demonstrations of the prior skill in the batch, each in a group of its own behind the others
	Epochs int // optimiser updates per collected batch, at least 1
	// Hint says which of the rollouts begin with a part of the demonstration; nil: none.
	Hint *Hint

	// Buffer says how all training prompts are sampled at once, and batches drawn from that; nil: every batch is sampled afresh.
	Buffer *Buffer
	// Backlog says after which groups the prompt is to wait for its demonstration, first come, first served. Whenever as many wait
	// as a batch has, the next batch is their demonstrations, and nothing is sampled for it. nil: no prompt ever waits.
	Backlog func(Group) bool
	// Pool says how right answers are kept and replayed; nil: none are.
	Pool *Pool
	// Best leaves of a prompt's rollouts only the one with the highest reward, the first of equals.
	Best bool
	// Keep says which groups take part in a step; nil keeps all.
	Keep func(Group) bool
	// Unjudged says that the method does not look at the rewards of its rollouts, so that no verifier is paid for.
	IgnoresRewards bool
	// Label turns the rollouts of a prompt into preferences before anything else sees them. Their verifier calls are then
	// labels.
	Label Labelling
	// RewardModel says whose score takes the place of the verifier's reward; nil: nobody's. It is trained when the stage starts.
	RewardModel *RewardModel
	// Annotator is who gives the labels.
	Annotator Annotator
}

// Labelling says how a simulated annotator labels the rollouts of a prompt.
type Labelling uint8

// The three ways. Labelled rollouts become Chosen or Rejected.
const (
	Unlabelled Labelling = iota
	InPairs              // the first two are compared, then the next two, and so on; a pair without a difference is dropped
	OneByOne             // each is called good (Chosen) or bad (Rejected) by itself
)

// Annotator is a simulated person (Bradley and Terry 1952): the better of two responses is preferred with probability
// σ(difference/Temp), and a label is then turned round with probability Flip.
type Annotator struct {
	Temp       float64 // in units of the reward; 0 always sees the difference
	Flip       float64 // share of labels that come out the wrong way round
	LengthBias float64 // how much reward one more symbol is worth to the annotator, and to nobody else
}

// Demonstrates reports whether the stage may learn from demonstrations of the practised skill,
// or start rollouts from them.
func (c Collect) Demonstrates() bool {
	return c.Demos > 0 || c.Hint != nil || c.Backlog != nil || c.Buffer != nil && c.Buffer.Demonstrate
}
