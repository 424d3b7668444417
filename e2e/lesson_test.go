package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/e2e/browser"
	"github.com/posttrain/posttrain/wasm/vocabulary"
)

// lessonNamed returns a lesson of the program.
func lessonNamed(t *testing.T, name string) *lesson.Lesson {
	t.Helper()
	l, err := lesson.Lookup(name, vocabulary.Of(recipe.Standard()))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// openLesson opens the page of a lesson and waits until its lab can be used.
func openLesson(t *testing.T, name string, before ...string) lab {
	t.Helper()
	p := lab{chromium.Open(t), t}
	for _, script := range before {
		p.Before(script)
	}
	p.visit("/lesson.html#" + name)
	p.Wait(2*time.Minute, "window.posttrain && !document.querySelector('button.run').disabled")
	return p
}

// next is the button that leads to the next step.
const next = "[data-way=next]"

// isTaught does what every step of a lesson asks for, and ends with the answer sheet, which it
// returns. It looks for what keeps people out at the first step, at questions and at the end, or
// everywhere.
func (v visitor) isTaught(l *lesson.Lesson, everywhere bool) (sheet string) {
	v.t.Helper()
	v.reads("h1", l.Title)
	for i, s := range l.Steps {
		v.Wait(time.Minute, "document.querySelector('#lesson h2').innerText === "+quote(s.Title))
		if words := len(strings.Fields(v.text("#lesson"))); words < 40 {
			v.t.Errorf("step %s has only %d words", s.ID, words)
		}
		if everywhere || i == 0 {
			v.isOpenToAll("at step " + s.ID)
		}
		if s.Goal != nil {
			v.reaches(s)
		}
		v.Wait(5*time.Minute, "document.querySelector('"+next+"')?.disabled === false")
		if everywhere || s.Choices != nil {
			v.isOpenToAll("after step " + s.ID)
		}
		if says := v.text("#lesson .body"); s.Goal != nil && s.Goal.Kind == lesson.GoalRun &&
			(strings.Contains(says, "not measured") || strings.Contains(says, "…")) {
			v.t.Errorf("step %s leaves out what was measured: %q", s.ID, says)
		}
		v.use(next)
	}
	v.reads("#lesson", fmt.Sprintf("You have done %d of %d steps.", len(l.Steps), len(l.Steps)))
	v.isOpenToAll("at the end")
	v.Fill("#student", "Ada")
	v.Run(`globalThis.saved = undefined; const make = URL.createObjectURL;
		URL.createObjectURL = (blob) => { blob.text().then((t) => { globalThis.saved = t; }); return make.call(URL, blob); }`)
	v.use("#lesson .save-sheet")
	v.Wait(time.Minute, "saved")
	return browser.Eval[string](v.Page, "saved")
}

// reaches does what the goal of a step asks for.
func (v visitor) reaches(s lesson.Step) {
	v.t.Helper()
	switch g := s.Goal; g.Kind {
	case lesson.GoalPredict:
		v.use(".choices button:first-child")
	case lesson.GoalRun, lesson.GoalUpdate, lesson.GoalReach:
		v.use("button.run")
	case lesson.GoalSee:
		v.Click("#tab-" + g.Scene)
	case lesson.GoalOpen:
		if !browser.Eval[bool](v.Page, "document.querySelector('[data-panel="+g.Panel+"]').open") {
			v.use("[data-panel=" + g.Panel + "] summary")
		}
	case lesson.GoalChange:
		v.changes(g)
	case lesson.GoalAnswer:
		if s.Choices == nil {
			v.Fill("#own-words", "It depends on whose words it learns from.")
		} else if v.keys {
			v.tabTo("#choice-0")
			v.Press(" ")
		} else {
			v.Click("label.choice")
		}
		v.use("#lesson form button[type=submit]")
	default:
		v.t.Fatalf("no lesson has had a goal %s", g.Kind)
	}
}

// changes gives a setting, to which the lesson leads, the value that a goal asks for, or another
// one than it has.
func (v visitor) changes(g *lesson.Goal) {
	v.t.Helper()
	v.use("[data-way=field]")
	v.Wait(time.Minute, "document.activeElement.matches('main :is(input, select)')")
	control := browser.Eval[string](v.Page, `(() => {
		const at = document.activeElement.closest("[data-path]");
		return at ? '[data-path="' + at.dataset.path + '"] ' : ".seed "; })()`)
	if !browser.Eval[bool](v.Page, "document.querySelector("+quote(control+"select")+") !== null") {
		v.Fill(control+"input", g.To)
		return
	}
	value := g.To
	if value == "" {
		value = browser.Eval[string](v.Page, "[...document.querySelector("+quote(control+
			"select")+").options].find((o) => !o.selected).value")
	}
	if !v.keys {
		v.Choose(control+"select", value)
		return
	}
	v.tabTo(control + "select")
	for _, key := range []string{kb.ArrowDown, kb.ArrowUp, kb.ArrowUp} {
		if browser.Eval[string](v.Page, "document.activeElement.value") != value {
			v.Press(key)
			v.Wait(time.Minute, "document.activeElement.matches("+quote(control+"select")+")")
		}
	}
}

// checked has the command line check a sheet, and returns what it prints and whether it accepts it.
func checked(t *testing.T, sheet string, args ...string) (string, bool) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sheet.json")
	if err := os.WriteFile(file, []byte(sheet), 0o600); err != nil {
		t.Fatal(err)
	}
	check := exec.CommandContext(t.Context(), "go", append([]string{"run", "./cmd/posttrain",
		"check", file, "--cache", t.TempDir()}, args...)...)
	check.Dir = tree
	out, err := check.CombinedOutput()
	return string(out), err == nil
}

// isHandedIn goes through a lesson, and has the command line check the sheet.
func isHandedIn(t *testing.T, name string, keys, everywhere bool) {
	t.Helper()
	p := openLesson(t, name, axe(t))
	sheet := visitor{p, keys}.isTaught(lessonNamed(t, name), everywhere)
	isAccepted(t, sheet)
}

// isAccepted has the command line check a sheet.
func isAccepted(t *testing.T, sheet string) {
	t.Helper()
	if out, ok := checked(t, sheet); !ok || !strings.Contains(out, "All") ||
		!strings.Contains(out, "Ada") {
		t.Errorf("the sheet is refused:\n%s\n%s", out, sheet)
	}
}

// Three lessons as a student goes through them, the first with the keyboard alone. The command line
// accepts the sheet of that; computing the runs of the others again takes too long here. The long
// tier has all lessons, with their sheets.
func TestThreeLessonsAsAStudent(t *testing.T) {
	for i, name := range []string{"densities", "refusal", "cost"} {
		t.Run(name, func(t *testing.T) {
			p := openLesson(t, name, axe(t))
			sheet := visitor{p, i == 0}.isTaught(lessonNamed(t, name), false)
			if i == 0 {
				isAccepted(t, sheet)
			}
		})
	}
}
