package guide

import (
	"cmp"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/prose"
)

// Have is a word for something that a person may have.
type Have struct {
	Name, Title string
	Doc         string
	// Gives are the inputs of methods that it provides.
	Gives []Input
	// Spends is the cost that a number behind the word limits, such as "cost/demonstrations". ""
	// means that the word takes no number.
	Spends string
}

// Input is something that a method cannot train without.
type Input string

// The inputs of methods.
const (
	OwnDemos     Input = "own_demos"     // demonstrations in the base's own style
	ForeignDemos Input = "foreign_demos" // demonstrations in a style that is foreign to the base
	OtherDemos   Input = "demos"         // demonstrations in a style that is neither
	OldDemos     Input = "old_demos"     // demonstrations of a skill from before
	Verifier     Input = "verifier"
	Labels       Input = "labels"       // preferences between answers of the policy
	RewardModel  Input = "reward_model" // a score for answers, or the labels that make one
	Teacher      Input = "teacher"
)

// Need is a word for something that a person may need.
type Need struct {
	Name, Title string
	Doc         string
	Measures    []Measure // by which it is judged, each apart
}

// Measure is a number by which a need is judged.
type Measure struct {
	// Level is a level of the task; "" means the first, which is practised. Cost measures have
	// none.
	Level string
	// Quantity is what is measured at the level; "" means what the level is judged by. MostPasses
	// stands for pass@k with the largest k that was measured. Costs are whole names.
	Quantity string
	Lower    bool // whether lower is better
}

// MostPasses is the quantity of a [Measure] that stands for pass@k with the largest k.
const MostPasses = "pass_at_MOST"

// IsCost reports whether the measure is a cost, which is looked at where a run reaches the target.
func (m Measure) IsCost() bool { return strings.HasPrefix(m.Quantity, "cost/") }

// JudgedBy returns the metrics by which the need is judged, in words. Where answers are graded, the
// reward takes the place of the accuracy.
func (n Need) JudgedBy() string {
	var metrics []string
	for _, m := range n.Measures {
		level, quantity := cmp.Or(m.Level, "id"), cmp.Or(m.Quantity, "accuracy")
		switch {
		case m.IsCost():
			metrics = append(metrics, m.Quantity)
		case m.Quantity == MostPasses:
			metrics = append(metrics, "pass@k with the largest k of the study, at level "+level)
		default:
			metrics = append(metrics, "eval/"+level+"/"+quantity)
		}
	}
	return prose.List(metrics)
}

// Application is a field in which the question is asked, and what stands for it here.
type Application struct {
	Name, Title string
	Doc         string   // how far what stands for it is from it
	Tasks       []string // of the program
	Needs       []string // what is needed there, if nothing else is said
}

// Unit is a word for what a budget counts.
type Unit struct {
	Name, Title string
	Cost        string // the entry of the ledger, such as "cost/flops"
}

// The costs that studies keep for the guide.
const (
	costFLOPs  = "cost/flops"
	costDemos  = "cost/demonstrations"
	costLabels = "cost/labels"
	costChecks = "cost/verifier_calls"
)

var haves = []Have{
	{"demos", "demonstrations", "Answers that an expert has written. Which style they are in is " +
		"not said, so methods are shown for any style.",
		[]Input{OwnDemos, ForeignDemos, OtherDemos}, costDemos},
	{"own_demos", "demonstrations in the base's own style", "Answers of an expert, written as " +
		"the base writes.", []Input{OwnDemos, OtherDemos}, costDemos},
	{"foreign_demos", "demonstrations in a foreign style", "Answers of an expert, written in " +
		"another way than the base writes.", []Input{ForeignDemos, OtherDemos}, costDemos},
	{"old_demos", "demonstrations of older skills", "Answers to what the base could do before, " +
		"to rehearse it.", []Input{OldDemos}, ""},
	{"verifier", "a verifier", "A program that says whether an answer is right.",
		[]Input{Verifier}, costChecks},
	{"labels", "preference labels", "Somebody who says which of two answers of the policy is " +
		"better, or whether one is good. If your verifier is to label pairs, say labels too.",
		[]Input{Labels, RewardModel}, costLabels},
	{"reward_model", "a reward model", "A model that gives an answer a score. What it was made " +
		"from counts as spent before.", []Input{RewardModel}, ""},
	{"teacher", "a stronger teacher", "A model that is better at the task, whose probabilities " +
		"can be read.", []Input{Teacher}, ""},
	{"nothing", "nothing", "None of these.", nil, ""},
}

