package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/article"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/analysis"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
	studyreport "github.com/posttrain/posttrain/core/study/report"
	"github.com/posttrain/posttrain/studies"
)

// checkedIn returns the path of a study's results that are checked in.
func checkedIn(name string) string {
	return filepath.Join("..", "..", "studies", "results", name+".jsonl.gz")
}

// registered returns a study of the program and what was registered of it.
func registered(t *testing.T, name string) (*design.Study, []design.Entry) {
	t.Helper()
	text, lock, err := studies.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := design.Parse(recipe.Standard(), text, design.Options{Large: true})
	if err != nil {
		t.Fatal(err)
	}
	entries, err := design.ParseLock(lock)
	if err != nil {
		t.Fatal(err)
	}
	return s, entries
}

// account is what a study of the program found.
type account struct {
	studyreport.Account
	findings *analysis.Findings
	judged   bool // there are results of it
}

// accounts returns what every study of the program found, by its results that are checked in. That
// locks are older than results is what another test holds.
func accounts(t *testing.T) (all []account) {
	t.Helper()
	c := recipe.Standard()
	for _, name := range studies.Names() {
		results, err := cells.ReadFile(checkedIn(name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		s, entries := registered(t, name)
		f, err := analysis.Judge(s, s.Standing(entries, nil), results)
		if err != nil {
			t.Fatal(err)
		}
		a, err := studyreport.NewAccount(c, f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, account{a, f, len(f.Missing) == 0})
	}
	return all
}

// holdFile holds a file to what it has to be. from says what it is made of.
func holdFile(t *testing.T, file, want, from string) {
	t.Helper()
	have, err := os.ReadFile(file)
	switch {
	case err == nil && string(have) == want:
	case *update:
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is not what %s: run make gen and commit the result (%v)", file, from, err)
	}
}

// resultsDocs holds docs/results.md, and the files from which the page tells what became of its
// exhibits, to the results of studies that are checked in.
func resultsDocs(t *testing.T, all []account) {
	const from = "the results show"
	docs := filepath.Join("..", "..", "docs")
	file := filepath.Join(docs, "results.md")
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := replacePart(t, string(page), "the verdicts", verdictsTable(all))
	holdFile(t, file, replacePart(t, want, "each study", resultsPage(all)), from)
	resultsPictures(t, all)
	for _, a := range all {
		if _, err := recipe.Standard().Exhibit(a.Name); err != nil {
			continue
		}
		text, err := cells.Encode(a.Account)
		if err != nil {
			t.Fatal(err)
		}
		holdFile(t, filepath.Join("..", "..", "studies", "exhibits", a.Name+".json"), string(text),
			from)
	}
}

// verdictsTable has a row for each study.
func verdictsTable(all []account) string {
	var page bytes.Buffer
	fmt.Fprint(&page, "| study | verdicts |\n|---|---|\n")
	var waiting []string
	for _, a := range all {
		if !a.judged {
			waiting = append(waiting, "`"+a.Name+"`")
			continue
		}
		fmt.Fprintf(&page, "| [%s](#%s): %s | %s |\n", a.Name, a.Name, article.Cell(a.Title),
			article.Cell(a.Summary))
	}
	if waiting != nil {
		fmt.Fprintf(&page, "\nNot run yet, or not checked in: %s.\n", prose.List(waiting))
	}
	return page.String()
}

// resultsPage tells what each study found.
func resultsPage(all []account) string {
	var page bytes.Buffer
	for _, a := range all {
		if a.judged {
			studyResults(&page, a.Account)
		}
	}
	return page.String()
}

// studied says in the page of exhibits what became of an exhibit's claims in the study of its name.
func studied(page *bytes.Buffer, exhibit string, all []account) {
	for _, a := range all {
		if a.Name != exhibit || !a.judged {
			continue
		}
		fmt.Fprintf(page, "\n**Studied on other bases.** %s %s [What is matched, and why "+
			"so](results.md#%s).\n\n", plain(whatWasFound(a.Account)), plain(a.Samples), exhibit)
		verdicts(page, a.Account)
	}
}

// whatWasFound returns what a study found, with how many of its claims had which outcome.
func whatWasFound(a studyreport.Account) string {
	return strings.TrimSpace(a.Found + " " + a.Summary)
}

// pictures are the figures of docs/results.md: files in docs/figures.
var pictures = []struct{ file, study, experiment, x, y string }{
	{"distance", "razor", "cards", "eval/id/kl_base_policy_nats", "eval/prior/accuracy"},
	{"kept", "razor", "cards", "eval/ood/accuracy", "eval/prior/accuracy"},
}

// resultsPictures holds the figures of docs/results.md to the results that they draw.
func resultsPictures(t *testing.T, all []account) {
	t.Helper()
	for _, p := range pictures {
		for _, a := range all {
			if a.Name != p.study {
				continue
			}
			svg, err := studyreport.Picture(recipe.Standard(), a.findings, p.experiment, p.x, p.y)
			if err != nil {
				t.Errorf("the figure %s: %v", p.file, err)
				continue
			}
			holdFile(t, filepath.Join("..", "..", "docs", "figures", p.file+".svg"), string(svg),
				"the results show")
		}
	}
}

// verdicts writes what became of the claims of a study.
func verdicts(page *bytes.Buffer, a studyreport.Account) {
	for _, v := range a.Verdicts {
		fmt.Fprintf(page, "- **%s**: %s %s\n", v.Word, plain(v.Claim), plain(v.Text))
	}
}

// studyResults writes what a study found.
func studyResults(page *bytes.Buffer, a studyreport.Account) {
	fmt.Fprintf(page, "\n## %s\n\n**%s**\n\n%s\n\n%s\n\n", a.Name, plain(a.Title),
		plain(a.Question), plain(whatWasFound(a)))
	verdicts(page, a)
	lead := "**What is compared, and why so.** "
	for _, paragraph := range a.Doc {
		fmt.Fprintf(page, "\n%s%s\n", lead, plain(paragraph))
		lead = ""
	}
	fmt.Fprintf(page, "\n%s\n", plain(a.Samples))
}

// plain returns a text as Markdown shows it: none of its signs is read as markup.
func plain(text string) string { return strings.ReplaceAll(text, "*", `\*`) }
