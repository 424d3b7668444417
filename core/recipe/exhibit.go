package recipe

import (
	"path"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
)

// Exhibit is a preset recipe with what to think about before and after it.
type Exhibit struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Claim    string `json:"claim"`    // what the field says
	Cite     string `json:"cite"`     // who says it
	Counter  string `json:"counter"`  // who found otherwise
	Question string `json:"question"` // to predict before running: which lane ends higher in Decides?
	Decides  string `json:"decides"`  // the metric that answers it
	Beside   string `json:"-"`        // a metric that the one that decides is to be compared with; "" for none
	Doc      string `json:"doc"`      // what is run, and what to look at
	Why      string `json:"why"`      // how the field explains what is seen, with its source
	Link     string `json:"link"`     // the recipe, on a task

	Museum bool   `json:"museum"`          // one of the failures: its second lane is the first with one knob turned
	Sign   string `json:"sign"`            // of a failure, by which to recognise it; else ""
	Cure   string `json:"cure"`            // of a failure, the knob; else ""
	Scene  string `json:"scene,omitempty"` // of the page, to look at first; the race where it says nothing

	Next       []Change     `json:"-"` // what to change afterwards, see [Catalogue.Suggestions]
	Lanes      []string     `json:"-"` // short names of its lanes; nil: their methods'
	Hypotheses []Hypothesis `json:"-"` // what decides, over seeds, whether the claim holds here
}

// family is what the exhibit stands with when it stands apart.
func (e Exhibit) family() string {
	if e.Museum {
		return "Failure museum"
	}
	return ""
}

// About are the metrics that the exhibit is about: the one that decides it, the one to compare that with, and those that its sign names.
// What is measured anyway is not named as updates tell of it, too.
func (e Exhibit) About() (metrics []string) {
	words := strings.FieldsFunc(e.Sign, func(r rune) bool { return strings.ContainsRune(" \n,.;:()", r) })
	for _, name := range append([]string{e.Decides, e.Beside}, words...) {
		same := func(other string) bool { return path.Base(other) == path.Base(name) }
		if _, ok := eval.Define(name); ok && !slices.ContainsFunc(metrics, same) {
			metrics = append(metrics, name)
		}
	}
	return metrics
}

// File is where the results of an exhibit are kept, below this folder.
func (e Exhibit) File() string { return "results/" + e.Name + ".json" }
