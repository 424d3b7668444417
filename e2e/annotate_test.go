package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
	"github.com/posttrain/posttrain/e2e/browser"
)

// judgeable is a short experiment with a reward model.
const judgeable = "taste?lane=rlhf,batch=4,steps=3,steps_reward=10&eval_prompts=16&eval_every=3"

// openAnnotator opens the panel for judging pairs and waits for the first pair.
func (p lab) openAnnotator() {
	p.t.Helper()
	p.Click("[data-panel=annotate] > summary")
	p.Wait(time.Minute, "document.querySelector('.answer .response')?.checkVisibility()")
}

// firstPairs returns the first pairs that the first lane of a link compares.
func firstPairs(t *testing.T, link string, n int) []protocol.Comparison {
	t.Helper()
	r, err := recipe.Standard().Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	lanes, err := r.Plan()
	if err != nil {
		t.Fatal(err)
	}
	s, err := train.NewSession(lanes[0], train.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Do(protocol.Command{Kind: protocol.Pair, Samples: n}); err != nil {
		t.Fatal(err)
	}
	for {
		events, err := s.Advance()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.Kind == protocol.Paired {
				return e.Pairs
			}
		}
	}
}

// atPair waits until the panel is at a pair, counted from 1, of which so many are judged.
func (p lab) atPair(pair, judged int) {
	p.t.Helper()
	p.reads(".far-judged", fmt.Sprintf("Pair %d. %d of 24 judged.", pair, judged))
}

// A visitor judges pairs by key and by click, and goes back to change a judgement. The link has the
// judgements, and its weights are those that a terminal computes. Beside it a lane learns from the
// simulated annotator alone. In the end the page says what the reward model learned.
func TestBeTheAnnotator(t *testing.T) {
	p := openLab(t, judgeable, axe(t))
	p.Show(calm)
	p.openAnnotator()
	p.atPair(1, 0)
	shown := func(side int) string {
		return browser.Eval[string](p.Page, fmt.Sprintf(
			"document.querySelectorAll('.answer .response')[%d].textContent", side))
	}
	p.Run("document.querySelector('.answer').focus()")
	var chosen, rejected []string
	choose := func(side int, how func()) {
		chosen, rejected = append(chosen, shown(side)), append(rejected, shown(1-side))
		how()
	}
	choose(0, func() { p.Press(kb.ArrowLeft) })
	p.atPair(2, 1)
	choose(1, func() { p.Press("2") })
	p.atPair(3, 2)
	p.Press(kb.ArrowDown)
	p.atPair(4, 2)
	p.Press(kb.Backspace)
	p.atPair(3, 2)
	p.Press(kb.Backspace)
	p.atPair(2, 2)
	const pressed = "document.querySelector('.answer[aria-pressed=true] .response').textContent"
	if got := browser.Eval[string](p.Page, pressed); got != chosen[1] {
		t.Errorf("back at the second pair %q is chosen, want %q", got, chosen[1])
	}
	chosen, rejected = chosen[:1], rejected[:1]
	choose(0, func() { p.Press("1") }) // the other one
	p.atPair(3, 2)
	p.Press("0")
	p.atPair(4, 2)
	for i, side := range []int{1, 0, 1} {
		choose(side, func() { p.Click(fmt.Sprintf(".answer:nth-child(%d)", side+1)) })
		p.atPair(5+i, 3+i)
	}
	for _, dark := range []bool{false, true} {
		p.Show(browser.View{Width: 1440, Height: 900, Calm: true, Dark: dark})
		if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
			t.Errorf("%q", found)
		}
	}

	p.Run(`document.querySelector("#annotate-labels").selectedIndex = 1`)
	p.Click(button("Train on my judgements"))
	p.linkHas("judged=")
	p.Wait(2*time.Minute, "posttrain.state().done")
	r, err := recipe.Standard().Parse(p.link())
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Lanes) != 2 || r.Lanes[1][0].Values.Text("judged") != "" {
		t.Fatalf("the link is %s, want a second lane without judgements", p.link())
	}
	labels := r.Lanes[0][0].Values.Text("judged")
	if len(labels) != 6 || labels[2] != '-' || strings.Count(labels, "-") != 1 {
		t.Errorf("the judgements are %q, want six, the third one left out", labels)
	}
	for i, lane := range r.Lanes {
		if got := lane[0].Values.Int("pairs"); got != 82 {
			t.Errorf("lane %d has %d pairs, want 82", i+1, got)
		}
	}
	pairs := firstPairs(t, p.link(), len(labels))
	for i, k := 0, 0; i < len(labels); i++ {
		if labels[i] == '-' {
			continue
		}
		first, second := pairs[i].First.Response, pairs[i].Second.Response
		if labels[i] == 'b' {
			first, second = second, first
		}
		if first != chosen[k] || second != rejected[k] {
			t.Errorf("label %d prefers %q to %q, the visitor preferred %q to %q", i+1, first,
				second, chosen[k], rejected[k])
		}
		k++
	}
	equal(t, p.digests(), native(t, p.link()))

	p.reads(".learned", "On the 5 pairs that you judged")
	p.reads(".learned", "On 16 new pairs")
	p.reads(".live", "with your labels")
	p.reads(".live", "Update 3 of 3")
	agrees := browser.Eval[string](p.Page,
		"[...document.querySelectorAll('.learned tbody tr')].find((r) => r.cells[0].innerText === "+
			"'agrees with the gold reward').cells[1].innerText")
	right, differ := 0, 0
	for i, p := range pairs {
		if p.First.Reward == p.Second.Reward || labels[i] == '-' {
			continue
		}
		differ++
		if (p.First.Reward > p.Second.Reward) == (labels[i] == 'a') {
			right++
		}
	}
	if want := fmt.Sprintf("%d of %d", right, differ); !strings.HasPrefix(agrees, want) {
		t.Errorf("the visitor agrees with the gold reward in %q pairs, want %s", agrees, want)
	}
	for _, dark := range []bool{false, true} {
		p.Show(browser.View{Width: 1440, Height: 900, Calm: true, Dark: dark})
		if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
			t.Errorf("%q", found)
		}
	}
}

// The exhibit about annotators has no reward model. It leads to an experiment that has one, and
// Back leads back to it.
func TestTheExhibitLeadsToPairs(t *testing.T) {
	p := openLab(t, "annotator")
	p.Click("[data-panel=annotate] > summary")
	p.Wait(time.Minute, "document.querySelector('.annotate .run')?.checkVisibility()")
	p.Click(button("Judge pairs yourself"))
	p.linkHas("lane=rlhf")
	p.atPair(1, 0)
	p.Run("history.back()")
	p.linkHas("annotator?")
	p.reads(".annotate", "Judge pairs yourself")
}
