package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/qrcode"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/e2e/browser"
	"github.com/posttrain/posttrain/wasm/vocabulary"
)

// openBuilder opens the builder for a link.
func openBuilder(t *testing.T, link string) lab {
	t.Helper()
	p := openLab(t, link, axe(t))
	p.Click(button("Make a lesson or an exercise"))
	p.Wait(time.Minute, "document.querySelector('dialog.builder[open]')")
	return p
}

// types types into a field of the builder, in the place of what is in it.
func (p lab) types(selector, text string) {
	p.t.Helper()
	p.Run(`const field = document.querySelector(` + quote(selector) + `); field.focus(); field.select()`)
	p.Press(text)
}

// value returns what is in a field.
func (p lab) value(selector string) string {
	p.t.Helper()
	return browser.Eval[string](p.Page, "document.querySelector("+quote(selector)+").value")
}

// isAccessible fails if axe complains about the page, in light and in dark, wide and narrow.
func (p lab) isAccessible(when string) {
	p.t.Helper()
	for _, view := range []browser.View{{Width: 1280, Height: 900, Calm: true},
		{Width: 390, Height: 844, Calm: true, Dark: true}} {
		p.Show(view)
		if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
			p.t.Errorf("%s, at a width of %d: %q", when, view.Width, found)
		}
		if over := browser.Eval[float64](p.Page,
			"document.querySelector('.build-body').scrollWidth - "+
				"document.querySelector('.build-body').clientWidth"); over > 0 {
			p.t.Errorf("%s, at a width of %d: %v pixels too wide", when, view.Width, over)
		}
	}
	p.Show(widthOfDesktop)
}

// What the builder makes begins with the picture that is on the screen.
func TestTheBuilderTakesThePicture(t *testing.T) {
	p := openLab(t, short+"&axis=flops")
	p.Click("#tab-plane")
	p.Click("button.run")
	p.Wait(2*time.Minute, "posttrain.state().done && "+
		"document.querySelector('#x option[value=\"prior/accuracy\"]')")
	p.Choose("#x", "prior/accuracy")
	p.Click(button("Make a lesson or an exercise"))
	p.Wait(time.Minute, "document.querySelector('dialog.builder[open]')")
	link := p.value("#build-link")
	if !strings.HasSuffix(link, "&scene=plane&x=prior/accuracy") || strings.Contains(link, "axis") {
		t.Errorf("the link is %s", link)
	}
	p.Go(link)
	p.Wait(2*time.Minute, "document.querySelector('#x')?.value === 'prior/accuracy'")
}

