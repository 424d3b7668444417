package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/analysis"
	"github.com/posttrain/posttrain/core/study/design"
)

// Options has what a report says beside the findings.
type Options struct {
	Catalogue *recipe.Catalogue // the one that the study was parsed with
	Site      string            // address of a playground to link to; "" for none
	Program   string            // version of the program
	Engine    int
	Plan      string // digest of the plan, see cells.Plan
	Results   string // sha256 of the file with the results
	History   string // why it is not known what came first, as a sentence; "" if it is known
}

// page is a report in the making.
type page struct {
	Options
	found   *analysis.Findings
	names   names
	figures int
	rows    map[string]string // ids of the rows of configs and runs

	Study       *design.Study
	Doc         []string
	Summary     string
	CSS         template.CSS
	Missing     table
	Claims      []claimView // of a study that is not judged
	Verdicts    []verdictView
	Limits      []string
	Experiments []experimentView
	Costs       table
	Runs        table
	Facts       [][2]string
	Digests     table
}

// claimView is a hypothesis without a verdict.
type claimView struct{ Claim, Decides string }

// verdictView is a hypothesis with its verdict.
type verdictView struct {
	Sentences
	Class   string // of its colour
	State   design.State
	Decides string
	Details []string
	Tuned   table
	Figure  figure
}

// experimentView is what is shown of an experiment.
type experimentView struct {
	design.Experiment
	Title   string
	Key     []keyEntry
	Figures []figure
	Curves  []figure
	Targets table
	Configs table
}

// keyEntry says how an arm is drawn.
type keyEntry struct {
	Sign  template.HTML
	Title string
}

// table is a table. The first cells of a row may have an id and a command.
type table struct {
	Caption string
	Head    []string
	Rows    []tableRow
}

type tableRow struct {
	ID      string
	Cells   []string
	Command string // in a terminal; "" for none
	Href    string // in the playground; "" for none
}

//go:embed report.html
var pageText string

//go:embed report.css
var pageStyle string

// Write writes the report as an HTML file.
func Write(w io.Writer, f *analysis.Findings, o Options) error {
	n, err := newNames(o.Catalogue, f.Study)
	if err != nil {
		return err
	}
	p := &page{Options: o, found: f, names: n, rows: map[string]string{}, Study: f.Study,
		Doc: paragraphs(f.Study.Doc), Summary: Summary(f), CSS: template.CSS(pageStyle)}
	p.Facts = p.facts()
	if len(f.Missing) > 0 {
		p.unfinished()
	} else if err := p.finished(); err != nil {
		return err
	}
	t, err := template.New("report").Parse(pageText)
	if err != nil {
		return err
	}
	return t.Execute(w, p)
}

// unfinished fills the page of a study that has no verdicts yet.
func (p *page) unfinished() {
	for _, h := range p.Study.Hypotheses {
		p.Claims = append(p.Claims, claimView{claim(h), h.Words()})
	}
	p.Missing = p.missing()
}

// finished fills the page of a study that is judged.
func (p *page) finished() error {
	p.nameRows() // gives rows their ids, which figures lead to
	sentences, err := Words(p.Catalogue, p.found)
	if err != nil {
		return err
	}
	for i, v := range p.found.Verdicts {
		p.Verdicts = append(p.Verdicts, p.verdict(v, sentences[i]))
	}
	for _, e := range p.Study.Experiments {
		p.Experiments = append(p.Experiments, p.experiment(e))
	}
	p.Limits = p.limits()
	p.Costs, p.Runs, p.Digests = p.costTable(), p.runTable(), p.digests()
	return nil
}

// nameRows gives the rows of configs and runs their ids.
func (p *page) nameRows() {
	for _, c := range p.Study.Cells() {
		key := configKey(design.ArmName{Experiment: c.Experiment, Arm: c.Arm}, c.Config)
		if p.rows[key] == "" {
			p.rows[key] = fmt.Sprintf("config-%d", len(p.rows)+1)
		}
		p.rows[c.Link] = "run-" + c.ID()[:12]
	}
}

func configKey(a design.ArmName, config string) string { return a.String() + " " + config }

// ofConfig returns where a point of a config leads.
func (p *page) ofConfig(a design.ArmName, config string) string {
	if runs := p.found.Runs(a, config, design.Judge); p.Site != "" && len(runs) > 0 {
		return p.Site + "#" + runs[0].Link
	}
	return "#" + p.rows[configKey(a, config)]
}

// ofRun returns where a point of a run leads.
func (p *page) ofRun(link string) string {
	if p.Site != "" {
		return p.Site + "#" + link
	}
	return "#" + p.rows[link]
}

// command returns the command that computes a link.
func command(link string) string { return "posttrain run '" + link + "'" }

// href returns the address of a link in the playground, and "" if there is none.
func (p *page) href(link string) string {
	if p.Site == "" {
		return ""
	}
	return p.Site + "#" + link
}

// figure returns the start of a figure, with an id of its own.
func (p *page) figure(title, text string) figure {
	p.figures++
	return figure{ID: fmt.Sprintf("figure-%d", p.figures), Title: title, Text: text}
}

// verdict returns what is shown of a hypothesis.
func (p *page) verdict(v analysis.Verdict, s Sentences) verdictView {
	view := verdictView{Sentences: s, State: v.State, Decides: v.Words(),
		Class: strings.ReplaceAll(word(v), " ", "-")}
	if v.Law != nil {
		view.Details, view.Figure = p.names.lawDetails(v), p.scatter(v)
		return view
	}
	view.Details, view.Tuned, view.Figure = p.names.details(v), p.tuned(v), p.strip(v)
	return view
}

// experiment returns what is shown of an experiment.
func (p *page) experiment(e design.Experiment) experimentView {
	view := experimentView{Experiment: e, Title: p.names.recipes[e.Name].Task.Title,
		Figures: p.frontiers(e), Curves: p.curves(e), Targets: p.targets(e),
		Configs: p.configs(e)}
	for i, a := range e.Arms {
		view.Key = append(view.Key, keyEntry{keySign(i, true, true), a.Title})
	}
	return view
}

// keySign draws the line and the sign of an arm, as far as they are asked for.
func keySign(arm int, line, point bool) template.HTML {
	width := vg.Length(12)
	if line {
		width = 34
	}
	canvas := vgsvg.New(width, 12)
	c := draw.NewCanvas(canvas, width, 12)
	if line {
		c.StrokeLine2(draw.LineStyle{Color: inkOf(arm), Width: 1.8, Dashes: dashes(arm)}, 1, 6, 33,
			6)
	}
	if point {
		c.DrawGlyph(draw.GlyphStyle{Color: inkOf(arm), Radius: 4, Shape: sign(arm)},
			vg.Point{X: width / 2, Y: 6})
	}
	var b strings.Builder
	canvas.WriteTo(&b) // a builder takes all of it
	_, inner, _ := strings.Cut(b.String(), "xlink\">")
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %v 12" style="width:%vpx;height:12px" `+
		`aria-hidden="true">`, float64(width), float64(width)) + themed(inner))
}
