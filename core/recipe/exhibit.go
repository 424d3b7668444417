package recipe

import (
	"path"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
)

// Exhibit is a recipe that tests a claim, with texts to read before and after it is run.
type Exhibit struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Group   Group  `json:"group"`   // where lists of exhibits have it
	Asks    string `json:"asks"`    // its question in a few words, for lists of exhibits
	Claim   string `json:"claim"`   // from the literature
	Cite    string `json:"cite"`    // source of the claim
	Counter string `json:"counter"` // what speaks against the claim, with sources
	// asked before the run: which lane will end with the higher value of Decides?
	Question string `json:"question"`
	Decides  string `json:"decides"` // the metric that answers Question
	Beside   string `json:"-"`       // a metric to compare Decides with; "" means none
	Doc      string `json:"doc"`     // what is run, and what to look at
	Why      string `json:"why"`     // an explanation from the literature, with its source
	Link     string `json:"link"`    // its name is that of a task

	// Museum means that the exhibit shows a failure and its cure: the second lane differs from the
	// first in one knob, which prevents the failure.
	Museum bool   `json:"museum"`
	Sign   string `json:"sign"` // how to recognise the failure; "" unless Museum
	Cure   string `json:"cure"` // the knob that prevents the failure; "" unless Museum

	Scene string `json:"scene,omitempty"` // the scene that the page shows first; "" means the race

	Next       []Change     `json:"-"` // what to try afterwards, see [Catalogue.Suggestions]
	Lanes      []string     `json:"-"` // names of its lanes; nil means those of their methods
	Hypotheses []Hypothesis `json:"-"` // decide, over seeds, whether the claim holds here
}

// Group is a kind of exhibits, by its title.
type Group string

// The groups of exhibits.
const (
	GroupMemory      Group = "Memory and forgetting"
	GroupReasoning   Group = "Reasoning"
	GroupPreferences Group = "Preferences and safety"
	GroupCost        Group = "Cost"
	GroupFailures    Group = "When it fails"
)

// Groups returns the groups in the order in which they are listed.
func Groups() []Group {
	return []Group{GroupMemory, GroupReasoning, GroupPreferences, GroupCost, GroupFailures}
}

// family returns the group in the menu that the exhibit belongs to, or "" if it belongs to none.
func (e Exhibit) family() string {
	if e.Museum {
		return "Failure museum"
	}
	return ""
}

// About returns the metrics that the exhibit is about: Decides, Beside, and those that Sign names.
// Of several metrics for the same quantity, such as eval/id/entropy_nats and train/entropy_nats, it
// returns the first alone.
func (e Exhibit) About() (metrics []string) {
	words := strings.FieldsFunc(e.Sign,
		func(r rune) bool { return strings.ContainsRune(" \n,.;:()", r) })
	for _, name := range append([]string{e.Decides, e.Beside}, words...) {
		sameQuantity := func(other string) bool { return path.Base(other) == path.Base(name) }
		if _, ok := eval.Define(name); ok && !slices.ContainsFunc(metrics, sameQuantity) {
			metrics = append(metrics, name)
		}
	}
	return metrics
}

// File returns the path of the exhibit's results, relative to the folder of this package.
func (e Exhibit) File() string { return "results/" + e.Name + ".json" }
