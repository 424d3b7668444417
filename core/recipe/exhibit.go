package recipe

import (
	"path"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
)

// Exhibit is a preset recipe about a claim, with texts for before and after the run.
type Exhibit struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Claim   string `json:"claim"`   // from the literature
	Cite    string `json:"cite"`    // source of the claim
	Counter string `json:"counter"` // sources that found otherwise
	// to predict before running: which lane ends higher in Decides?
	Question string `json:"question"`
	Decides  string `json:"decides"` // the metric that answers it
	Beside   string `json:"-"`       // a metric to compare Decides with; "" for none
	Doc      string `json:"doc"`     // what is run, and what to look at
	Why      string `json:"why"`     // an explanation from the literature, with its source
	Link     string `json:"link"`    // the recipe, on a task

	// one of the failures: its second lane is the first with one knob turned
	Museum bool   `json:"museum"`
	Sign   string `json:"sign"`            // by which to recognise the failure; "" unless Museum
	Cure   string `json:"cure"`            // which knob prevents the failure; "" unless Museum
	Scene  string `json:"scene,omitempty"` // the scene that the page shows first; "" means the race

	Next       []Change     `json:"-"` // what to change afterwards, see [Catalogue.Suggestions]
	Lanes      []string     `json:"-"` // short names of its lanes; nil means their methods' names
	Hypotheses []Hypothesis `json:"-"` // decide, over seeds, whether the claim holds here
}

// family returns the group of the exhibit in the menu, and "" if it is among the ungrouped ones.
func (e Exhibit) family() string {
	if e.Museum {
		return "Failure museum"
	}
	return ""
}

// About returns the metrics that the exhibit is about: Decides, Beside, and those that its sign
// names. A metric of updates is left out if measurements have the same quantity.
func (e Exhibit) About() (metrics []string) {
	words := strings.FieldsFunc(e.Sign,
		func(r rune) bool { return strings.ContainsRune(" \n,.;:()", r) })
	for _, name := range append([]string{e.Decides, e.Beside}, words...) {
		same := func(other string) bool { return path.Base(other) == path.Base(name) }
		if _, ok := eval.Define(name); ok && !slices.ContainsFunc(metrics, same) {
			metrics = append(metrics, name)
		}
	}
	return metrics
}

// File returns the path of the exhibit's results, below the folder of this package.
func (e Exhibit) File() string { return "results/" + e.Name + ".json" }
