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
	Greedy                 // the behaviour policy's likeliest token at every place: a baseline, never learned from
	Replayed               // sampled from a behaviour policy of long ago, and kept
)

var sourceNames = []string{"rollout", "demo", "chosen", "rejected", "greedy", "replayed"}

// Sources returns every source.
func Sources() []Source { return []Source{Rollout, Demo, Chosen, Rejected, Greedy, Replayed} }

// String is the source's name in JSON.
func (s Source) String() string {
	if int(s) < len(sourceNames) {
		return sourceNames[s]
	}
	return "unknown"
}

// Needs is a set of the things that an objective reads. The trainer gathers and computes only what is asked for, and
// refuses a run whose needs cannot be met.
type Needs uint32

// What can be needed. Per-token fields are filled on the completions of every source that is needed, except that the
// behaviour policy and the critic (OldLogp, Value) may be missing beside rollouts on what was not sampled for the batch, the
// critic alone on what was kept from an earlier one, and all of them on a greedy answer, of which only the reward is read.
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

var needNames = []string{"rollouts", "demonstrations", "pairs", "greedy answers", "replayed answers", "logp", "old_logp", "ref_logp", "teacher_logp", "value",
	"entropy", "dist", "ref_dist", "teacher_dist"}

// Has reports whether all of other is in the set.
func (n Needs) Has(other Needs) bool { return n&other == other }

// String lists the set: "rollouts, logp, old_logp".
func (n Needs) String() string {
	var out []string
	for i, name := range needNames {
		if n.Has(1 << i) {
			out = append(out, name)
		}
	}
	return strings.Join(out, ", ")
}

// Completion is one response to one prompt, scored. Where a world answers between the policy's tokens, it is made of the policy's own:
// T counts these, and what the world says is context that no method sees. Only the fields that an objective needs are filled; those that are
// filled agree on T and V. Objectives never change a completion.
type Completion struct {
	Source  Source
	Reward  float64 // of the whole response, in the verifier's units: 1 is right
	HintLen int     // how many of its first tokens come from the prompt's demonstration and were not sampled; see [Hint]

	Logp        []float64 // (T) log π(a_t|s_t), the policy now
	OldLogp     []float64 // (T) log π_old(a_t|s_t), the behaviour policy when it sampled, or began with what it did not sample
	RefLogp     []float64 // (T) log π_ref(a_t|s_t), the frozen reference model
	TeacherLogp []float64 // (T) log-probability under a teacher

	Value    []float64 // (T) V(s_t), the critic now
	OldValue []float64 // (T) V(s_t), the critic when the rollout was sampled
	Entropy  []float64 // (T) entropy of the policy at s_t, nats

	Dist        []float64 // (T,V) log π(v|s_t) for the whole vocabulary
	RefDist     []float64 // (T,V) the same under the reference model
	TeacherDist []float64 // (T,V) the same under a teacher
}

// Len is T, the number of tokens: the length of whichever per-token field is filled. The distributions do not count:
// they cannot tell T from V.
func (c *Completion) Len() int {
	for _, x := range [...][]float64{c.Logp, c.OldLogp, c.RefLogp, c.TeacherLogp, c.Value, c.OldValue, c.Entropy} {
		if x != nil {
			return len(x)
		}
	}
	return 0
}

// Vocab is V, the size of the vocabulary; 0 when no whole distribution is filled or there are no tokens.
func (c *Completion) Vocab() int {
	for _, x := range [...][]float64{c.Dist, c.RefDist, c.TeacherDist} {
		if n := c.Len(); x != nil && n > 0 {
			return len(x) / n
		}
	}
	return 0
}

// Group is every completion of one prompt. It is never split.
type Group []*Completion

// Coeff is what an objective writes for one completion: the ascent direction, step normalisation included.
type Coeff struct {
	Logp    []float64 // (T) on ∇log π(a_t|s_t)
	Entropy []float64 // (T) on ∇H(π(·|s_t))
	ExactKL []float64 // (T) on ∇KL(π‖π_ref) at s_t: negative to stay near the reference model
	Value   []float64 // (T) on ∇V(s_t)
	Dense   []float64 // (T,V) on ∇log π(v|s_t) for every v; nil when unused
}

// Coeffs mirrors a batch: Coeffs[g][i] belongs to batch[g][i].
type Coeffs [][]Coeff

// NewCoeffs allocates zeros in the shape of a batch, without dense channels.
func NewCoeffs(batch []Group) Coeffs {
	out := make(Coeffs, len(batch))
	for g, group := range batch {
		out[g] = make([]Coeff, len(group))
		for i, c := range group {
			n := c.Len()
			all := make([]float64, 4*n)
			out[g][i] = Coeff{Logp: all[:n:n], Entropy: all[n : 2*n : 2*n], ExactKL: all[2*n : 3*n : 3*n], Value: all[3*n:]}
		}
	}
	return out
}

// NeedDense makes sure of the dense channel, n = T·V zeros when it is not there yet, and returns it.
func (c *Coeff) NeedDense(n int) []float64 {
	if c.Dense == nil {
		c.Dense = make([]float64, n)
	}
	return c.Dense
}

// Objective is the one thing the trainer asks a method for.
type Objective interface {
	// Needs says what Add reads. Add ignores everything else, filled or not.
	Needs() Needs
	// Add adds the batch's coefficients to dst, which has the batch's shape. It is a pure function of the batch, the
	// same to the bit whenever and wherever it runs, and always finite.
	Add(dst Coeffs, batch []Group)
}
