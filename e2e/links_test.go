package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// openRefused opens the lab with a link that is refused.
func openRefused(t *testing.T, path string) lab {
	t.Helper()
	p := lab{chromium.Again(t), t}
	p.visit(path)
	p.Wait(time.Minute, "window.posttrain && document.querySelector('main.refused .refusal')")
	return p
}

// write puts a text with line breaks into a field.
func (p lab) write(selector, text string) {
	p.t.Helper()
	p.Wait(time.Minute, "document.querySelector("+quote(selector)+")")
	p.Run("document.querySelector(" + quote(selector) + ").value = " + quote(text))
}

// A link that is refused leaves nothing but the sentence and the link, in the lab as in a course
// page, until it is repaired.
func TestARefusedLinkShowsNothingElse(t *testing.T) {
	const typo = "cards?lane=sft,stepz=40"
	for _, page := range []string{"/embed.html", "/"} {
		p := openRefused(t, page+"#"+typo)
		for link, says := range map[string]string{
			typo:                        `Lane "sft,stepz=40": method sft: unknown setting "stepz": did you mean steps?`,
			"memorize":                  "did you mean memorise?",
			"cards?lane=sft&scene=plan": "Scene=plan: expected one of race, ",
			"cards?lane=sft&hide=costs": "Hide=costs: expected one of ",
			"cards?lane=sft,steps=1...": "so a part of it is missing",
			"<img src=x onerror=1>?v=1": "Unknown exhibit or task",
		} {
			p.Run("location.hash = " + quote(link))
			p.reads(".refusal", says)
			p.Wait(time.Minute, "decodeURI(document.querySelector('.refusal "+
				"textarea').value) === "+quote(link)+" && decodeURI(location.hash) === '#' + "+
				quote(link))
		}
		if shown := browser.Eval[string](p.Page,
			`[...document.querySelectorAll("main > *")].filter((e) => e.checkVisibility()).map((e) => e.className).join()`); shown != "refusal" {
			t.Errorf("%s: beside the sentence it shows %s", page, shown)
		}
		p.Run("posttrain.run(); posttrain.step(1); posttrain.reset()")
		if s := p.state(); len(s.Lanes) > 0 || s.Running || p.link() != "" {
			t.Errorf("%s: with nothing open the link is %q and the state %+v", page, p.link(), s)
		}
		p.Fill(".refusal textarea", "cards?lane=gpro")
		p.reads(".refusal", "did you mean grpo?")
		p.write(".refusal textarea", " “"+strings.ReplaceAll(short, ",", ",\n")+"”.")
		p.Click(button("Open"))
		p.Wait(time.Minute, "posttrain.link().includes('steps=3') && location.hash === '#' + "+
			"posttrain.link()")
		if browser.Eval[bool](p.Page, "document.querySelector('.refused, .refusal') || "+
			"document.querySelector('button.run').disabled") {
			t.Errorf("%s: the repaired link does not open as others do", page)
		}
		p = openRefused(t, page+"#"+typo)
		p.Click(button("Open the first exhibit"))
		p.Wait(time.Minute, "posttrain.link().startsWith('"+firstExhibit+"?') && "+
			"!document.querySelector('.refused, .refusal')")
	}
}

// The page's own keys of a link stay in it, and in effect, through every change, and a tab that was
// chosen stays.
func TestPageKeysStay(t *testing.T) {
	p := lab{chromium.Again(t), t}
	p.visit("/embed.html#" +
		"cards%3Flane%3Dsft%2C%20steps%3D20%26amp%3Bscene=plane&hide=cost,field,%0Aanswers&eval_prompts=16&utm_source=mail.")
	p.Wait(time.Minute, "window.posttrain")
	check := func(when, tab string) {
		t.Helper()
		link := p.link()
		if !strings.HasSuffix(link, "&hide=cost,field,answers&scene=plane") ||
			browser.Eval[string](p.Page, "location.hash") != "#"+link {
			t.Errorf("%s the link is %s", when, link)
		}
		if given := browser.Eval[string](p.Page,
			"document.querySelector('#copy-link').value"); !strings.HasSuffix(given, "/#"+link) {
			t.Errorf("%s the link to copy is %s", when, given)
		}
		if shown := browser.Eval[string](p.Page,
			`[...document.querySelectorAll("[data-panel]")].filter((e) => e.checkVisibility()).map((e) => e.dataset.panel).join()`); strings.Contains(shown, "cost") || strings.Contains(shown, "answers") || !strings.Contains(shown, "share") {
			t.Errorf("%s the panels are %s", when, shown)
		}
		if got := browser.Eval[string](p.Page,
			"document.querySelector('[role=tab][aria-selected=true]').id"); got != tab {
			t.Errorf("%s the picture is %s, want %s", when, got, tab)
		}
	}
	check("at first", "tab-plane")
	p.Fill(`[data-path="0/0/steps"] input`, "40")
	p.Wait(time.Minute, "posttrain.link().includes('steps=40')")
	check("after a change", "tab-plane")
	p.Click("#tab-race")
	p.Fill(".seed input", "7")
	p.Wait(time.Minute, "posttrain.link().includes('seed=7')")
	p.Click(button("Add a lane"))
	p.Wait(time.Minute, "posttrain.state().lanes.length === 2")
	check("with another seed and lane", "tab-race")
	p.Run("await posttrain.load(posttrain.link())")
	check("opened again", "tab-plane")
}

