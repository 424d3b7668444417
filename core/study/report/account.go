package report

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/analysis"
	"github.com/posttrain/posttrain/core/study/design"
)

// Account is what a study found, in words, for pages on which there is no room for a report.
type Account struct {
	Name     string           `json:"name"`
	Title    string           `json:"title"`
	Question string           `json:"question"`
	Summary  string           `json:"summary"` // how many claims had which outcome
	Found    string           `json:"found"`   // in a few sentences; "" if nobody has written them
	Verdicts []AccountVerdict `json:"verdicts"`
	Doc      []string         `json:"doc"`     // what is compared, and why so, in paragraphs
	Samples  string           `json:"samples"` // which bases and seeds were judged
}

// AccountVerdict is what became of a claim.
type AccountVerdict struct {
	Word  string `json:"word"`  // the outcome
	Claim string `json:"claim"` // with its source
	// what was measured, and what is to be known about it; "" if the study is not finished
	Text string `json:"text"`
}

// NewAccount returns what a study found. c is the catalogue that the study was parsed with.
func NewAccount(c *recipe.Catalogue, f *analysis.Findings) (Account, error) {
	a := Account{Name: f.Study.Name, Title: f.Study.Title, Question: f.Study.Question,
		Summary: Summary(f), Found: f.Study.Found,
		Samples: samples(f.Study)}
	for _, paragraph := range paragraphs(f.Study.Doc) {
		a.Doc = append(a.Doc, oneLine(paragraph))
	}
	if len(f.Missing) > 0 {
		for _, h := range f.Study.Hypotheses {
			a.Verdicts = append(a.Verdicts, AccountVerdict{Word: "not judged", Claim: claim(h)})
		}
		return a, nil
	}
	words, err := Words(c, f)
	if err != nil {
		return a, err
	}
	for _, w := range words {
		texts := w.Texts
		if w.Varies != "" {
			texts = append(texts[:len(texts):len(texts)], w.Varies)
		}
		a.Verdicts = append(a.Verdicts, AccountVerdict{Word: w.Word, Claim: oneLine(w.Claim),
			Text: oneLine(strings.Join(texts, " "))})
	}
	return a, nil
}

// paragraphs returns the paragraphs of a text; none of them is empty.
func paragraphs(text string) (all []string) {
	for paragraph := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		if paragraph != "" {
			all = append(all, paragraph)
		}
	}
	return all
}

// oneLine returns a text on one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// samples says which bases and seeds were judged.
func samples(s *design.Study) string {
	var texts []string
	for _, e := range s.Experiments {
		text := fmt.Sprintf("Judged in %s: seeds %s", e.Recipe, numbers(e.Seeds.Judge))
		if len(e.Bases.Judge) > 0 {
			text = fmt.Sprintf("Judged in %s: bases %s, each with seeds %s", e.Recipe,
				numbers(e.Bases.Judge), numbers(e.Seeds.Judge))
		}
		if len(e.Seeds.Tune) > 0 {
			text += ". Configs were chosen on "
			if len(e.Bases.Tune) > 0 {
				text += "bases " + numbers(e.Bases.Tune) + ", "
			}
			text += "seeds " + numbers(e.Seeds.Tune)
		}
		texts = append(texts, text+".")
	}
	return strings.Join(texts, " ")
}

func numbers(all []uint64) string {
	var texts []string
	for _, n := range all {
		texts = append(texts, fmt.Sprint(n))
	}
	return prose.List(texts)
}
