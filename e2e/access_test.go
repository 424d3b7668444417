package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// violations returns what axe finds of WCAG 2.2 A and AA in the page of a window as "rule: element;
// element". The stage's frame is looked into; the experiments in the page for courses are not: axe
// would ask the sandboxed one too, and the browser complains if that has not loaded yet.
func violations(window string) string { return violationsIn(window, "document") }

// violationsIn is [violations] in a part of the page, such as document.body.
func violationsIn(window, part string) string {
	return strings.ReplaceAll(`(window.readAxe(), window.axe).run(window.`+part+`, {
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"], resultTypes: ["violations"],
		iframes: window.location.pathname !== "/course.html",
	})
	.then((r) => r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ") + " (" + n.failureSummary.replaceAll("\n", " ") + ")").join("; ")))`, "window", window)
}

// axe returns a script that has axe read when it is asked, since it remembers the document that it
// was read in: an iframe's is an empty one at first.
func axe(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return "window.readAxe = () => {" + string(text) + "}"
}

// Every page, before and after a run, with a complaint and with a link that is refused, in light
// and in dark, wide and narrow.
func TestNobodyIsShutOut(t *testing.T) {
	for _, path := range []string{"/", "/embed.html", "/course.html", "/#memorize",
		"/bench.html", "/guide.html", "/guide.html?need=id,ood,cheap&application=maths"} {
		p := lab{chromium.Again(t), t}
		p.Before(axe(t))
		link := ""
		if path == "/" || path == "/embed.html" {
			link = "#" + short
		}
		p.visit(path + link)
		looks := []string{"at first"}
		if strings.Contains(path, "?") {
			p.answered()
			p.Run(`for (const d of document.querySelectorAll("details")) d.open = true`)
		} else if path == "/" || strings.Contains(path, "#") || path == "/embed.html" {
			p.Wait(time.Minute, "window.posttrain")
			p.awaitRest() // no lane has anything to do either
		}
		if link != "" {
			looks = append(looks, "after a run", "with a complaint", "with the glossary",
				"with a refused link")
			if path == "/embed.html" { // the same without its surroundings
				looks = looks[1:2]
			}
		}
		for _, look := range looks {
			switch look {
			case "after a run":
				p.train(time.Minute)
				p.Run(`for (const d of document.querySelectorAll("details")) d.open = true`)
			case "with a complaint":
				p.Fill("[data-path='0/0/lr'] input", "much")
				p.Press("\t")
				p.Wait(time.Minute, "document.querySelector('.complaint:not(:empty)')")
			case "with the glossary":
				p.Run(`document.getElementById("open-glossary")?.click()`)
			case "with a refused link":
				p.Run(`document.getElementById("glossary")?.close()`)
				p.Run("location.hash = 'memorize'")
				p.Wait(time.Minute, "document.querySelector('.notice .refusal')")
			}
			// Calm, since colours that are still changing have the contrast of neither. What a page
			// has most of is looked at in every way, what differs a little from that in fewer.
			views := []browser.View{{Width: 1440, Height: 900, Dark: true, Calm: true},
				{Width: 1440, Height: 900, Calm: true}, {Width: 360, Height: 800, Calm: true}}
			switch {
			case path == "/embed.html" || path == "/#memorize":
				views = views[:2]
			case path == "/" && look != "after a run":
				views = views[:1]
			}
			for _, view := range views {
				p.Show(view)
				found := browser.Eval[[]string](p.Page, violations("window"))
				if path == "/course.html" { // and an experiment that waits to be started
					// it is loaded then
					p.Run("document.querySelector('#element').scrollIntoView()")
					p.Wait(time.Minute, "document.querySelector('#element "+
						"iframe').contentDocument.querySelector('.start')")
					found = append(found, browser.Eval[[]string](p.Page,
						violations("document.querySelector('#element "+
							"iframe').contentWindow"))...)
				}
				if len(found) > 0 {
					text, err := json.MarshalIndent(found, "", "  ")
					if err != nil {
						t.Fatal(err)
					}
					t.Errorf("%s %s, %+v:\n%s", path, look, view,
						strings.ReplaceAll(string(text), `\u003e`, ">"))
				}
			}
		}
	}
}