// A link that names rows waits for them, says so where they can be brought, and takes no others for
// them. Few rows are in the link from then on.
func TestALinkWaitsForItsData(t *testing.T) {
	const rows = "prompt,answer\nA1234=,0\nA2345=,\nA3456=,8\nA4567=,\nA5678=,6\n"
	folder := t.TempDir()
	file := filepath.Join(folder, "rows.csv")
	if err := os.WriteFile(file, []byte(rows), 0o644); err != nil {
		t.Fatal(err)
	}
	first := openLab(t, short)
	first.Run("document.querySelector('[data-path=data]').open = true")
	first.write("#data-text", rows)
	first.Click(button("Train on it"))
	first.Wait(time.Minute, "posttrain.link().includes('&rows=')")
	sent := first.link()
	digests := first.train(time.Minute)
	named, _, _ := strings.Cut(sent, "&rows=")
	if command := browser.Eval[string](first.Page,
		"document.querySelector('#copy-command').value"); command != "posttrain run '"+sent+"'" {
		t.Errorf("with few rows the command is %s", command)
	}

	p := lab{chromium.Again(t), t}
	p.visit("/#" + named)
	p.Wait(time.Minute, "window.posttrain && document.activeElement.id === 'data-file'")
	p.reads(".notice", "which is not here: bring the file of rows")
	p.visit("/#" + strings.Replace(named, "v=2", "v=1", 1)) // one notice does not hide the other
	p.reads(".notice", "which is not here: bring the file of rows")
	p.reads(".notice", "made with engine 1")
	p.visit("/#" + named)
	p.Wait(time.Minute, "posttrain.link() === "+quote(named)+
		" && document.activeElement.id === 'data-file'")
	p.Run("posttrain.run()")
	if held := browser.Eval[bool](p.Page, "document.querySelector('button.run').disabled && "+
		"posttrain.state().lanes.length === 0"); !held {
		t.Error("it can be run without its rows")
	}
	if text := browser.Eval[string](p.Page, "document.body.innerText"); strings.Contains(text,
		"orker") || !strings.Contains(text, "Run waits for the data set") {
		t.Errorf("it says %s", text)
	}
	if command := browser.Eval[string](p.Page,
		"document.querySelector('#copy-command').value"); command != "posttrain run '"+named+
		"' --data FILE.csv" {
		t.Errorf("the command is %s", command)
	}
	p.write("#data-text", strings.Replace(rows, "A2345=,\n", "", 1))
	p.Click(button("Train on it"))
	p.reads(".notice .complaint", "These rows are the data set ")
	if p.link() != named {
		t.Errorf("other rows are taken without a word: %s", p.link())
	}
	p.Upload("#data-file", file)
	p.Wait(time.Minute, "document.querySelector('.notice').hidden && "+
		"!document.querySelector('button.run').disabled")
	if p.link() != sent {
		t.Errorf("with its rows the link is %s, want %s", p.link(), sent)
	}
	equal(t, p.train(time.Minute), digests)

	p.Run("await posttrain.load(" +
		quote(named[:strings.Index(named, "&data=")]+"&data=0123456789ab"+
			named[strings.Index(named, "&lane"):]) + ")")
	p.write("#data-text", rows)
	p.Click(button("Train on it"))
	p.Click(button("Take these as another experiment"))
	p.Wait(time.Minute, "posttrain.link() === "+quote(sent))
	equal(t, native(t, sent), digests)
}