// The element and the iframe of an exercise show what was chosen in a page of another origin, and
// train to the digests of the command line.
func TestAnExerciseIsBuilt(t *testing.T) {
	p := openBuilder(t, short+"&hide=cost")
	p.types("#build-title", `Two "ways" & one rule`)
	p.types("#build-text", "Read this first.")
	p.types("#build-question", "Which one will forget?")
	p.Click("//dialog//summary[contains(., 'Hidden panels')]")
	if !browser.Eval[bool](p.Page, "document.querySelector('.boxes [value=cost]').checked") {
		t.Error("the panels that the link hides are not hidden")
	}
	p.Click(".boxes [value=cost]")
	p.Click(".boxes [value=field]")
	p.Click(".boxes [value=share]")
	p.isAccessible("an exercise")
	full := p.value("#build-element")
	if !strings.Contains(full, "&amp;hide=field,share\"") {
		t.Errorf("the element is %s", full)
	}
	p.Click("//dialog//label[contains(., 'Compact')]")
	p.types("#build-picture", "200")
	compact := p.value("#build-frame")
	alone := p.value("#build-link")
	if !strings.Contains(compact, "view=compact") || !strings.Contains(compact, `height="430"`) {
		t.Errorf("the iframe is %s", compact)
	}

	host := openHost(t)
	host.Go(hostPage(t, full+compact+`<script>
		globalThis.told = {}; globalThis.lab = document.querySelector("posttrain-lab");
		lab.addEventListener("done", ({ detail }) => { told.done = detail; });</script>`))
	host.Wait(time.Minute, "customElements.get('posttrain-lab') && lab.run")
	host.Run("lab.run()")
	host.Wait(2*time.Minute, "told.done")
	endsLikeShort(t, browser.Eval[map[string]string](host.Page, "told.done.digests"))
	inside := host.inFrame("origin=")
	for selector, want := range map[string]string{"h1": `Two "ways" & one rule`,
		".lead": "Read this first.", ".predict": "Which one will forget?"} {
		inside.reads(selector, want)
	}
	for selector, want := range map[string]bool{".card.field": false, ".card.share": false,
		".card.cost": true} {
		if seen := browser.Eval[bool](inside.Page, "document.querySelector("+quote(selector)+
			").checkVisibility()"); seen != want {
			t.Errorf("%s is seen: %v, want %v", selector, seen, want)
		}
	}
	host.Run(`document.querySelector("iframe[title]:not([slot])").scrollIntoView()`)
	small := host.inFrame("view=compact")
	small.Click("button.start-lab")
	small.Wait(2*time.Minute, "window.posttrain?.link() && "+
		"!document.querySelector('button.run').disabled")
	small.reads("h1", `Two "ways" & one rule`)
	if height := browser.Eval[float64](small.Page,
		"document.querySelector('.picture').clientHeight"); height != 200 {
		t.Errorf("the picture is %v pixels high, want 200", height)
	}
	small.Click("button.run")
	small.Wait(time.Minute, "posttrain.state().done")
	endsLikeShort(t, small.digests())

	again := lab{chromium.Open(t), t}
	again.Go(alone)
	again.Wait(2*time.Minute, "window.posttrain?.link()")
	again.reads("h1", `Two "ways" & one rule`)
}

// parsed returns the lesson that a text is.
func parsed(t *testing.T, text string) *lesson.Lesson {
	t.Helper()
	l, err := lesson.Parse([]byte(text), vocabulary.Of(recipe.Standard()))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return l
}

// A lesson that is built by clicks is what core/lesson reads, and its link opens it.
func TestALessonIsBuilt(t *testing.T) {
	p := openBuilder(t, "memorise?seed=7")
	p.Click("#build-lesson")
	p.reads("#build-state", "a lesson with 5 steps")
	p.isAccessible("a lesson")
	p.types("#build-title", "Mine: a [new] lesson")
	p.types("#build-question", "Who, then, is better?")
	p.types("#build-choices", "SFT, GRPO")
	p.types("#build-minutes", "7")
	p.Choose("#build-lock", "settings")
	p.Click("//dialog//summary[contains(., 'Hidden panels')]")
	p.Click(".boxes [value=cost]")

	p.Click(button("Add a step"))
	p.Press("Change *one* thing")
	p.Choose("#step-5-goal", "change")
	p.Choose("#step-5-key", "style")
	p.types("#step-5-to", "x")
	p.Click("//li[6]//label[contains(., 'From this step on')]")
	p.Click("//li[6]//button[starts-with(., 'Move up')]")
	p.Click(button("Add a step"))
	p.Press("Train on")
	p.Choose("#step-6-goal", "reach")
	p.types("#step-6-metric", "id/accuracy")
	p.types("#step-6-value", "0.8")
	p.Click("//li[1]//summary")
	p.Click("//li[1]//button[starts-with(., 'Remove')]")
	p.reads("#build-state", "a lesson with 6 steps")
	p.isAccessible("a lesson with more steps")

	l := parsed(t, p.value("#build-source"))
	if l.Title != "Mine: a [new] lesson" || l.Lock != lesson.LockSettings || l.Minutes != 7 ||
		strings.Join(l.Hide, ",") != "cost" || !strings.Contains(l.Link, "seed=7") {
		t.Errorf("the lesson is %+v", l)
	}
	if l.Predict == nil || l.Predict.Question != "Who, then, is better?" ||
		strings.Join(l.Predict.Choices, "|") != "SFT|GRPO" {
		t.Errorf("the lesson asks %+v", l.Predict)
	}
	var kinds []string
	for _, s := range l.Steps {
		kinds = append(kinds, string(s.Goal.Kind))
	}
	if got := strings.Join(kinds, " "); got != "predict run answer change answer reach" {
		t.Fatalf("the goals are %s", got)
	}
	if s := l.Steps[3]; s.Title != "Change *one* thing" || s.Goal.Key != "style" ||
		s.Goal.To != "x" || !s.Unlock {
		t.Errorf("the step is %+v with the goal %+v", s, s.Goal)
	}
	if c := l.Steps[2].Choices; len(c) != 2 || c[0].Right || !c[1].Right {
		t.Errorf("the choices are %+v", c)
	}
	if g := l.Steps[5].Goal; g.Lane != "sft" || g.Metric != "id/accuracy" || g.Value != 0.8 {
		t.Errorf("the goal is %+v", g)
	}

	address := p.value("#build-lesson-link")
	if href := browser.Eval[string](p.Page,
		"document.querySelector('.for-lesson .try-it').href"); href != address {
		t.Errorf("Try it leads to %s and not to %s", href, address)
	}
	student := lab{chromium.Open(t), t}
	student.Go(address)
	student.Wait(2*time.Minute, "window.posttrain && "+
		"!document.querySelector('button.run').disabled")
	student.reads("h1", "Mine: a [new] lesson")
	student.reads(".predict", "Who, then, is better?")
	if steps := browser.Eval[int](student.Page,
		"document.querySelectorAll('.places button').length"); steps != len(l.Steps)+1 {
		t.Errorf("the lesson has %d places, want %d", steps, len(l.Steps)+1)
	}
}

