package e2e

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// A place is where an element lies on the screen.
type place struct{ Top, Bottom float64 }

func (p lab) place(selector string) place {
	p.t.Helper()
	return browser.Eval[place](p.Page,
		"(({top, bottom}) => ({top, bottom}))(document.querySelector("+quote(selector)+
			").getBoundingClientRect())")
}

// Run and the picture are visible without scrolling, on a desktop, a tablet and a telephone, and
// nothing long stands between them and the results. The front door has both, and its button brings
// the lab below it to the top of the screen.
func TestRunAndAPictureAreOnTheFirstScreen(t *testing.T) {
	for _, path := range []string{"/", "/embed.html", "/#entropy"} {
		p := lab{chromium.Again(t), t}
		p.visit(path)
		p.Wait(time.Minute, "window.posttrain && document.querySelector('.verdict .headline')")
		for _, view := range []browser.View{{Width: 1440, Height: 900}, {Width: 1024, Height: 768},
			{Width: 390, Height: 844}} {
			p.Show(view)
			if path == "/" {
				p.Run("scrollTo(0, 0)")
				for _, part := range []string{"#enter", "#door svg"} {
					if at := p.place(part); at.Top < 0 || at.Bottom > float64(view.Height) {
						t.Errorf("at %d x %d: %s of the front door lies from %.0f to %.0f",
							view.Width, view.Height, part, at.Top, at.Bottom)
					}
				}
				p.Run("document.getElementById('lab').scrollIntoView({behavior: 'instant'})")
			}
			run, picture, verdict := p.place("button.run"), p.place(".picture"), p.place(".verdict")
			seen := (min(picture.Bottom,
				float64(view.Height)) - picture.Top) / (picture.Bottom - picture.Top)
			t.Logf("%s at %d x %d: Run ends at %.0f, the picture begins at %.0f and %.0f %% of "+
				"it are seen, what happened "+
				"begins at %.0f", path, view.Width, view.Height, run.Bottom, picture.Top, 100*seen,
				verdict.Top)
			if run.Top < 0 || run.Bottom > float64(view.Height)/2 {
				t.Errorf("%s at %d x %d: Run lies from %.0f to %.0f", path, view.Width, view.Height,
					run.Top, run.Bottom)
			}
			if seen < 0.75 {
				t.Errorf("%s at %d x %d: the picture lies from %.0f to %.0f, so %.0f %% of "+
					"it are seen", path, view.Width, view.Height, picture.Top, picture.Bottom,
					100*seen)
			}
			if verdict.Top > 1.5*float64(view.Height) {
				t.Errorf("%s at %d x %d: what happened begins at %.0f", path, view.Width,
					view.Height, verdict.Top)
			}
		}
	}
}

// slowStage keeps the program that draws from starting.
const slowStage = `if (location.pathname.endsWith("/stage.html")) WebAssembly.instantiate = () => new Promise(() => {})`

// Until the stage draws, a still picture with axes, lanes and what is known by then stands in its
// place, and the page says that it loads.
func TestAPictureStandsInForTheStage(t *testing.T) {
	p := openLab(t, short)
	p.awaitRest()
	p.Wait(time.Minute,
		`[...document.querySelectorAll(".still text")].some((e) => e.textContent.startsWith("base"))`)
	text := browser.Eval[string](p.Page,
		`[...document.querySelectorAll(".still text")].map((e) => e.textContent).join("\n")`)
	for _, want := range []string{"rule A, practised", "100\u202f%", "SFT", "GRPO", "accuracy"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the picture: %q", want, text)
		}
	}
	if says := browser.Eval[string](p.Page,
		`document.querySelector(".loading").innerText`); !strings.Contains(says, "Loading") {
		t.Errorf("the page says %q", says)
	}
	if browser.Eval[string](p.Page,
		`getComputedStyle(document.querySelector(".frame")).opacity`) != "0" {
		t.Error("the empty frame covers the picture")
	}
}

