//go:build shots

package e2e

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/e2e/browser"
)

// Pictures of the page go to bin/shots, to be looked at; the one that the README shows is kept with
// the docs.
var (
	shots  = filepath.Join(tree, "bin", "shots")
	shown  = "done-1440-light.png"
	beside = filepath.Join(tree, "docs", "shots")
)

// widths has the widths of a desktop, a tablet and a telephone.
var widths = []browser.View{{Width: 1440, Height: 900}, {Width: 1024, Height: 768},
	{Width: 390, Height: 844}}

// What is seen at first, before the stage draws; then the first exhibit when it is done, what is in
// view and the whole page, and every scene of it; and what other exhibits begin with.
func TestShots(t *testing.T) {
	p := openLab(t, "")
	p.awaitRest()
	take(t, p, "first", false)

	p = openDrawn(t, firstExhibit)
	p.Show(widths[0])
	p.train(5 * time.Minute)
	take(t, p, "done", false)
	take(t, p, "lab", true)
	for _, tab := range browser.Eval[[]string](p.Page,
		"[...document.querySelectorAll('[role=tab]')].map((e) => e.id)")[1:] {
		p.Click("#" + tab)
		take(t, p, strings.TrimPrefix(tab, "tab-"), false)
	}
	for _, exhibit := range []string{"memorise", "parity", "entropy", "failure_collapse",
		"densities", "hacking"} {
		p = openDrawn(t, exhibit)
		p.train(5 * time.Minute)
		take(t, p, exhibit, false)
	}
}

// An exhibit as one file, opened from the disk, when it is done.
func TestShotsOneFile(t *testing.T) {
	p := openFile(t, onefile(t, "memorise"))
	p.Wait(time.Minute, "window.posttrain")
	p.Show(widths[0])
	p.train(5 * time.Minute)
	p.awaitStage()
	take(t, p, "onefile", false)
	take(t, p, "onefile-lab", true)
}

// Pages of the reference.
func TestShotsReference(t *testing.T) {
	p := lab{chromium.Open(t), t}
	for _, path := range []string{"index", "methods/index", "methods/grpo",
		"tasks/stories", "exhibits/memorise", "knobs/methods",
		"metrics", "glossary", "survey"} {
		p.visit("/reference/" + path + ".html")
		take(t, p, "reference-"+strings.ReplaceAll(path, "/", "-"), true)
	}
}

// The front door, each part of the finder, and the picture in full screen.
func TestShotsFinder(t *testing.T) {
	p := openDrawn(t, "")
	p.awaitRest()
	p.awaitStage()
	take(t, p, "door", false)
	for _, part := range []string{"gallery", "methods", "guide"} {
		p.Run("document.getElementById(" + quote(part) + ").click()")
		p.Wait(time.Minute, finderOpen+" && document.querySelector('.finder-body > *')")
		if part == "guide" {
			p.answered()
		}
		take(t, p, part, false)
		p.Press(kb.Escape)
		p.Wait(time.Minute, finderClosed)
	}
	p.Show(widths[0])
	p.Click("[data-place=wholePicture]")
	p.Wait(time.Minute, "document.fullscreenElement")
	time.Sleep(time.Second) // nothing tells when the stage has drawn its last
	keep(t, "whole-picture.png", p.Picture(false))
}

// The page of the guide: at first, with an answer, and with what is not measured.
func TestShotsGuide(t *testing.T) {
	host := plant(t, guide.Data{Studies: []guide.Study{planted()},
		Exhibits: recipe.Standard().ExhibitsByTask()})
	p := lab{chromium.Open(t), t}
	for _, shot := range [][2]string{{"start", ""},
		{"missing", "?have=nothing&need=ood,honesty&application=agents"},
		{"answer", "?need=id,ood,retain&budget=2e12flops&application=maths"}} {
		p.Go(host + "/guide.html" + shot[1])
		if shot[1] != "" {
			p.answered()
		}
		take(t, p, "guide-"+shot[0], true)
	}
	p.Show(browser.View{Width: 800, Height: 1100, Paper: true})
	keep(t, "guide-paper.png", p.Picture(true))
	p.visit("/guide.html?application=maths") // with the studies that there are
	p.answered()
	take(t, p, "guide", true)
}