// What the builder begins with is a lesson, whatever experiment is open: with panels hidden and a
// scene chosen, with two lanes or four, without a network, or no exhibit. The long tier has all
// exhibits.
func TestExperimentsBeginLessons(t *testing.T) {
	beginLessons(t, "cards?lane=sft,steps=2&hide=cost&scene=tree", short, "memorise", "razor")
}

// beginLessons opens the builder for links, one after the other.
func beginLessons(t *testing.T, links ...string) {
	t.Helper()
	p := openBuilder(t, "densities")
	p.Click("#build-lesson")
	for _, link := range links {
		p.Click(`//dialog//button[normalize-space()="Close"]`)
		p.Run("await posttrain.load(" + quote(link) + ")")
		p.Click(button("Make a lesson or an exercise"))
		p.Wait(time.Minute, "document.querySelector('dialog.builder[open]')")
		l := parsed(t, p.value("#build-source"))
		shown := browser.Eval[string](p.Page, "document.querySelector('h1').innerText")
		name, _, _ := strings.Cut(link, "?")
		if len(l.Steps) != 5 || l.Predict == nil || !strings.HasPrefix(l.Link, name) ||
			name == link && l.Title != shown {
			t.Errorf("%s begins the lesson %+v", link, l)
		}
		if strings.Contains(link, "hide") && (strings.Join(l.Hide, ",") != "cost" ||
			strings.Contains(l.Link, "hide") || !strings.Contains(l.Link, "scene=tree")) {
			t.Errorf("%s has become %s with %q hidden", link, l.Link, l.Hide)
		}
	}
}

// What is wrong with a lesson is said with its line, as core/lesson says it; what was written by
// hand stays, also when the builder is closed and opened again.
func TestAWrongLineOfALesson(t *testing.T) {
	p := openBuilder(t, "memorise")
	p.Click("#build-lesson")
	p.reads("#build-state", "a lesson with 5 steps")
	right := p.value("#build-source")
	wrong := strings.Replace(right, `{goal="run"}`, `{goal="rum"}`, 1)
	p.Run("const source = document.querySelector('#build-source'); source.value = " +
		quote(wrong) + "; source.focus(); " +
		"source.setSelectionRange(source.value.length, source.value.length)")
	p.Press(" ")
	_, err := lesson.Parse([]byte(wrong), vocabulary.Of(recipe.Standard()))
	if err == nil || !strings.HasPrefix(err.Error(), "line ") {
		t.Fatalf("the error is %v", err)
	}
	p.reads("#build-state", err.Error()[1:])
	p.isAccessible("a wrong lesson")
	p.Click("//p[@id='build-state']//button[starts-with(., 'Go to line')]")
	if line := browser.Eval[string](p.Page, `(({ value, selectionStart, selectionEnd }) =>
		value.slice(selectionStart, selectionEnd))(document.activeElement)`); line !=
		`## Train {goal="rum"}` {
		t.Errorf("the line is %q", line)
	}
	if !browser.Eval[bool](p.Page, "document.querySelector('.builder .form').disabled") {
		t.Error("the form would change what was written by hand")
	}
	p.Click(`//dialog//button[normalize-space()="Close"]`)
	p.Click(button("Make a lesson or an exercise"))
	p.Wait(time.Minute, "document.querySelector('dialog.builder[open]')")
	if kept := p.value("#build-source"); kept != wrong+" " {
		t.Errorf("what was written has become %s", kept)
	}
	p.Click(button("Make it from the form again"))
	p.reads("#build-state", "a lesson with 5 steps")
	if again := p.value("#build-source"); again != right {
		t.Errorf("the form makes %s", again)
	}
}