// The race shows the series and the plane the two measures that a link or a visitor chooses, and
// the tables and captions follow. Each picture has a caption, and a scene without anything to show
// has no tab.
func TestThePictureIsOfWhatIsAskedFor(t *testing.T) {
	p := openDrawn(t, short+"&series=entropy_nats")
	p.awaitRest()
	p.awaitStage()
	p.train(time.Minute)
	words := func(text string) {
		t.Helper()
		p.Wait(time.Minute, fmt.Sprintf(
			`[...document.querySelector("#stage iframe").contentDocument.querySelectorAll("#words span")].some((e) => e.textContent.includes(%s))`, quote(text)))
	}
	words("entropy")
	p.reads(".caption", "Entropy: How undecided the policy still is.")
	p.Click(".as-table summary")
	p.reads(".as-table caption", "Entropy in nats per token")
	p.Choose("#series", "train/reward_mean")
	words("reward in training")
	p.reads(".as-table caption", "Reward in training")
	p.reads(".caption", "Reward in training: What reinforcement pushes up")

	p.Click("#tab-plane")
	p.Choose("#x", "weights/update_norm")
	p.Choose("#y", "ood/reward")
	words("size of the update →")
	words("↑ reward, rule B")
	p.reads(".as-table thead", "reward, rule B")

	for _, tab := range browser.Eval[[]string](p.Page,
		"[...document.querySelectorAll('[role=tab]')].map((e) => e.id)") {
		p.Click("#" + tab)
		p.Wait(time.Minute, "document.querySelector('.caption').innerText.length > 60")
		if tab == "tab-reward" || tab == "tab-passk" || tab == "tab-densities" {
			t.Errorf("%s is there and has nothing to show", tab)
		}
	}
}

// The stage changes its theme with the page, also while lanes train: paper and words at once, and
// the lines with the next frame.
func TestTheStageHasThePagesTheme(t *testing.T) {
	p := openDrawn(t, "cards?eval_prompts=16&eval_every=2&lane=sft,steps=100000")
	p.awaitRest()
	p.awaitStage()
	p.Run("posttrain.run()")
	p.Wait(time.Minute, "posttrain.state().lanes[0].step > 20")
	lines := map[bool]color.RGBA{false: {0x0b, 0x6f, 0xb8, 255}, true: {0x5c, 0xb3, 0xf2, 255}}
	for _, dark := range []bool{true, false, true} {
		p.Show(browser.View{Width: 1280, Height: 900, Dark: dark, Calm: true})
		for what, expression := range map[string]string{
			"paper": "getComputedStyle(stage.documentElement).backgroundColor === " +
				"getComputedStyle(document.querySelector('.card')).backgroundColor",
			"words": "getComputedStyle(stage.querySelector('#words .ink')).color === " +
				"getComputedStyle(document.body).color",
		} {
			if !browser.Eval[bool](p.Page, "(() => { const stage = document.querySelector('#stage "+
				"iframe').contentDocument; return "+expression+"; })()") {
				t.Errorf("dark is %v: the stage has other %s than the page", dark, what)
			}
		}
		p.awaitColour(lines[dark], lines[!dark])
	}
	p.Run("posttrain.pause()")
}

// awaitColour waits until something in the picture has a colour and nothing has another one.
func (p lab) awaitColour(wanted, unwanted color.RGBA) {
	p.t.Helper()
	at := p.place(".picture")
	var counts map[color.RGBA]int
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); {
		img, err := png.Decode(bytes.NewReader(p.Picture(false)))
		if err != nil {
			p.t.Fatal(err)
		}
		counts = map[color.RGBA]int{}
		for y := int(at.Top); y < min(int(at.Bottom), img.Bounds().Max.Y); y++ {
			for x := range img.Bounds().Max.X * 2 / 3 {
				counts[color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)]++
			}
		}
		if counts[wanted] > 0 && counts[unwanted] == 0 {
			return
		}
	}
	p.t.Errorf("%d pixels have the colour %v and %d the colour %v", counts[wanted], wanted,
		counts[unwanted], unwanted)
}

