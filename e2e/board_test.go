package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/e2e/browser"
)

// turnable is short as a changed exhibit, without a KL.
const turnable = "memorise?lane=sft,steps=3,style=y&lane=grpo,steps=2,beta=0&eval_every=3&eval_prompts=16"

// calm has no colours that are still changing, which have the contrast of neither.
var calm = browser.View{Width: 1440, Height: 900, Calm: true}

// openBoard opens the dial board and waits until it shows a stage.
func (p lab) openBoard() {
	p.t.Helper()
	p.Click("[data-panel=dials] > summary")
	p.Wait(time.Minute, "document.querySelector('.says .headline')?.checkVisibility()")
}

// at returns the choice of a dial.
func (p lab) at(dial string) string {
	p.t.Helper()
	return browser.Eval[string](p.Page,
		"document.querySelector('[data-dial="+dial+"] input:checked').value")
}

// turnByKey presses a key on the choice of a dial, and waits until the link has another.
func (p lab) turnByKey(dial, key, want string) {
	p.t.Helper()
	p.Run("document.querySelector('[data-dial=" + dial + "] input:checked').focus()")
	p.Press(key)
	p.linkHas(dial + "=" + want)
}

// turn clicks a choice of a dial, and waits until the link has it.
func (p lab) turn(dial, choice string) {
	p.t.Helper()
	p.Click("[data-dial=" + dial + "] input[value=" + choice + "]")
	p.linkHas(dial + "=" + choice)
}

func (p lab) linkHas(text string) {
	p.t.Helper()
	p.Wait(time.Minute, "posttrain.link().includes("+quote(text)+")")
}

// formula returns the formula on the board, on one line and without what puts indices below it.
func (p lab) formula() string {
	p.t.Helper()
	return browser.Eval[string](p.Page,
		`[...document.querySelectorAll(".maximised > p:not(.small)")].map((e) => e.textContent).join(", ")`)
}

var flat = strings.NewReplacer("_", "", "{", "", "}", "")

// pressed returns the named methods whose position the board has.
func (p lab) pressed() []string {
	p.t.Helper()
	return browser.Eval[[]string](p.Page,
		`[...document.querySelectorAll(".named [aria-pressed=true]")].map((e) => e.dataset.method)`)
}

// GRPO becomes Dr. GRPO by two turns of the keyboard, and the sentence, the formula, its source and
// the link follow. The lane trains the weights that Dr. GRPO trains in a terminal, to the last bit,
// and can be named so. The run before stays behind the curves while dials are turned.
func TestTheDialBoard(t *testing.T) {
	p := openLab(t, turnable, axe(t))
	p.Show(calm)
	p.train(time.Minute)
	p.openBoard()
	p.reads(".says", "This is GRPO, with KL: none (usually k3 in the loss).")
	p.turnByKey("advantage", kb.ArrowLeft, "mean")
	p.reads(".says", "No method here has this position.")
	p.reads(".near", "DR GRPO, which differs in average: the sum over the tokens of each answer")
	p.reads(".source", "func Centred(")
	p.reads(".source summary", "Source of advantage mean")
	p.turnByKey("average", kb.ArrowRight, "sum")
	p.reads(".says", "This is DR GRPO.")
	if focus := browser.Eval[string](p.Page, "document.activeElement.value"); focus != "sum" {
		t.Errorf("after the dial was turned the focus is on %q", focus)
	}
	position, err := method.DrGRPO.Position(method.DrGRPO.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	want := flat.Replace(method.FormulaAt(position))
	if got := flat.Replace(p.formula()); got != want {
		t.Errorf("the formula is\n%s, want\n%s", got, want)
	}
	if lit := browser.Eval[string](p.Page,
		"document.querySelector('.maximised .lit').textContent"); lit != "(1/n) Σi Σt" {
		t.Errorf("of the formula %q is marked", lit)
	}
	if got := p.pressed(); !slices.Equal(got, []string{"dr_grpo"}) {
		t.Errorf("the pressed methods are %q", got)
	}
	p.reads(".caption", "Dashed, from the shelf")
	if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
		t.Errorf("%q", found)
	}

	digests := native(t, strings.Replace(turnable, "grpo,steps=2,beta=0", "dr_grpo,steps=2", 1))
	p.Click(".position button.run")
	p.Wait(time.Minute, "posttrain.state().done")
	got := p.digests()
	equal(t, map[string]string{"sft": got["sft"], "dr_grpo": got["dials"]}, digests)
	p.Click(button("Name the lane DR GRPO"))
	p.linkHas("lane=dr_grpo,steps=2")
	p.reads(".says", "This is DR GRPO.")
	equal(t, p.train(time.Minute), digests)
}

