package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/e2e/browser"
)

// shortStories is an experiment in words that takes a few seconds.
const shortStories = "stories?eval_prompts=16&eval_every=2&lane=sft,steps=2,style=y" +
	"&lane=grpo,steps=1,lr=1e-3,beta=0"

// Words are whole and have blanks between them wherever they are read, on a desktop and on a
// telephone: in answers, in each picture, in a prompt of one's own.
func TestStoriesCanBeRead(t *testing.T) {
	p := openLab(t, shortStories)
	p.train(2 * time.Minute)
	p.reads(".answers-grid", bound(task.Stories.EvalPrompts("id", 1)[0].Prompt))
	prompt := task.Stories.EvalPrompts("ood", 1)[0].Prompt // what is looked at first
	for _, width := range []int64{1440, 390} {
		p.Show(browser.View{Width: width, Height: 900, Calm: true})
		for _, scene := range []struct{ name, says string }{{"tree", " right, "},
			{"tokens", "to the prompt below"}, {"world", " drawn, "}} {
			p.Click("#tab-" + scene.name)
			p.Wait(time.Minute, "[...document.querySelectorAll('.still text')].some((e) => "+
				"e.textContent.includes("+quote(scene.says)+"))")
			p.checkWords(t, scene.name, width, prompt)
		}
		if wide := browser.Eval[int64](p.Page,
			"document.documentElement.scrollWidth"); wide > width {
			t.Errorf("at %d pixels the page is %d pixels wide", width, wide)
		}
	}
	p.Show(widthOfDesktop)
	p.Fill("#own-prompt", "Ann has 6 cards.  a bag holds 2 cards. she buys 4 bags. "+
		"she drops 8 cards. how many cards?")
	p.Click(".try button[type=submit]")
	p.reads(".card.try .answers", bound("buys 4 bags . she drops 8 cards . how many cards ?"))
	for _, text := range browser.Eval[[]string](p.Page,
		"[...document.querySelectorAll('.answers li.words')].flatMap((e) => "+
			"[...e.querySelectorAll('.prompt, .response')].map((s) => s.innerText))") {
		checkVocabulary(t, "an answer", text)
	}
}

// bound returns a text as the page has it: a full stop or a question mark does not begin a line.
func bound(text string) string {
	return strings.NewReplacer(" .", "\u00a0.", " ?", "\u00a0?").Replace(text)
}

// widthOfDesktop shows all cards.
var widthOfDesktop = browser.View{Width: 1440, Height: 900, Calm: true}

// checkWords checks the words of a picture.
func (p lab) checkWords(t *testing.T, scene string, width int64, prompt string) {
	t.Helper()
	p.Wait(time.Minute, "document.querySelector('.still svg').clientWidth <= "+
		"document.querySelector('.picture').clientWidth + 1")
	texts := browser.Eval[[]string](p.Page,
		"[...document.querySelectorAll('.still text')].map((e) => e.textContent)")
	if whole := strings.Join(texts, " "); scene != "tokens" && !strings.Contains(whole, prompt) {
		t.Errorf("%s at %d pixels does not show the prompt %q: %q", scene, width, prompt, whole)
	}
	words := 0
	for _, text := range texts {
		if slices.Contains(task.Stories.Words, strings.Fields(text)[0]) {
			words++
		}
	}
	if words < 12 {
		t.Errorf("%s at %d pixels shows %d texts of the task: %q", scene, width, words, texts)
	}
	if out := browser.Eval[[]string](p.Page, `[...document.querySelectorAll(".still text")].filter((e) => {
		const a = e.getBoundingClientRect(), b = document.querySelector(".still svg").getBoundingClientRect();
		return a.left < b.left - 1 || a.right > b.right + 1 || a.bottom > b.bottom + 1;
	}).map((e) => e.textContent)`); len(out) > 0 {
		t.Errorf("%s at %d pixels has words outside of the picture: %q", scene, width, out)
	}
}

// checkVocabulary checks that a text is made of the task's words.
func checkVocabulary(t *testing.T, what, text string) {
	t.Helper()
	for _, word := range strings.Fields(strings.TrimSuffix(text, "…")) {
		if !slices.Contains(task.Stories.Words, word) {
			t.Errorf("%s is %q, and %q is no word of the task", what, text, word)
		}
	}
}