// What is printed is light, whole and without controls, whatever the screen is like, and the words
// of the picture are where they belong.
func TestPrinted(t *testing.T) {
	p := openDrawn(t, short)
	p.awaitRest()
	p.awaitStage()
	p.train(time.Minute)
	p.Wait(time.Minute, "document.querySelector('.verdict .changes')")
	p.Wait(time.Minute,
		`dispatchEvent(new Event("beforeprint")) && [...document.querySelectorAll(".still text")].some((e) => e.textContent.startsWith("GRPO"))`)
	// The verdict may be written anew, and has no other seeds for an experiment of one's own.
	p.Run(`const verdict = document.querySelector(".verdict > div");
		const study = Object.assign(document.createElement("details"), {className: "study", textContent: "other seeds"});
		verdict.append(study);
		new MutationObserver(() => verdict.contains(study) || verdict.append(study)).observe(verdict, {childList: true});
		dispatchEvent(new Event("beforeprint"))`)
	p.Show(browser.View{Width: 720, Height: 1000, Dark: true, Paper: true})
	for what, wrong := range map[string]string{
		"controls":                        `[...document.querySelectorAll("button, [role=tab], progress, #paste, .options label")].filter((e) => e.checkVisibility()).map((e) => e.textContent || e.id)`,
		"fields with a frame":             `[...document.querySelectorAll("select, input[type=text]")].filter((e) => e.checkVisibility() && getComputedStyle(e).borderTopWidth !== "0px").map((e) => e.id)`,
		"check boxes":                     `[...document.querySelectorAll("input[type=checkbox]")].filter((e) => e.checkVisibility() && getComputedStyle(e).appearance !== "none").map((e) => e.id)`,
		"titles that are printed twice":   `[...document.querySelectorAll(".knob .title")].filter((e) => e.checkVisibility()).map((e) => e.textContent)`,
		"text too light for paper":        `[...document.querySelectorAll("h1, h2, p, td, th, dd, label, .still text")].filter((e) => e.checkVisibility() && e.textContent && light(e)).map((e) => e.textContent)`,
		"dark backgrounds":                `[...document.querySelectorAll("body, main, .card, .predict")].filter((e) => { const [r, , , a = 1] = numbers(getComputedStyle(e).backgroundColor); return a > 0 && r < 240; }).map((e) => e.className)`,
		"parts that stick out":            `[...document.querySelectorAll("main *")].filter((e) => e.checkVisibility() && !e.closest(".spoken, .still") && e.getBoundingClientRect().right > 721).map((e) => e.className || e.tagName)`,
		"folded parts of the verdict":     `[...document.querySelectorAll(".verdict details:not([open])")].map((e) => e.textContent)`,
		"words of the picture outside it": `[...document.querySelectorAll(".still text")].filter((e) => { const a = e.getBoundingClientRect(), b = document.querySelector(".still svg").getBoundingClientRect(); return a.left < b.left - 1 || a.right > b.right + 1 || a.bottom > b.bottom + 1; }).map((e) => e.textContent)`,
	} {
		if found := browser.Eval[[]string](p.Page, `(() => {
			const numbers = (text) => text.match(/[\d.]+/g).map(Number);
			const light = (e) => { const s = getComputedStyle(e), [r, g, b] = numbers(e.closest("svg") ? s.fill : s.color); return 0.21 * r + 0.72 * g + 0.07 * b > 140; };
			return `+wrong+`;
		})()`); len(found) > 0 {
			t.Errorf("%s: %q", what, found)
		}
	}
	for selector, want := range map[string]string{".share": p.link(),
		".recipe": "Supervised fine-tuning", ".verdict": "other seeds"} {
		if text := browser.Eval[string](p.Page, `[...document.querySelectorAll(`+quote(selector)+
			`)].map((e) => e.innerText + [...e.querySelectorAll("select")].map((s) => s.selectedOptions[0].text)).join()`); !strings.Contains(text, want) {
			t.Errorf("%s does not say %q: %q", selector, want, text)
		}
	}
	if browser.Eval[bool](p.Page,
		`document.querySelector("#stage iframe").checkVisibility() || !document.querySelector(".still svg").checkVisibility()`) {
		t.Error("what is printed is the canvas and not the still picture")
	}
	p.Run("dispatchEvent(new Event('afterprint'))")
	if browser.Eval[bool](p.Page, "!!document.querySelector('.verdict details[open]')") {
		t.Error("after printing the verdict stays unfolded")
	}
}
