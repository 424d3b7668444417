package objective

import "strings"

// Source says who produced a completion.
type Source uint8

// The six sources; String gives the names used in JSON.
const (
	Rollout  Source = iota // sampled from the behaviour policy
	Demo                   // written by the task's expert
	Chosen                 // preferred half of a pair
	Rejected               // dispreferred half of a pair
	// the behaviour policy's likeliest token at every place: a baseline, never learned from
	Greedy
	Replayed // sampled from a behaviour policy of long ago, and kept
)

var sourceNames = []string{"rollout", "demo", "chosen", "rejected", "greedy", "replayed"}

// Sources returns every source.
func Sources() []Source { return []Source{Rollout, Demo, Chosen, Rejected, Greedy, Replayed} }

// String returns the source's name in JSON.
func (s Source) String() string {
	if int(s) < len(sourceNames) {
		return sourceNames[s]
	}
	return "unknown"
}

// Needs is a set of what an objective reads. The trainer gathers and computes only that, and
// refuses a run whose needs cannot be met.
type Needs uint32

// The elements of [Needs]. A per-token field is filled for the completions of every source that is
// needed, with three exceptions. If rollouts are needed, OldLogp and Value may be missing for
// completions that were not sampled for the batch, and Value for those kept from an earlier batch.
// A greedy answer has only its reward.
const (
	Rollouts    Needs = 1 << iota // completions sampled by the behaviour policy
	Demos                         // demonstrations
	Pairs                         // chosen and rejected completions of one prompt
	Greedies                      // a greedy answer to every prompt
	Replays                       // rollouts kept from earlier batches
	Logp                          // Completion.Logp: its values; its length is always there
	OldLogp                       // Completion.OldLogp
	RefLogp                       // Completion.RefLogp
	TeacherLogp                   // Completion.TeacherLogp
	Value                         // Completion.Value and OldValue: there is a critic
	Entropy                       // Completion.Entropy
	Dist                          // Completion.Dist
	RefDist                       // Completion.RefDist
	TeacherDist                   // Completion.TeacherDist
)

var needNames = []string{"rollouts", "demonstrations", "pairs", "greedy answers",
	"replayed answers", "logp", "old_logp", "ref_logp", "teacher_logp", "value",
	"entropy", "dist", "ref_dist", "teacher_dist"}

// Has reports whether all of other is in the set.
func (n Needs) Has(other Needs) bool { return n&other == other }

// String returns the elements joined by commas, such as "rollouts, logp, old_logp".
func (n Needs) String() string {
	var out []string
	for i, name := range needNames {
		if n.Has(1 << i) {
			out = append(out, name)
		}
	}
	return strings.Join(out, ", ")
}

// Completion is one scored response to a prompt. Its T tokens are the policy's own; what a world
// says between them is context that no method sees. Only the fields that an objective needs are
// filled, and these agree on T and V. Objectives never change a completion.
type Completion struct {
	Source Source
	Reward float64 // of the whole response, in the verifier's units: 1 is right
	// Parts are the parts that the reward is the weighted sum of; nil if it has none.
	Parts []RewardPart
	// HintLen is how many of the first tokens come from the prompt's demonstration and were not
	// sampled. See [Hint].
	HintLen int

	// Weight is (T) what the push on each token is multiplied by, because another policy than the
	// one in training sampled it, see [Correction]. It multiplies what a [Row] multiplies, mask,
	// ratio and advantage, and what a [Dense] adds; penalties and bonuses stay as they are. nil
	// means 1.
	Weight []float64
	// Stale means that the policy has moved away from the one that sampled the completion, so that
	// a [Row] leaves it out where its advantage is negative.
	Stale bool

	Logp []float64 // (T) log π(a_t|s_t), the policy now
	// OldLogp is (T) log π_old(a_t|s_t), the behaviour policy when it sampled the completion, or
	// when an unsampled one was first used. If another model than the policy sampled it, see
	// [Correction], it is the policy before the first update with it.
	OldLogp     []float64
	RefLogp     []float64 // (T) log π_ref(a_t|s_t), the frozen reference model
	TeacherLogp []float64 // (T) log-probability under a teacher

	Value    []float64 // (T) V(s_t), the critic now
	OldValue []float64 // (T) V(s_t), the critic when the rollout was sampled
	Entropy  []float64 // (T) entropy of the policy at s_t, nats

	Dist        []float64 // (T,V) log π(v|s_t) for the whole vocabulary
	RefDist     []float64 // (T,V) the same under the reference model
	TeacherDist []float64 // (T,V) the same under a teacher
}