// What became of an exhibit's claims on other bases, unfolded.
func TestShotsStudied(t *testing.T) {
	p := openDrawn(t, "memorise")
	p.train(5 * time.Minute)
	p.Wait(time.Minute, "document.querySelectorAll('details.study').length === 2")
	p.Run(`const open = () => {
			for (const d of document.querySelectorAll("details.study:not([open])")) d.open = true;
		};
		open();
		new MutationObserver(open).observe(document.body, { subtree: true, childList: true });`)
	take(t, p, "studied", true)
}

// Runs of a study from a file: the choice, and the lanes.
func TestShotsReplay(t *testing.T) {
	p := openDrawn(t, "")
	file, err := filepath.Abs(filepath.Join(tree, "studies", "results", "memorise.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	p.Upload("#replayed", file)
	p.reads("dialog.replay", "runs")
	take(t, p, "replay-choice", false)
	p.Click("dialog.replay .run")
	p.reads("[data-place=where]", "Replayed from")
	p.Wait(time.Minute, "document.querySelector('[data-place=verdict] .changes')")
	take(t, p, "replay", true)
}

// The shelf with two runs, one of them dashed behind the other.
func TestShotsShelf(t *testing.T) {
	p := openDrawn(t, unhurried)
	p.train(5 * time.Minute)
	p.Fill(".seed input", "7")
	p.Wait(time.Minute, "posttrain.link().includes('seed=7')")
	p.train(5 * time.Minute)
	p.kept(2)
	p.Run(`document.querySelector("[data-panel=shelf]").open = true`)
	take(t, p, "shelf", true)
}

// One step, slowly: every stage of an update of the first exhibit, and of a recipe with a method of
// each of four families.
func TestShotsAnatomy(t *testing.T) {
	for name, link := range map[string]string{"words": "", "families": families[0]} {
		p := openDrawn(t, link)
		p.Click("[data-place=slow]")
		p.Wait(5*time.Minute, "!document.querySelector('.walked')?.hidden && "+
			"[...document.querySelectorAll('.walk .lane')].every((c) => "+
			"c.querySelector('details.origin')) && posttrain.state().lanes.every((l) => l.digest)")
		for stage := range stages {
			takeAt(t, p, fmt.Sprintf("slowly-%s-%d", name, stage+1), ".walk")
			p.Run(`document.querySelector(".walk .stepper > :last-child").click()`)
		}
	}
}

// Be the annotator: where the exhibit leads to it, a pair to judge, all pairs judged by somebody
// who likes length, and what was learned from that.
func TestShotsAnnotate(t *testing.T) {
	p := openDrawn(t, "annotator")
	p.Click("[data-panel=annotate] > summary")
	p.Wait(time.Minute, "document.querySelector('.annotate .run')?.checkVisibility()")
	takeAt(t, p, "annotate-offer", ".annotate")
	p.Click(button("Judge pairs yourself"))
	p.atPair(1, 0)
	p.Run("document.querySelectorAll('.answer')[1].focus()")
	takeAt(t, p, "annotate-pair", ".annotate")
	p.Run(`for (let i = 0; i < 24; i++) {
			const [left, right] = [...document.querySelectorAll(".answer .response")];
			(left.innerText.length > right.innerText.length ? left : right).click();
		}`)
	takeAt(t, p, "annotate-judged", ".annotate")
	p.Click(button("Train on my judgements"))
	p.Wait(5*time.Minute,
		"posttrain.state().lanes.length === 2 && posttrain.state().lanes[1].step > 20")
	p.Run("posttrain.pause()")
	takeAt(t, p, "annotate-live", ".training")
	p.Run("posttrain.run()")
	p.Wait(5*time.Minute, "posttrain.state().done")
	p.reads(".learned", "without your labels")
	takeAt(t, p, "annotate-learned", ".live")
	take(t, p, "annotate-whole", true)
}

// takeAt takes pictures of the page scrolled to an element.
func takeAt(t *testing.T, p lab, name, selector string) {
	t.Helper()
	p.Run(`addEventListener("resize", () => setTimeout(() => ` +
		`document.querySelector(` + quote(selector) + `)?.scrollIntoView(), 300))`)
	p.Run(`document.querySelector(` + quote(selector) + `).scrollIntoView()`)
	take(t, p, name, false)
}

// The dial board: at a named method, with a position that no method has after a run, with one that
// cannot be trained, and for a method that has no position.
func TestShotsBoard(t *testing.T) {
	p := openDrawn(t, "memorise")
	p.train(5 * time.Minute)
	p.openBoard()
	p.reads(".says", "This is GRPO")
	take(t, p, "board-named", true)
	p.turn("advantage", "leave_one_out")
	p.turn("limit", "cap")
	p.train(5 * time.Minute)
	p.Wait(time.Minute, "document.querySelector('[data-place=verdict] .changes')")
	take(t, p, "board-unnamed", true)
	p.turn("source", "demos")
	p.reads("[data-dial=advantage] .complaint", "compares sampled answers")
	take(t, p, "board-refused", true)
	p = openDrawn(t, "cards?lane=dpo&lane=grpo~sft")
	p.openBoard()
	p.Click("#board-tab-0")
	p.reads(".says", "DPO has no position")
	p.Run("document.querySelector('.apart').open = true")
	take(t, p, "board-apart", true)
}

// Warning signs, one with its explanation open.
func TestShotsSignals(t *testing.T) {
	for _, exhibit := range []string{"failure_groups", "failure_collapse"} {
		p := openDrawn(t, exhibit)
		p.train(5 * time.Minute)
		p.reads(".signals", "Warning signs")
		take(t, p, "signals-"+exhibit, true)
		p.Run(`document.querySelector(".signal details").open = true`)
		takeAt(t, p, "signals-open-"+exhibit, ".signals")
	}
}

// The lab in German, whose words are longer: at first, after a run, with what opens below, and the
// finder.
func TestShotsGerman(t *testing.T) {
	p := openGerman(t, "/de/")
	p.awaitRest()
	take(t, p, "german-door", false)
	p = openGerman(t, "/de/#memorise")
	p.train(5 * time.Minute)
	p.Run(`for (const d of document.querySelectorAll("details:not(.walk)")) d.open = true`)
	p.Wait(time.Minute, "document.querySelector('[data-place=verdict] .changes')")
	take(t, p, "german", true)
	for _, part := range []string{"gallery", "methods", "guide"} {
		p.Run("document.getElementById(" + quote(part) + ").click()")
		p.Wait(time.Minute, finderOpen+" && document.querySelector('.finder-body > *')")
		take(t, p, "german-"+part, false)
		p.Press(kb.Escape)
		p.Wait(time.Minute, finderClosed)
	}
	p = openGerman(t, "/de/")
	p.Click("[data-place=slow]")
	p.Wait(5*time.Minute, "[...document.querySelectorAll('.walk .lane')].every((c) => "+
		"c.querySelector('details.origin'))")
	p.Run(`document.querySelector(".walk").scrollIntoView()`)
	take(t, p, "german-slowly", false)
}

// take keeps pictures at all widths, in light and in dark, of the whole page or of what is in view.
func take(t *testing.T, p lab, name string, whole bool) {
	t.Helper()
	for _, view := range widths {
		for _, theme := range []string{"light", "dark"} {
			view.Dark, view.Calm = theme == "dark", true
			p.Show(view)
			time.Sleep(time.Second) // nothing tells when the stage has drawn its last
			keep(t, fmt.Sprintf("%s-%d-%s.png", name, view.Width, theme), p.Picture(whole))
		}
	}
}

// keep writes a picture as small as PNG allows.
func keep(t *testing.T, name string, shot []byte) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out,
		indexed(img)); err != nil {
		t.Fatal(err)
	}
	dirs := []string{shots}
	if name == shown {
		dirs = append(dirs, beside)
	}
	for _, dir := range dirs {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// indexed returns a picture in 256 of its colours, the frequent and the strong ones: the page has
// few, and the edges of letters can do without theirs.
func indexed(img image.Image) image.Image {
	counts := map[color.RGBA]int{}
	b := img.Bounds()
	at := func(x, y int) color.RGBA {
		c := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
		return color.RGBA{c.R &^ 3, c.G &^ 3, c.B &^ 3, 255} // nobody sees a sixty-fourth
	}
	exact := map[color.RGBA]color.Color{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := at(x, y)
			counts[c] += 4 + int(max(c.R, c.G, c.B)-min(c.R, c.G, c.B))
			exact[c] = img.At(x, y)
		}
	}
	frequent := slices.SortedFunc(maps.Keys(counts), func(p, q color.RGBA) int {
		return cmp.Or(counts[q]-counts[p], cmp.Compare(uint32(p.R)<<16|uint32(p.G)<<8|uint32(p.B),
			uint32(q.R)<<16|uint32(q.G)<<8|uint32(q.B)))
	})
	var palette color.Palette
	for _, c := range frequent[:min(256, len(frequent))] {
		palette = append(palette, exact[c])
	}
	nearest := map[color.RGBA]uint8{}
	out := image.NewPaletted(b, palette)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := at(x, y)
			if _, known := nearest[c]; !known {
				nearest[c] = uint8(palette.Index(exact[c]))
			}
			out.SetColorIndex(x, y, nearest[c])
		}
	}
	return out
}

