//go:build verify || shots

package e2e

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/posttrain/posttrain/e2e/browser"
)

// Pages of the reference have no barriers, in light and in dark, wide and on a telephone, and are
// never wider than the window.
func TestVerifyTheReferenceIsForEverybody(t *testing.T) {
	p := lab{chromium.Again(t), t}
	p.Before(axe(t))
	for _, path := range []string{"", "methods/grpo.html", "methods/dials.html", "tasks/cards.html",
		"exhibits/memorise.html", "knobs/methods.html", "glossary.html", "survey.html"} {
		p.visit("/reference/" + path)
		for _, view := range []browser.View{{Width: 1440, Height: 900, Calm: true},
			{Width: 1440, Height: 900, Dark: true, Calm: true},
			{Width: 390, Height: 844, Calm: true},
			{Width: 390, Height: 844, Dark: true, Calm: true}} {
			p.Show(view)
			if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
				text, err := json.MarshalIndent(found, "", "  ")
				if err != nil {
					t.Fatal(err)
				}
				t.Errorf("%q, %+v:\n%s", path, view,
					strings.ReplaceAll(string(text), `\u003e`, ">"))
			}
			wide := browser.Eval[int64](p.Page, "document.documentElement.scrollWidth")
			if wide > view.Width {
				t.Errorf("%q is %d pixels wide in a window of %d", path, wide, view.Width)
			}
		}
	}
}

// The search leaves what has all words, and Enter opens the entry that is called so.
func TestVerifyTheReferenceIsSearched(t *testing.T) {
	p := lab{chromium.Again(t), t}
	p.visit("/reference/?q=learning+rate")
	const shown = `[...document.querySelectorAll(".all > li:not([hidden])")].map((e) => e.textContent)`
	p.Wait(time.Minute, shown+".length < 20")
	for _, entry := range browser.Eval[[]string](p.Page, shown) {
		if !strings.Contains(strings.ToLower(entry), "learning") ||
			!strings.Contains(strings.ToLower(entry), "rate") {
			t.Errorf("learning rate finds %q", entry)
		}
	}
	p.Run(`globalThis.opened = "";
		addEventListener("click", (e) => { opened = e.target.href; e.preventDefault(); })`)
	look := func(query string) {
		t.Helper()
		p.Run("query.focus(); query.select()")
		p.Press(query)
	}
	look("GRPO")
	p.Wait(time.Minute, shown+`.some((e) => e.startsWith("grpo ")) && !`+shown+
		`.some((e) => e.startsWith("sft "))`)
	p.Wait(time.Minute, `/^\d+ entries\. Enter opens the first\.$/.test(found.textContent)`)
	p.Press(kb.Enter)
	p.Wait(time.Minute, `opened.endsWith("/reference/methods/grpo.html")`)
	look("no such thing")
	p.Wait(time.Minute, `found.textContent === "Nothing has all these words." && `+
		shown+".length === 0")
	look(" ")
	p.Wait(time.Minute, `found.textContent === "" && `+shown+".length > 300")
}

// Where the lab explains something it leads to the page about it, and every such page exists.
func TestVerifyTheLabLeadsToTheReference(t *testing.T) {
	p := openLab(t, "memorise?eval_prompts=16&lane=sft,steps=1&lane=grpo,steps=1")
	p.train(time.Minute)
	p.Click("#open-glossary")
	p.Wait(time.Minute, "document.querySelector('#glossary .refer')")
	found := browser.Eval[[]string](p.Page, `(async () => {
		const wrong = [];
		const pages = new Map();
		for (const link of document.querySelectorAll("a.refer")) {
			const to = new URL(link.href);
			if (link.target !== "_blank" || link.rel !== "noopener") wrong.push("opens here: " + link.href);
			if (!pages.has(to.pathname)) {
				const answer = await fetch(to.pathname);
				pages.set(to.pathname, answer.ok ? await answer.text() : "");
			}
			const text = pages.get(to.pathname);
			if (!text || to.hash && !text.includes(' id="' + to.hash.slice(1) + '"')) wrong.push(link.href);
		}
		return wrong;
	})()`)
	if len(found) > 0 {
		t.Errorf("the lab has links that lead nowhere: %v", found)
	}
	for text, path := range map[string]string{
		"About grpo": "methods/grpo.html", "All about this task": "tasks/cards.html",
		"All about this base":     "bases/cards.html",
		"More about this exhibit": "exhibits/memorise.html",
		"How it is measured":      "metrics.html#accuracy",
		"KL":                      "metrics.html#kl_base_policy_nats",
		"arithmetic":              "costs.html#flops", "More about KL": "glossary.html#kl",
		"Usual values of learning rate": "methods/sft.html#lr",
	} {
		p.Wait(time.Minute, `[...document.querySelectorAll("a.refer")].some((a) =>
			a.textContent === `+quote(text+" (opens in a new tab)")+` && a.href.endsWith(`+
			quote("/reference/"+path)+`))`)
	}
}
