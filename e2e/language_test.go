//go:build verify || shots

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/posttrain/posttrain/e2e/browser"
)

// texts returns the texts of the page in a language, by section and key. A text with several forms
// has them all.
func texts(t *testing.T, tag string) map[string][]string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(tree, "site", "text", tag+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var sections map[string]map[string]any
	if err := json.Unmarshal(content, &sections); err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for section, keys := range sections {
		for key, text := range keys {
			switch text := text.(type) {
			case string:
				all[section+"."+key] = []string{text}
			case map[string]any:
				for _, form := range []string{"one", "other"} {
					all[section+"."+key] = append(all[section+"."+key], text[form].(string))
				}
			}
		}
	}
	return all
}

var (
	value = regexp.MustCompile(`\\\{\w+\\\}`)
	// words of the field that are the same in German, and so are at home in a German text
	alike = regexp.MustCompile(`^\W*(Prompt|Prompts|Seed|Material|Experiment)?\W*$`)
)

// untranslated returns a script that finds the texts of the page itself in a window that are in
// English although no element says so. Those with values are found if enough else is in them to
// tell them from texts of the core.
func untranslated(t *testing.T, window string) string {
	t.Helper()
	german := map[string]bool{}
	for _, forms := range texts(t, "de") {
		for _, form := range forms {
			german[strings.TrimSpace(form)] = true
		}
	}
	var patterns []string
	for _, forms := range texts(t, "en") {
		for _, form := range forms {
			form = strings.TrimSpace(form)
			plain := value.ReplaceAllString(regexp.QuoteMeta(form), "")
			tells := plain == regexp.QuoteMeta(form) || len(strings.Fields(plain)) > 3
			if german[form] || alike.MatchString(plain) || !tells {
				continue
			}
			patterns = append(patterns, value.ReplaceAllString(regexp.QuoteMeta(form), ".+"))
		}
	}
	all, err := json.Marshal(patterns)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(`(() => {
		const english = `+string(all)+`.map((p) => new RegExp("^" + p + "$", "s"));
		const found = new Set();
		const look = (element, text) => {
			const said = (text ?? "").trim();
			if (said && !element.closest("[lang=en]") && english.some((e) => e.test(said))) found.add(said);
		};
		for (const e of window.document.querySelectorAll("body *")) {
			if (["SCRIPT", "STYLE", "TEMPLATE"].includes(e.tagName)) continue;
			for (const name of ["aria-label", "title", "placeholder", "aria-valuetext"]) look(e, e.getAttribute(name));
			for (const n of e.childNodes) if (n.nodeType === 3) look(e, n.data);
		}
		return [...found];
	})()`, "window", window)
}

// openGerman opens a page of the lab in German.
func openGerman(t *testing.T, page string, before ...string) lab {
	t.Helper()
	p := lab{chromium.Again(t), t}
	for _, script := range before {
		p.Before(script)
	}
	p.visit(page)
	p.Wait(time.Minute, "window.posttrain && !document.querySelector('button.run').disabled")
	return p
}

// The lab in German trains to the same bits, says nothing of its own in English, and shuts nobody
// out, whatever is open.
func TestVerifyTheLabInGerman(t *testing.T) {
	p := openGerman(t, "/de/#"+short, axe(t))
	looks := func(state string) {
		t.Helper()
		if found := browser.Eval[[]string](p.Page, untranslated(t, "window")); len(found) > 0 {
			t.Errorf("%s, in English: %q", state, found)
		}
		if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
			t.Errorf("%s: %s", state, strings.Join(found, "\n"))
		}
	}
	p.Show(widthOfDesktop)
	if got := browser.Eval[string](p.Page, "document.documentElement.lang"); got != "de" {
		t.Errorf("the page is in the language %q", got)
	}
	p.reads("button.run", "Starten")
	looks("at first")
	endsLikeShort(t, p.train(time.Minute))
	p.reads("button.run", "Neu starten")
	p.Wait(time.Minute, "document.querySelector('.changes')")
	p.Run(`for (const d of document.querySelectorAll("details:not(.walk)")) d.open = true`)
	p.Wait(time.Minute, "document.querySelector('[data-place=table] table') && "+
		"document.querySelector('.board .says')?.textContent")
	looks("after a run")
	p.hasRoom()
	p.Show(widthOfDesktop)
	p.Run("posttrain.reset()")
	p.Click("[data-place=slow]")
	p.Wait(time.Minute, "[...document.querySelectorAll('.walk .lane')].length === 2 && "+
		"[...document.querySelectorAll('.walk .lane')].every((c) => "+
		"c.querySelector('details.origin'))")
	for stage := range stages {
		p.Run(`document.querySelector(".walk .stepper > :last-child").click()`)
		if stage == 2 {
			looks("one step, slowly")
		}
	}
	for _, part := range []string{"gallery", "methods", "guide"} {
		p.Run("document.getElementById(" + quote(part) + ").click()")
		p.Wait(time.Minute, finderOpen+" && document.querySelector('.finder-body > *')")
		if part == "guide" {
			p.answered()
		}
		looks(part)
		p.Press(kb.Escape)
		p.Wait(time.Minute, finderClosed)
	}
	p.Run("location.hash = 'memorize'")
	p.Wait(time.Minute, "document.querySelector('.notice .refusal')")
	looks("with a refused link")
}

