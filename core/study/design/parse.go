package design

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
)

const (
	// MostCells is how many cells a study can have unless [Options] allow more.
	MostCells = 100_000

	mostCellsEver = 2_000_000
)

// Options are the options of [Parse].
type Options struct {
	Large bool // accept more than MostCells cells
}

// Parse reads the file of a study. The error says what is wrong in one sentence, with the line and
// the column of it, and what would be accepted.
func Parse(c *recipe.Catalogue, text []byte, o Options) (*Study, error) {
	p := &studyReader{reader: &reader{}, catalogue: c, study: &Study{}}
	root := p.document(text, maxFile)
	if p.err == errEmpty {
		return nil, fmt.Errorf("%w: want a study, with a name, a question and experiments", p.err)
	}
	if p.err == nil {
		p.readStudy(root)
	}
	if p.err == nil {
		p.makeCells(o)
	}
	if p.err != nil {
		return nil, p.err
	}
	return p.study, nil
}

// studyReader reads a study and has what later parts of the file are checked against.
type studyReader struct {
	*reader
	catalogue *recipe.Catalogue
	study     *Study
	recipes   []*recipe.Recipe // without lanes, in the order of the experiments
	nodes     []ast.Node       // of the experiments
}

func (p *studyReader) readStudy(root ast.Node) {
	f := p.fields(root, "a study", "name", "title", "question", "doc", "found", "experiments",
		"hypotheses", "analysis")
	s := p.study
	s.Name, s.Hypotheses = f.name(), []Hypothesis{} // in JSON an empty list
	f.text("title")
	f.text("question")
	s.Title, s.Question, s.Doc = f.sentence("title"), f.sentence("question"), f.optional("doc")
	s.Found = f.sentence("found")
	for _, n := range f.list("experiments") {
		p.experiment(n)
	}
	if p.err == nil {
		p.checkParts(f)
	}
	if f.has("hypotheses") {
		for _, n := range f.list("hypotheses") {
			p.hypothesis(n)
		}
	}
	p.analysis(f)
}

// analysis reads how hypotheses are judged.
func (p *studyReader) analysis(study fields) {
	a := &p.study.Analysis
	*a = Analysis{Resamples: 2000, Level: 0.95, Correction: Holm}
	if p.err != nil || !study.has("analysis") {
		return
	}
	f := p.fields(study.values["analysis"], "an analysis", "resamples", "level", "correction")
	if f.has("resamples") {
		n, err := strconv.Atoi(f.text("resamples"))
		if a.Resamples = n; err != nil || n < 100 || n > 1_000_000 {
			f.fail("resamples", "resamples: want a whole number from 100 to 1000000")
		}
	}
	if f.has("level") {
		if a.Level = f.number("level"); !(a.Level >= 0.5 && a.Level < 1) {
			f.fail("level", "level: want a number from 0.5 to below 1, such as 0.95")
		}
	}
	if f.has("correction") {
		a.Correction = f.text("correction")
		if known := []string{Holm, NoCorrection}; !slices.Contains(known, a.Correction) {
			f.fail("correction", "%w", param.Unknown("correction", a.Correction, known))
		}
	}
}

// number returns the number of a key that must be there.
func (f fields) number(key string) float64 {
	text := f.text(key)
	x, err := strconv.ParseFloat(text, 64)
	if f.err == nil && (err != nil || math.IsNaN(x) || math.IsInf(x, 0) ||
		strings.ContainsAny(text, "_xX")) {
		f.fail(key, "%s: %s is not a number", key, param.Quote(text))
	}
	return x
}

// checkParts refuses a base or a seed that is in the tuning part of one experiment and in the
// judged part of another or of the same.
func (p *studyReader) checkParts(f fields) {
	for _, kind := range []struct {
		name string
		of   func(Experiment) Split
	}{
		{"base", func(e Experiment) Split { return e.Bases }},
		{"seed", func(e Experiment) Split { return e.Seeds }},
	} {
		tuned := map[uint64]string{}
		for _, e := range p.study.Experiments {
			for _, x := range kind.of(e).Tune {
				tuned[x] = e.Name
			}
		}
		for i, e := range p.study.Experiments {
			for _, x := range kind.of(e).Judge {
				if other, both := tuned[x]; both {
					p.failAt(p.nodes[i], "%s %d is judged in experiment %s and tuned on in "+
						"experiment %s: want other %ss for tuning, since what was chosen with a "+
						"%s cannot be judged with it", kind.name, x, e.Name, other, kind.name,
						kind.name)
				}
			}
		}
	}
}

// makeCells makes the cells of all experiments.
func (p *studyReader) makeCells(o Options) {
	most, total := MostCells, 0
	if o.Large {
		most = mostCellsEver
	}
	for _, e := range p.study.Experiments {
		total += e.count(mostCellsEver)
	}
	switch {
	case total > mostCellsEver:
		p.err = fmt.Errorf("the study has more than %d cells: want fewer configs, bases or seeds",
			mostCellsEver)
		return
	case total > most:
		p.err = fmt.Errorf("the study has %d cells: more than %d need --yes", total, most)
		return
	}
	first := map[string]Cell{} // by link
	for i, e := range p.study.Experiments {
		cells, err := e.makeCells(p.recipes[i])
		if err != nil {
			p.failAt(p.nodes[i], "experiment %s: %w", e.Name, err)
			return
		}
		for _, c := range cells {
			if other, twice := first[c.Link]; twice {
				p.failAt(p.nodes[i], "arm %s/%s has the config %s, which arm %s/%s has too on the "+
					"same base with the same seed: want every run in one arm", c.Experiment, c.Arm,
					c.Config, other.Experiment, other.Arm)
				return
			}
			first[c.Link] = c
		}
		p.study.cells = append(p.study.cells, cells...)
	}
	if len(p.study.cells) == 0 {
		p.err = errors.New("the study has no cells")
	}
}