// Labs in a page of another origin: the compact form before it is started and when it is done, and
// one with words of its own and few panels.
func TestShotsFramed(t *testing.T) {
	p := openHost(t)
	p.Go(hostPage(t, `<meta name="viewport" content="width=device-width">
		<style>:root { color-scheme: light dark } body { margin: 0 auto; padding: 16px; max-width: 900px; font: 18px sans-serif; background: light-dark(#fff, #191919) }</style>
		<h1>Lecture 5</h1>
		<posttrain-lab link="memorise" title="Two ways to learn a rule" view="compact" question="Who will be better at rule B?"></posttrain-lab>
		<p>And another one, as it is handed out.</p>
		<posttrain-lab link="cards?lane=sft,steps=40&amp;hide=recipe,intro,cost,field,dials,slowly,shelf,share,try" view="compact" picture="200"></posttrain-lab>
		<posttrain-lab link="razor?hide=recipe,dials,cost,field,shelf,slowly,share,try,score,signals" title="What is forgotten?" text="Train four copies of one model, and look at sorting, which none of them practises."></posttrain-lab>
		<script src="SITE/posttrain-lab.js"></script>
		<script>globalThis.labs = [...document.querySelectorAll("posttrain-lab")];
			globalThis.over = []; labs.forEach((l, i) => l.addEventListener("done", () => { over[i] = true; }));</script>`))
	p.Wait(time.Minute, "labs.every((l) => l.clientHeight > 0 && l.clientHeight !== 430)")
	take(t, p, "framed-card", true)
	p.Run("for (const l of labs) l.run()")
	p.Wait(5*time.Minute, "over[0] && over[1] && over[2]")
	time.Sleep(2 * time.Second) // nothing tells when the stages have drawn their last
	takeAt(t, p, "framed-done", "h1")
	takeAt(t, p, "framed-words", "posttrain-lab:last-of-type")
}