// A file is opened, changed and saved.
func TestALessonIsEdited(t *testing.T) {
	source, err := os.ReadFile(filepath.Join(tree, "core", "lesson", "lessons", "memorise.md"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "my-lesson.md")
	if err := os.WriteFile(file, source, 0o600); err != nil {
		t.Fatal(err)
	}
	p := openBuilder(t, short)
	p.Click("#build-lesson")
	p.Upload("#build-file", file)
	p.Wait(time.Minute, "document.querySelector('#build-source').value.includes('They are')")
	p.reads("#build-state", "a lesson with 9 steps")
	p.Run("const source = document.querySelector('#build-source'); source.focus(); " +
		"source.setSelectionRange(source.value.length, source.value.length)")
	p.Press("And one sentence more.")
	p.Run(`globalThis.saved = {}; const make = URL.createObjectURL;
		URL.createObjectURL = (blob) => { blob.text().then((text) => { saved.text = text; }); return make.call(URL, blob); };
		const click = HTMLAnchorElement.prototype.click;
		HTMLAnchorElement.prototype.click = function () { saved.name = this.download; click.call(this); };`)
	p.Click(button("Save the file"))
	p.Wait(time.Minute, "saved.text && saved.name")
	saved := browser.Eval[struct{ Text, Name string }](p.Page, "saved")
	if want := string(source) + "And one sentence more."; saved.Text != want ||
		saved.Name != "my-lesson.md" {
		t.Errorf("%s has %s", saved.Name, saved.Text)
	}
	parsed(t, saved.Text)
}

// course is a lesson of short in a page of its own.
const course = `---
title: In a page
link: ` + short + `
---
## Read
An umlaut: ü.

## Train {goal="run"}
## Say {goal="answer"}
Why?
`

// The element shows a lesson by its name, by the address of a file and by its own text, and tells
// what a student does in it.
func TestTheElementShowsLessons(t *testing.T) {
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		if r.URL.Path != "/notes/mine.md" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(course))
	}))
	t.Cleanup(files.Close)
	indented := "\n\t\t" + strings.ReplaceAll(course, "\n", "\n\t\t")
	p := openHost(t)
	p.Expect("404")
	p.Go(hostPage(t, `<script src="SITE/posttrain-lab.js"></script>
		<posttrain-lab id="named" lesson="memorise"></posttrain-lab>
		<posttrain-lab id="filed" lesson="`+files.URL+`/notes/mine.md"></posttrain-lab>
		<posttrain-lab id="own"><script type="text/markdown">`+indented+`</script></posttrain-lab>
		<posttrain-lab id="none"></posttrain-lab>
		<script>
			globalThis.told = {};
			for (const lab of document.querySelectorAll("posttrain-lab"))
				for (const e of ["ready", "lesson", "answered", "finished", "done", "refused"]) lab.addEventListener(e, ({ detail }) => { (told[lab.id] ??= {})[e] = detail; });
			document.querySelector("#none").setAttribute("lesson", "`+files.URL+`/missing.md");
		</script>`))
	p.Wait(time.Minute, "told.named?.ready && told.none?.refused")
	if why := browser.Eval[string](p.Page, "told.none.refused.why"); !strings.Contains(why,
		"missing.md: 404") {
		t.Errorf("why there is no lesson: %s", why)
	}
	p.inFrame("lesson.html?").reads("h1", "Does the model remember or understand?")
	for _, id := range []string{"filed", "own"} {
		p.Run("document.querySelector('#" + id + "').scrollIntoView()")
		p.Wait(time.Minute, "told['"+id+"']?.ready")
		src := browser.Eval[string](p.Page, "document.querySelector('#"+id+" > iframe').src")
		if !strings.Contains(src, "lesson.html?") || !strings.Contains(src, "#~") {
			t.Errorf("%s is %s", id, src)
		}
	}
	if !browser.Eval[bool](p.Page, "document.querySelector('#filed > iframe').src === "+
		"document.querySelector('#own > iframe').src") {
		t.Error("the text of a child is another one than that of the same file")
	}
	p.Run("document.querySelector('#filed').remove()")
	inside := p.inFrame("#~")
	inside.reads("h1", "In a page")
	inside.reads("#lesson", "ü")
	inside.Click(next)
	p.Run("document.querySelector('#own').run()")
	p.Wait(2*time.Minute, "told.own.done && told.own.lesson")
	endsLikeShort(t, browser.Eval[map[string]string](p.Page, "told.own.done.digests"))
	// the frame is as high as the lesson
	inside.Wait(time.Minute, "innerHeight > 700 && "+
		"document.documentElement.scrollHeight === innerHeight")
	inside.Wait(time.Minute, "document.querySelector('"+next+"')?.disabled === false")
	inside.Click(next)
	inside.Fill("#own-words", "Because.")
	inside.Click("#lesson form button[type=submit]")
	p.Wait(time.Minute, "told.own.answered?.answer === 'Because.'")
	inside.Click(next)
	p.Wait(time.Minute, "told.own.finished?.sheet")
	sheet, err := json.Marshal(browser.Eval[any](p.Page, "told.own.finished.sheet"))
	if err != nil || !strings.Contains(string(sheet), `"answer":"Because."`) {
		t.Errorf("the sheet is %s (%v)", sheet, err)
	}
}

