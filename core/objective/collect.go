package objective

// Collect describes what the trainer gathers for one step. It is data: the trainer interprets
// it.
type Collect struct {
	Demos  int // demonstrations per prompt: 0 or 1
	Group  int // rollouts per prompt
	Greedy int // greedy answers per prompt besides: 0 or 1
	Replay int // demonstrations of the prior skill in the batch, each in a group of its own behind the others
	Epochs int // optimiser updates per collected batch, at least 1
	// Hint describes which rollouts begin with a part of the demonstration. nil means none.
	Hint *Hint

	// Buffer describes how all training prompts are sampled at once, and batches drawn from that. nil means that every batch is
	// sampled anew.
	Buffer *Buffer
	// Backlog reports whether the prompt of a group has to wait for its demonstration. When as many prompts wait as a batch has,
	// the next batch is their demonstrations, in the order in which they came, and nothing is sampled for it. nil means that no
	// prompt waits.
	Backlog func(Group) bool
	// Pool describes how right answers are kept and replayed. nil means that none are.
	Pool *Pool
	// Best means that only the rollout with the highest reward is kept for each prompt, the first one of equals.
	Best bool
	// Keep reports whether a group takes part in a step. nil keeps all groups.
	Keep func(Group) bool
	// IgnoresRewards means that the method does not read the rewards of its rollouts, so verifier calls are not charged.
	IgnoresRewards bool
	// Label turns the rollouts of a prompt into preferences before anything else sees them. Their verifier calls are then
	// labels.
	Label Labelling
	// RewardModel, if not nil, describes the model whose score replaces the verifier's reward. It is trained when the stage starts.
	RewardModel *RewardModel
	// Annotator is the simulated person who gives the labels.
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