// hasRoom fails if something is wider than its place: a language may have longer words.
func (p lab) hasRoom() {
	p.t.Helper()
	for _, width := range []int64{1440, 1024, 820, 390} {
		p.Show(browser.View{Width: width, Height: 900, Calm: true})
		for what, wrong := range map[string]string{
			"parts beside the window": `[...document.querySelectorAll("main *, .top *, .foot *")].filter((e) => e.checkVisibility() && !e.closest(".spoken, .still, .scroll, .answers-grid, .menu, .inline > span:first-child") && e.getBoundingClientRect().right > innerWidth + 1)`,
			"titles beside a card":    `[...document.querySelectorAll(".card > summary > *, .card > h2")].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > e.closest(".card").getBoundingClientRect().right)`,
			"links upon each other": `[...document.querySelectorAll(".top > *, .top nav > *")].filter((e) => {
				const next = e.nextElementSibling;
				return e.checkVisibility() && next?.checkVisibility() && e.getBoundingClientRect().right > next.getBoundingClientRect().left + 1;
			})`,
		} {
			if found := browser.Eval[[]string](p.Page, wrong+
				".map((e) => e.innerText || e.className || e.tagName)"); len(found) > 0 {
				p.t.Errorf("at %d pixels there are %s: %q", width, what, found)
			}
		}
	}
}

// Each page leads to the other one, with what is open.
func TestVerifyThePageChangesItsLanguage(t *testing.T) {
	p := openGerman(t, "/de/#"+short)
	link := p.link()
	for _, tag := range []string{"en", "de"} {
		p.Click("a.language")
		p.Wait(time.Minute, "window.posttrain?.link() === "+quote(link)+
			" && document.documentElement.lang === "+quote(tag))
	}
}

// A lab in a frame is in German from its card on.
func TestVerifyAnEmbeddedLabInGerman(t *testing.T) {
	p := openGerman(t, "/de/embed.html#"+short)
	p.Run(`document.body.append(Object.assign(document.createElement("iframe"), {
		id: "framed", src: "/de/embed.html#` + short + `" }))`)
	const framed = "document.getElementById('framed').contentWindow"
	p.Wait(time.Minute, framed+".document.querySelector('.start-lab')")
	for _, window := range []string{"window", framed} {
		if found := browser.Eval[[]string](p.Page, untranslated(t, window)); len(found) > 0 {
			t.Errorf("%s, in English: %q", window, found)
		}
	}
	p.Run(framed + ".document.querySelector('.start-lab').click()")
	p.Wait(time.Minute, framed+".posttrain && "+framed+".posttrain.link() === posttrain.link()")
	link := browser.Eval[string](p.Page, "document.querySelector('#copy-link').value")
	if want := address + "/de/#" + p.link(); link != want {
		t.Errorf("the link is %s, want %s", link, want)
	}
}

// The builder in German says nothing in English, and the lesson that it begins with can be read.
func TestVerifyTheBuilderInGerman(t *testing.T) {
	p := openGerman(t, "/de/#"+short, axe(t))
	p.Click(button("Lektion oder Übung erstellen"))
	p.Wait(time.Minute, "document.querySelector('dialog.builder[open]')")
	if embed := p.value("#build-link"); !strings.HasPrefix(embed, address+"/de/embed.html?") {
		t.Errorf("the link is %s", embed)
	}
	p.Run("for (const d of document.querySelectorAll('.builder details')) d.open = true")
	for _, kind := range []string{"exercise", "lesson"} {
		p.Click("#build-" + kind)
		if kind == "lesson" {
			p.reads("#build-state", "eine Lektion mit 5 Schritten")
			parsed(t, p.value("#build-source"))
		}
		if found := browser.Eval[[]string](p.Page, untranslated(t, "window")); len(found) > 0 {
			t.Errorf("%s, in English: %q", kind, found)
		}
		p.isAccessible(kind)
	}
}
