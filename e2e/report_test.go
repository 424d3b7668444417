package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/analysis"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/core/study/report"
	"github.com/posttrain/posttrain/e2e/browser"
)

// reported is a study that takes no network, so that it is computed at once.
const reported = `name: modes
title: One mode or both
question: Which arm leaves a mode of the target uncovered?
experiments:
  - name: modes
    recipe: densities?eval_every=5
    seeds: {tune: 11..12, judge: 1..5}
    arms:
      - name: sft
        title: Imitation of samples from the target density
        lane: sft,samples=20|40,steps=20
      - name: reinforce
        title: Reinforcement
        lane: reinforce,samples=20|40,steps=20
hypotheses:
  - name: covers
    says: Imitation covers more of the practised mode
    metric: eval/id/overlap
    higher: sft
    lower: reinforce
    by: 0
    choose: {highest: eval/id/overlap}
  - name: law
    says: What is gained on one mode is lost on the other
    law: {x: eval/id/overlap, y: eval/prior/overlap, arms: [sft, reinforce], below: 0}
`

// writeReport computes the study and writes its report into a file, whose address it returns.
func writeReport(t *testing.T) string {
	t.Helper()
	c := recipe.Standard()
	s, err := design.Parse(c, []byte(reported), design.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var results []cells.Result
	for _, cell := range s.Cells() {
		r, err := c.Parse(cell.Link)
		if err != nil {
			t.Fatal(err)
		}
		o, err := cells.Run(t.Context(), r, cells.Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, cells.NewResult(cell, o))
	}
	found, err := analysis.Judge(s, s.Standing(nil, nil), results)
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	o := report.Options{Catalogue: c, Site: address + "/"}
	if err := report.Write(&page, found, o); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, page.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return "file://" + file
}

// A report is read from a disk, by everybody, on any screen and on paper, and leads to the
// playground.
func TestReportOfAStudy(t *testing.T) {
	p := chromium.Open(t)
	p.Before(axe(t))
	file := writeReport(t)
	for _, view := range []browser.View{{Width: 1440, Height: 900}, {Width: 390, Height: 800},
		{Width: 390, Height: 800, Dark: true}, {Width: 1440, Height: 900, Dark: true},
		{Width: 700, Height: 900, Paper: true}} {
		p.Show(view)
		p.Go(file)
		if !view.Paper {
			p.Run(`for (const d of document.querySelectorAll("details")) d.open = true`)
		}
		if wide := browser.Eval[float64](p, "document.documentElement.scrollWidth"); wide >
			float64(view.Width) {
			t.Errorf("%+v: the page is %v wide", view, wide)
		}
		if cut := browser.Eval[string](p, `[...document.querySelectorAll("svg text")].filter((e) => {
			const a = e.getBoundingClientRect(), b = e.ownerSVGElement.getBoundingClientRect();
			return b.width > 0 && (a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1 || a.bottom > b.bottom + 1);
		}).map((e) => e.textContent).join("; ")`); cut != "" {
			t.Errorf("%+v: these words are cut off in figures: %s", view, cut)
		}
		if found := browser.Eval[[]string](p, violations("window")); len(found) > 0 {
			t.Errorf("%+v: %q", view, found)
		}
	}
	p.Show(browser.View{Width: 1280, Height: 900})
	p.Go(browser.Eval[string](p, `document.querySelector("svg a").href.baseVal`))
	p.Wait(time.Minute, `window.posttrain && location.hash.includes("densities")`)
}
