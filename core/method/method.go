package method

import (
	"cmp"
	"slices"

	"posttrain/core/param"
)

// Method is a post-training method as a value: prose, citation, knobs, what it collects and what it maximises. The
// command line, links, the page's controls and the documentation are generated from it.
type Method struct {
	Name       string       // lower_snake, as papers call it
	Title      string       // in full
	Cite       string       // paper and equation
	Family     string       // one of Families
	Formula    string       // what is maximised, in plain text with Unicode symbols
	Doc        string       // for somebody who does not know the field
	Deviations string       // how it differs from the paper; "" when it does not
	Unverified string       // what could not be checked against the paper or its authors' code; "" when everything was
	Knobs      []param.Knob // every setting that applies, the shared ones from knobs.go

	Collect func(param.Values) Collect   // what the trainer gathers for one step
	Build   func(param.Values) Objective // what it then maximises
}

// Families are the kinds of method, in the order they are listed.
func Families() []string {
	return []string{"imitation", "policy gradient", "preference", "distillation", "hybrid"}
}

// Collect says as data what the trainer gathers for one step.
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
	Unjudged bool
	// Label turns the rollouts of a prompt into preferences before anything else sees them. Their verifier calls are then
	// labels.
	Label Labelling
	// RewardModel says whose score takes the place of the verifier's reward; nil: nobody's. It is trained when the stage starts.
	RewardModel *RewardModel
	// Annotator is who gives the labels.
	Annotator Annotator
}

// Labelling says how a simulated annotator looks at the rollouts of a prompt.
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

// Defaults is every knob of the method at its default.
func (m Method) Defaults() param.Values { return param.Defaults(m.Knobs) }

// CheckNeeds is [CheckNeeds] for the method's objective at these settings; the error names the method.
func (m Method) CheckNeeds(v param.Values, batch []Group) error {
	return checkNeeds(m.Name, m.Build(v).Needs(), batch)
}

var registry []Method

// register adds a method. Called while the package is initialised, it panics on a method that is malformed or whose
// name is taken.
func register(m Method) Method {
	if m.Collect == nil || m.Build == nil {
		panic("method: " + m.Name + " has no Collect or no Build")
	}
	if slices.ContainsFunc(registry, func(o Method) bool { return o.Name == m.Name }) {
		panic("method: " + m.Name + " is registered twice")
	}
	m.Defaults() // panics on malformed knobs
	registry = append(registry, m)
	return m
}

// All lists the methods by name.
func All() []Method {
	return slices.SortedFunc(slices.Values(registry), func(a, b Method) int { return cmp.Compare(a.Name, b.Name) })
}

// Lookup finds a method by name. The error names the nearest one and lists all.
func Lookup(name string) (Method, error) {
	for i := range registry {
		if registry[i].Name == name {
			return registry[i], nil
		}
	}
	var names []string
	for _, m := range All() {
		names = append(names, m.Name)
	}
	return Method{}, param.Unknown("method", name, names)
}