// Embedded labs and lessons have no builder.
func TestNoBuilderInAFrame(t *testing.T) {
	p := lab{chromium.Again(t), t}
	p.visit("/embed.html#" + short)
	p.Wait(time.Minute, "document.querySelector('#copy-link')")
	if browser.Eval[bool](p.Page, "[...document.querySelectorAll('.share button')].some((b) => "+
		"b.innerText.includes('Make a lesson'))") {
		t.Error("an embedded lab has the builder")
	}
}

// The picture for paper has the link as a QR code: that of core/qrcode, dark on light.
func TestAPictureForPaper(t *testing.T) {
	p := openBuilder(t, short)
	p.Run(`globalThis.saved = undefined; const make = URL.createObjectURL;
		URL.createObjectURL = (blob) => { blob.text().then((text) => { globalThis.saved = text; }); return make.call(URL, blob); };`)
	p.Click("#build-paper")
	p.Wait(time.Minute, "saved")
	code, err := qrcode.Encode(p.value("#build-link"))
	if err != nil {
		t.Fatal(err)
	}
	type drawn struct {
		Path, Move, Fill, Ground string
		Words                    []string
	}
	got := browser.Eval[drawn](p.Page, `(() => {
		const image = new DOMParser().parseFromString(saved, "image/svg+xml");
		const code = image.querySelector("path.code");
		const words = [...image.querySelectorAll("path.code ~ text")].map((e) => e.textContent);
		return { path: code.getAttribute("d"), move: code.getAttribute("transform"), fill: code.getAttribute("fill"), ground: code.previousElementSibling.getAttribute("fill"), words };
	})()`)
	if got.Path != code.Path() || got.Fill != "#000" || got.Ground != "#fff" ||
		len(got.Words) != 2 || got.Words[0] != "Card sums under a face-card rule" ||
		!strings.Contains(got.Move, "scale(") {
		t.Errorf("the code is %+v, want %q", got, code.Path())
	}
}