var needs = []Need{
	{"id", "the new skill", "Being right at what is practised.", []Measure{{}}},
	{"ood", "new situations", "Being right at a kind of problem that nobody practises.",
		[]Measure{{Level: "ood"}}},
	{"retain", "older skills", "Being still right at what the base could do before.",
		[]Measure{{Level: "prior"}}},
	{"safety", "safe refusals", "Refusing dangerous requests that were not practised, and still " +
		"doing harmless ones that look like them.",
		[]Measure{{Level: "members"}, {Level: "harmless"}}},
	{"honesty", "honesty", "Saying that it does not know, instead of claiming something wrong.",
		[]Measure{{Level: "unknown", Quantity: "hallucination", Lower: true}}},
	{"diversity", "diversity", "Being right at least once in many answers to new problems.",
		[]Measure{{Level: "ood", Quantity: MostPasses}}},
	{"short", "short answers", "Using few tokens for an answer.",
		[]Measure{{Quantity: "response_tokens", Lower: true}}},
	{"cheap", "little arithmetic", "Reaching the target at the new skill with little arithmetic.",
		[]Measure{{Quantity: costFLOPs, Lower: true}}},
	{"few_demos", "few demonstrations", "Reaching the target with few demonstrations.",
		[]Measure{{Quantity: costDemos, Lower: true}}},
	{"few_labels", "few labels", "Reaching the target with few preference labels.",
		[]Measure{{Quantity: costLabels, Lower: true}}},
	{"few_checks", "few checks", "Reaching the target with few answers that a verifier judges.",
		[]Measure{{Quantity: costChecks, Lower: true}}},
}

var units = []Unit{
	{"flops", "FLOPs", costFLOPs},
	{"demos", "demonstrations", costDemos},
	{"labels", "preference labels", costLabels},
	{"checks", "checked answers", costChecks},
}

var applications = []Application{
	{"qa", "question answering", "A toy: facts in four symbols about invented people, some of " +
		"whom the base was never told about. Nothing is looked up, and nobody asks back.",
		[]string{"facts"}, []string{"id", "ood", "honesty"}},
	{"maths", "mathematics", "Toys: sums of cards and of digits, a target from three numbers, " +
		"and word problems in plain English. They are a few steps of arithmetic, no proofs.",
		[]string{"cards", "addition", "countdown", "stories"}, []string{"id", "ood", "retain"}},
	{"agents", "agents", "A toy: a maze, in which the policy moves and the maze answers. It " +
		"uses no tools and has no long plans.",
		[]string{"maze"}, []string{"id", "ood", "retain"}},
	{"code", "code-like composition", "A toy: functions with meaningless names that are applied " +
		"one after the other to short strings. No program is written.",
		[]string{"compose"}, []string{"id", "ood", "diversity"}},
	{"safety", "safety", "A toy: requests of a few letters, of which some things are declared " +
		"dangerous. Nobody tries to get around the rules.",
		[]string{"refusal"}, []string{"id", "safety", "retain"}},
	{"taste", "taste", "A toy: melodies whose quality is a formula that the learner does not " +
		"see, with simulated annotators. No person has judged anything.",
		[]string{"taste"}, []string{"id", "ood", "retain"}},
}

// Haves returns the words for what a person may have.
func Haves() []Have { return slices.Clone(haves) }

// Needs returns the words for what a person may need.
func Needs() []Need { return slices.Clone(needs) }

// Units returns the words for what a budget counts.
func Units() []Unit { return slices.Clone(units) }

// Applications returns the fields in which the question can be asked.
func Applications() []Application { return slices.Clone(applications) }

// Costs returns the costs that studies keep for the guide, such as "cost/flops".
func Costs() []string { return []string{costFLOPs, costDemos, costLabels, costChecks} }

func (h Have) name() string        { return h.Name }
func (n Need) name() string        { return n.Name }
func (u Unit) name() string        { return u.Name }
func (a Application) name() string { return a.Name }

// lookup returns the word of a name. The error names the nearest word and lists all.
func lookup[T interface{ name() string }](kind, name string, among []T) (word T, err error) {
	var names []string
	for _, one := range among {
		if one.name() == name {
			return one, nil
		}
		names = append(names, one.name())
	}
	return word, param.Unknown(kind, name, names)
}

// inputTitle returns an input in words.
func inputTitle(i Input) string {
	switch i {
	case RewardModel:
		return "a reward model, or labels to make one"
	default:
		h, _ := lookup("input", string(i), haves) // every other input has the name of a word
		return h.Title
	}
}