// A position that no method has is in the link, and is there again when the page is loaded again.
// One that cannot be trained says so at its dial, holds Run back, and shows what would do.
func TestPositionsWithoutAName(t *testing.T) {
	p := openLab(t, turnable, axe(t))
	p.Show(calm)
	p.openBoard()
	p.turn("limit", "cap")
	p.turn("advantage", "leave_one_out")
	p.turn("tokens", "entropy")
	p.Fill("[data-dial=tokens] [data-knob=share] input", "0.5")
	p.linkHas("share=0.5")
	p.reads(".says", "No method here has this position.")
	said := p.text(".says")
	p.reload()
	p.awaitRest()
	p.openBoard()
	p.reads(".near", "which differs in")
	if again := p.text(".says"); again != said {
		t.Errorf("after a reload the board says %q, before it said %q", again, said)
	}
	for dial, want := range map[string]string{"limit": "cap", "advantage": "leave_one_out",
		"tokens": "entropy", "source": "rollouts"} {
		if got := p.at(dial); got != want {
			t.Errorf("after a reload the dial %s is at %s, want %s", dial, got, want)
		}
	}

	p.turn("source", "demos")
	p.reads("[data-dial=advantage] .complaint", "Advantage=leave_one_out compares sampled answers")
	p.reads(".says", "This position cannot be trained.")
	p.reads(".where", "Run waits")
	if !browser.Eval[bool](p.Page, held+" && document.querySelector('.position .run').disabled && "+
		"document.querySelector('.notice').hidden && document.querySelector('.maximised').hidden") {
		t.Error("a refused position can be run, or has a formula, or a notice beside the board")
	}
	const would = `[...document.querySelectorAll("[data-dial=advantage] .option:not(.refused-option)")].map((e) => e.innerText)`
	if got := browser.Eval[[]string](p.Page, would); !slices.Equal(got,
		[]string{"one", "implicit", "teacher"}) {
		t.Errorf("the advantages that would do are %q", got)
	}
	if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
		t.Errorf("%q", found)
	}
	p.Reload() // a link to it opens too
	p.Wait(time.Minute, "window.posttrain && document.querySelector('.notice .actions')")
	p.Click(button("Open the dial board"))
	p.reads("[data-dial=advantage] .complaint", "want advantage=one, implicit or teacher")
	p.turn("advantage", "one")
	p.Wait(time.Minute, "!"+held)
	p.reads(".says", "which differs in")
}

// The board begins with the first lane that is reinforced; a lane's own button opens it there. A
// named method turns the dials of any lane, also of one that has no position.
func TestNamedMethodsTurnTheDials(t *testing.T) {
	p := openLab(t, "cards?lane=sft,steps=2&lane=dpo,steps=2~rlhf,steps=3&eval_prompts=16", axe(t))
	p.Show(calm)
	p.openBoard()
	p.reads(".says", "SFT") // neither DPO nor RLHF is a policy gradient of the menu
	p.Click(`//section[@aria-label="Lane 2: DPO → RLHF"]//button[starts-with(normalize-space(), "Turn its dials")]`)
	p.reads(".says", "DPO has no position on the dial board.")
	p.reads(".says", "It compares two answers")
	if got := p.pressed(); len(got) > 0 {
		t.Errorf("without a position the pressed methods are %q", got)
	}
	if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
		t.Errorf("%q", found)
	}
	p.Run("document.querySelector('.board [role=tab][aria-selected=true]').focus()")
	p.Press(kb.ArrowRight)
	p.reads(".says", "This is RLHF")
	p.reads(".says", "Besides, an answer's reward is the score of a reward model")
	p.Press(kb.ArrowLeft)
	p.reads(".says", "DPO has no position")
	p.Click(".named [data-method=dapo]")
	p.reads(".says", "This is DAPO.")
	r, err := recipe.Standard().Parse(p.link())
	if err != nil {
		t.Fatal(err)
	}
	if lane := r.Lanes[1].String(); lane !=
		"dials,eps_high=0.28,source=varied,average=tokens,steps=2~rlhf,steps=3" {
		t.Errorf("turned to DAPO the lane is %s", lane)
	}
	if got := p.pressed(); !slices.Equal(got, []string{"dapo"}) {
		t.Errorf("the pressed methods are %q", got)
	}
	p.Run("document.querySelector('.apart').open = true")
	p.reads(".apart", "Its advantage is from a critic")
}
