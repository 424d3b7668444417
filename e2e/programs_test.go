package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/script"
	"github.com/posttrain/posttrain/core/train"
	"github.com/posttrain/posttrain/e2e/browser"
)

// rewardable is a short experiment whose lane learns from rewards.
const rewardable = "cards?lane=grpo,batch=4,group=4,steps=3&eval_prompts=16&eval_every=3"

// sevens has two parts, of which one reads the verifier's.
const sevens = `weights = {"right": 1, "sevens": 0.5}
def reward(prompt, response, answer, score):
    return {"right": score, "sevens": response.count("7")}
`

// openPrograms opens the panel for programs of one's own and waits until it can be used.
func (p lab) openPrograms() {
	p.t.Helper()
	p.Click("[data-panel=own] > summary")
	p.Wait(time.Minute, "document.querySelector('[data-panel=own] button.run:enabled')")
}

// writeProgram puts a program into the editor.
func (p lab) writeProgram(program string) {
	p.t.Helper()
	p.Run("const field = document.querySelector('#program-text'); field.value = " + quote(program) +
		"; field.dispatchEvent(new Event('input'))")
}

// A visitor writes a reward. A mistake is shown at its line; what the base's answers earn is shown
// before anything is trained; then the lane learns from it, to the weights that the link gives in a
// terminal.
func TestWriteAReward(t *testing.T) {
	p := openLab(t, rewardable, axe(t))
	p.Show(calm)
	p.openPrograms()
	examples := script.Rewards()
	p.Run("const from = document.querySelector('#program-from'); from.value = '1'; " +
		"from.dispatchEvent(new Event('change'))")
	const text = "document.querySelector('#program-text').value"
	if got := browser.Eval[string](p.Page, text); got != examples[1].Text {
		t.Errorf("the example is %q, want %q", got, examples[1].Text)
	}

	p.writeProgram("def reward(prompt, response, answer):\n    return reponse == answer\n")
	p.Click(button("Learn from it"))
	p.reads("#program-text-complaint", "Line 2: undefined: reponse (did you mean response?).")
	if strings.Contains(p.link(), "reward=") {
		t.Errorf("the link is %s", p.link())
	}
	p.clean("with a complaint")

	p.writeProgram(sevens)
	p.Click(button("Try it on the base’s answers"))
	p.Wait(time.Minute, "document.querySelector('.tried table')")
	r, err := recipe.Standard().WithScripts(script.Starlark{}).Parse("cards?lane=grpo")
	if err == nil {
		err = r.SetReward("mine.star", sevens)
	}
	if err != nil {
		t.Fatal(err)
	}
	lanes, err := r.Plan()
	if err != nil {
		t.Fatal(err)
	}
	samples, err := train.TryReward(lanes[0], 6, 8, 1)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, s := range samples {
		sum += s.Judged
	}
	p.reads(".tried", fmt.Sprintf("%d answers of the base earn %.3g on average", len(samples),
		sum/float64(len(samples))))
	p.clean("with answers")

	p.Click(button("Learn from it"))
	p.linkHas("reward=" + r.Reward)
	p.linkHas("script=")
	p.reads("[data-panel=own]", "The lanes learn from the reward "+r.Reward)
	own := p.train(2 * time.Minute)
	equal(t, own, native(t, p.link()))

	p.Click(button("Back to the verifier’s reward"))
	p.Wait(time.Minute, "!posttrain.link().includes('reward=')")
	verified := p.train(2 * time.Minute)
	if own["grpo"] == verified["grpo"] {
		t.Error("the reward changes nothing")
	}
}

// clean expects that axe finds nothing, in light and in dark.
func (p lab) clean(when string) {
	p.t.Helper()
	for _, dark := range []bool{false, true} {
		p.Show(browser.View{Width: 1440, Height: 900, Calm: true, Dark: dark})
		if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
			p.t.Errorf("%s: %q", when, found)
		}
	}
}

// A link brings a reward that never ends. Its lane stops with a sentence that says where and at
// which prompt, the lane that does not read rewards goes on, and another reward can be written.
func TestAHostileReward(t *testing.T) {
	const endless = "def reward(prompt, response, answer):\n    while True: pass\n"
	link := rewardable + "&lane=sft,batch=4,steps=3"
	p := openLab(t, link+"&script="+script.Starlark{}.Pack(endless))
	p.Run("posttrain.run()")
	p.Wait(time.Minute, "posttrain.state().lanes[1].done")
	p.Wait(time.Minute, "document.querySelector('.notice:not([hidden])')")
	p.reads(".notice", "Lane GRPO cannot go on: lane grpo: reward.star:")
	p.reads(".notice", "this takes more than 200000 steps: does a loop never end?; "+
		"the prompt was")
	p.openPrograms()
	if got := browser.Eval[string](p.Page, "document.querySelector('#program-text').value"); got !=
		endless {
		t.Errorf("the program is %q", got)
	}
	p.writeProgram(sevens)
	p.Click(button("Learn from it"))
	p.Wait(time.Minute, "document.querySelector('.notice').hidden")
	equal(t, p.train(2*time.Minute), native(t, p.link()))
}

// A visitor writes a task, and a reward for it. The link carries both, and gives the same weights
// in a terminal.
func TestWriteATask(t *testing.T) {
	p := openLab(t, rewardable, axe(t))
	p.Show(calm)
	p.openPrograms()
	p.Click("input[name=program][value=task]")
	p.reads("[data-panel=own]", "A task of your own is a program in Starlark")
	reverse := script.Tasks()[0].Text
	p.writeProgram(strings.Replace(reverse, "return answer", "return answr", 1))
	p.Click(button("Open an experiment on it"))
	p.reads("#program-text-complaint", "undefined: answr (did you mean answer?).")
	p.clean("with a task")
	p.writeProgram(reverse)
	p.Click(button("Open an experiment on it"))
	p.linkHas("reverse?")
	p.linkHas("program=")
	p.reads("h1", "Letters backwards")

	small := strings.Replace(p.link(), "&task=", "&base=reverse,steps=4&eval_prompts=16&task=", 1)
	small = strings.ReplaceAll(small, "steps=60", "steps=2")
	p.Run("await posttrain.load(" + quote(small) + ")")
	p.linkHas("steps=4")
	p.Click("input[name=program][value=reward]")
	p.writeProgram(sevens)
	p.Click(button("Learn from it"))
	p.linkHas("script=")
	p.linkHas("program=")
	equal(t, p.train(2*time.Minute), native(t, p.link()))
}
