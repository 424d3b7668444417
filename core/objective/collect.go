package objective

// Collect describes what the trainer gathers for one step. It is data that the trainer interprets.
type Collect struct {
	Demos  int // demonstrations per prompt: 0 or 1
	Group  int // rollouts per prompt
	Greedy int // greedy answers per prompt, in addition: 0 or 1
	// Replay is the number of demonstrations of the prior skill per batch, each in a group of its
	// own after the others.
	Replay int
	Epochs int // optimiser updates per collected batch, at least 1
	// Hint describes which rollouts begin with a part of the demonstration. nil means none.
	Hint *Hint

	// Buffer describes how all training prompts are sampled at once, and batches drawn from that.
	// nil means that every batch is sampled anew.
	Buffer *Buffer
	// Backlog reports whether the prompt of a group joins a queue for its demonstration. As soon as
	// a whole batch of prompts is waiting, the next batch is their demonstrations, in the order of
	// the queue, and nothing is sampled for it. nil means that there is no queue.
	Backlog func(Group) bool
	// Pool describes how right answers are kept and replayed. nil means that none are.
	Pool *Pool
	// Best means that for each prompt only the rollout with the highest reward is kept, the first
	// one of equals.
	Best bool
	// Keep reports whether a group takes part in a step. nil keeps all groups.
	Keep func(Group) bool
	// IgnoresRewards means that the method does not read the rewards of its rollouts, so verifier
	// calls are not charged.
	IgnoresRewards bool
	// Label turns the rollouts of a prompt into preferences before an objective sees them. Verifier
	// calls are then charged as labels.
	Label Labelling
	// RewardModel, if not nil, describes the model whose score replaces the verifier's reward. It
	// is trained when the stage starts.
	RewardModel *RewardModel
	// Annotator is the simulated person who gives the labels.
	Annotator Annotator
}

// Labelling is the way in which a simulated annotator labels the rollouts of a prompt.
type Labelling uint8

// The four ways. Labelled completions become Chosen or Rejected.
const (
	Unlabelled Labelling = iota
	// InPairs compares rollouts 0 and 1, then 2 and 3, and so on. Pairs that look equal are
	// dropped.
	InPairs
	OneByOne // each rollout is judged by itself: good (Chosen) or bad (Rejected)
	// AgainstDemo takes the prompt's demonstration for better than each of the rollouts, without a
	// label. A prompt without a demonstration is left out.
	AgainstDemo
)

// Annotator is a simulated person who compares responses (Bradley and Terry 1952). The better of
// two responses is preferred with probability σ(difference/Temp), and the label is then flipped
// with probability Flip.
type Annotator struct {
	Temp       float64 // in units of the reward; at 0 the better one is always preferred
	Flip       float64 // share of labels that are flipped
	LengthBias float64 // what one more symbol is worth to the annotator, in units of the reward
}

// Demonstrates reports whether the stage may learn from demonstrations of the practised skill,
// or start rollouts from them.
func (c Collect) Demonstrates() bool {
	return c.Demos > 0 || c.Hint != nil || c.Backlog != nil || c.Label == AgainstDemo ||
		c.Buffer != nil && c.Buffer.Demonstrate
}