// A lesson: at first, at every step when its goal is reached, and at its end.
func TestShotsLesson(t *testing.T) {
	p := openLesson(t, "memorise")
	take(t, p, "lesson-first", false)
	v := visitor{p, false}
	for _, s := range lessonNamed(t, "memorise").Steps {
		if s.Goal != nil {
			v.reaches(s)
		}
		p.Wait(5*time.Minute, "document.querySelector('"+next+"')?.disabled === false")
		take(t, p, "lesson-"+s.ID, false)
		v.use(next)
	}
	take(t, p, "lesson-end", false)
}

// The builder: an exercise, a lesson, and one with a line that is wrong.
func TestShotsBuilder(t *testing.T) {
	p := openBuilder(t, "memorise")
	take(t, p, "build-exercise", false)
	p.Run("document.querySelector('.builder details').open = true")
	p.Click("#build-lesson")
	p.reads("#build-state", "a lesson with")
	p.Run("document.querySelectorAll('.steps details')[3].open = true")
	take(t, p, "build-lesson", false)
	takeAt(t, p, "build-steps", ".steps")
	p.Run(`const source = document.querySelector("#build-source"); source.focus(); source.setSelectionRange(0, 0)`)
	p.Press("x")
	p.reads("#build-state", "ine 1")
	takeAt(t, p, "build-wrong", "#build-state")
}