// RewardPart is a part of a reward.
type RewardPart struct{ Value, Weight float64 }

// Len returns T, the number of tokens: the length of whichever per-token field is filled. The
// distributions do not count, because T cannot be told from V in them.
func (c *Completion) Len() int {
	for _, x := range [...][]float64{c.Logp, c.OldLogp, c.RefLogp, c.TeacherLogp, c.Value,
		c.OldValue, c.Entropy} {
		if x != nil {
			return len(x)
		}
	}
	return 0
}

// Vocab returns V, the size of the vocabulary, and 0 if no whole distribution is filled or there
// are no tokens.
func (c *Completion) Vocab() int {
	for _, x := range [...][]float64{c.Dist, c.RefDist, c.TeacherDist} {
		if n := c.Len(); x != nil && n > 0 {
			return len(x) / n
		}
	}
	return 0
}

// Group is all completions of one prompt in a batch. It is never split.
type Group []*Completion

// Coeff holds the coefficients of one completion, in the direction of ascent and with the averaging
// over the step included.
type Coeff struct {
	Logp    []float64 // (T) on ∇log π(a_t|s_t)
	Entropy []float64 // (T) on ∇H(π(·|s_t))
	// ExactKL is (T) on ∇KL(π‖π_ref) at s_t, exact. Negative pulls towards the reference model.
	ExactKL []float64
	Value   []float64 // (T) on ∇V(s_t)
	Dense   []float64 // (T,V) on ∇log π(v|s_t) for every v; nil when unused
}

// Coeffs mirrors a batch: Coeffs[g][i] belongs to batch[g][i].
type Coeffs [][]Coeff

// NewCoeffs returns zeros in the shape of a batch, without dense channels.
func NewCoeffs(batch []Group) Coeffs { return new(CoeffBuffer).Zeros(batch) }

// CoeffBuffer is the memory for one batch's coefficients after another.
type CoeffBuffer struct {
	coeffs  Coeffs
	flat    []Coeff
	numbers []float64
}

// Zeros is [NewCoeffs] in the buffer's memory. The next call overwrites what it returns.
func (b *CoeffBuffer) Zeros(batch []Group) Coeffs {
	completions, _ := size(batch)
	numbers := 0
	for _, group := range batch {
		for _, c := range group {
			numbers += 4 * c.Len()
		}
	}
	b.coeffs, b.flat = resize(b.coeffs, len(batch)), resize(b.flat, completions)
	b.numbers = resize(b.numbers, numbers)
	clear(b.numbers)
	flat, rest := b.flat, b.numbers
	take := func(n int) []float64 {
		channel := rest[:n:n]
		rest = rest[n:]
		return channel
	}
	for g, group := range batch {
		b.coeffs[g], flat = flat[:len(group):len(group)], flat[len(group):]
		for i, c := range group {
			n := c.Len()
			b.coeffs[g][i] = Coeff{Logp: take(n), Entropy: take(n), ExactKL: take(n),
				Value: take(n)}
		}
	}
	return b.coeffs
}

// resize returns n elements with any values, in the memory of s if it is large enough.
func resize[S ~[]E, E any](s S, n int) S {
	if s == nil || cap(s) < n {
		return make(S, n)
	}
	return s[:n]
}

// NeedDense returns the dense channel. If there is none it makes one of n = T·V zeros.
func (c *Coeff) NeedDense(n int) []float64 {
	if c.Dense == nil {
		c.Dense = make([]float64, n)
	}
	return c.Dense
}

// Objective is what a method maximises, in the form the trainer needs it: what it reads, and the
// coefficients that it gives to a batch.
type Objective interface {
	// Needs returns what Add reads. Add ignores every other field, whether it is filled or not.
	Needs() Needs
	// Add adds the batch's coefficients to dst, which has the batch's shape. They are finite and
	// depend on the batch alone, to the bit.
	Add(dst Coeffs, batch []Group)
}
