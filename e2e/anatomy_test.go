package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
	"github.com/posttrain/posttrain/e2e/browser"
)

// families has a lane of each family of methods: imitation, policy gradient, preference and
// distillation, and in another recipe a hybrid one beside a method that pushes the whole
// vocabulary and one that has no factors. The first recipe has AdamW, the second every other
// optimiser.
var families = []string{
	"cards?lane=sft,steps=2,style=y&lane=grpo,steps=3&lane=dpo,steps=3,batch=16&lane=opd,steps=3" +
		"&eval_every=9&eval_prompts=16",
	"cards?lane=luffy,steps=3,optimiser=sgd&lane=gem,steps=3,optimiser=lion&lane=kto,steps=3," +
		"batch=16,optimiser=muon" +
		"&eval_every=9&eval_prompts=16",
}

// One step, slowly, for one method of each family: the panel shows the numbers of the update that
// the command line makes too, stage by stage with the keyboard, and the run ends with the same
// bits as one that nobody asked.
func TestOneStepSlowly(t *testing.T) {
	for _, link := range families {
		out := printed(t, link)
		p := openLab(t, link, axe(t))
		if n := browser.Eval[int](p.Page, "performance.getEntriesByType('resource').filter((r) => "+
			"r.name.includes('anatomy')).length"); n != 0 {
			t.Errorf("%d files of the panel are loaded before it is opened", n)
		}
		p.Click("[data-place=slow]")
		p.walked(1)
		p.checkWalk(t, link, 1, out)

		p.Run("posttrain.step(1)")
		p.Wait(time.Minute, "posttrain.state().lanes.every((l) => l.step === 2 && l.digest)")
		if !browser.Eval[bool](p.Page, "document.querySelector('.which input').disabled") {
			t.Error("another prompt can be chosen of an update that is over")
		}
		p.Click(".walk .take")
		p.walked(3)
		p.checkWalk(t, link, 3, out)
		for _, view := range []browser.View{{Width: 1440, Height: 900, Dark: true, Calm: true},
			{Width: 390, Height: 844, Calm: true}} {
			p.Show(view)
			part := "document" // the rest of the page stays as it is
			for range stages {
				if found := browser.Eval[[]string](p.Page, violationsIn("window", part)); len(
					found) > 0 {
					t.Errorf("%+v: %q", view, found)
				}
				part = "document.querySelector('.walk')"
				p.Run("document.querySelector('.walk .stepper > :last-child').click()")
			}
			for range stages {
				p.Run("document.querySelector('.walk .stepper > :first-child').click()")
			}
		}
		p.train(time.Minute)
		equal(t, p.digests(), printedDigests(t, out))
	}
}

const stages = 7

// walked waits until the panel shows update n of every lane, or the lane's newest one if the lane
// has fewer, and all lanes stand still.
func (p lab) walked(n int) {
	p.t.Helper()
	p.Wait(2*time.Minute, fmt.Sprintf(`!document.querySelector(".walked").hidden &&
		posttrain.state().lanes.every(({ digest, step, steps }, i) =>
			digest && step === Math.min(%[1]d, steps) && (steps < %[1]d ||
			document.querySelectorAll(".walk .lane h4")[i].innerText.includes("update " + step)))`,
		n))
}

// checkWalk walks through the stages with the keyboard and compares what each shows of update n of
// the lanes with what a session of the same recipe reports natively, and with out, which is what
// the command line has printed of the run.
func (p lab) checkWalk(t *testing.T, link string, n int, out []byte) {
	t.Helper()
	reports := slowlyNatively(t, link, n)
	printedMetrics(t, out, reports)
	p.Run(`document.querySelector("#walk-stage").focus()`)
	for stage := 1; stage <= stages; stage++ {
		if at := p.text(".told h3"); !strings.HasPrefix(at, fmt.Sprintf("%d of 7", stage)) {
			t.Fatalf("stage %d is %q", stage, at)
		}
		for i, r := range reports {
			if r != nil {
				p.checkStage(t, stage, i, *r)
			}
		}
		p.Press(kb.ArrowRight)
	}
	for range stages - 1 {
		p.Press(kb.ArrowLeft)
	}
}

// slowlyNatively returns the reports of sessions on update n of every lane; nil for a lane that has
// fewer updates.
func slowlyNatively(t *testing.T, link string, n int) (reports []*protocol.Event) {
	t.Helper()
	r, err := recipe.Standard().Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	lanes, err := r.Open()
	if err != nil {
		t.Fatal(err)
	}
	for _, open := range lanes {
		s, err := open(train.Options{Threads: 1})
		if err == nil {
			err = s.Do(protocol.Command{Kind: protocol.Dissect, Steps: n, Samples: 9})
		}
		if err != nil {
			t.Fatal(err)
		}
		var report *protocol.Event
		for !s.Idle() {
			events, err := s.Advance()
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				if e.Kind == protocol.Dissected {
					report = &e
				}
			}
		}
		reports = append(reports, report)
	}
	return reports
}

// printedMetrics compares the metrics of reports with those that the command line prints of the
// same updates.
func printedMetrics(t *testing.T, out []byte, reports []*protocol.Event) {
	t.Helper()
	compared := 0
	for line := range bytes.Lines(out) {
		var e struct {
			Event, Lane string
			Step        int
			Metrics     map[string]float64
		}
		if err := json.Unmarshal(line, &e); err != nil {
			continue // the result, whose fields are others
		}
		for _, r := range reports {
			if r == nil || e.Event != "step" || e.Lane != r.Lane || e.Step != r.Step {
				continue
			}
			compared++
			for _, m := range r.Metrics {
				if e.Metrics[m.Name] != m.Value {
					t.Errorf("%s of %s is %v, the command line prints %v", m.Name, r.Lane, m.Value,
						e.Metrics[m.Name])
				}
			}
		}
	}
	for _, r := range reports {
		if r != nil {
			compared--
		}
	}
	if compared != 0 {
		t.Errorf("the command line has %d other updates than the reports", compared)
	}
}

// texts returns the texts of what a lane's column has by a selector.
func (p lab) texts(lane int, selector string) []string {
	p.t.Helper()
	return browser.Eval[[]string](p.Page, fmt.Sprintf("[...document.querySelectorAll("+
		"'.walk .lane:nth-child(%d) %s')].map((e) => e.textContent)", lane+1, selector))
}

// numbers returns the last number of each of some texts.
func numbers(t *testing.T, texts []string) (all []float64) {
	t.Helper()
	for _, text := range texts {
		words := strings.Fields(strings.ReplaceAll(text, "\u2212", "-"))
		x, err := strconv.ParseFloat(words[len(words)-1], 64)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		all = append(all, x)
	}
	return all
}

// sameNumbers compares what is shown, with so many digits, with what was computed.
func sameNumbers(t *testing.T, what string, shown, computed []float64, digits int) {
	t.Helper()
	if len(shown) != len(computed) {
		t.Errorf("%s: %d numbers are shown, want %d", what, len(shown), len(computed))
		return
	}
	for i, x := range computed {
		if math.IsNaN(x) || math.Abs(shown[i]-x) > 0.6*math.Pow10(1-digits)*math.Abs(x) {
			t.Errorf("%s: number %d is shown as %v, computed was %v", what, i, shown[i], x)
		}
	}
}

// checkStage compares what a stage shows of a lane with a report.
func (p lab) checkStage(t *testing.T, stage, lane int, r protocol.Event) {
	t.Helper()
	what := fmt.Sprintf("stage %d of %s", stage, r.Lane)
	var want []float64
	switch stage {
	case 1:
		asked := strings.Join(p.texts(lane, ".asked"), "")
		if asked != r.Samples[0].Prompt {
			t.Errorf("%s: the prompt is %q, want %q", what, asked, r.Samples[0].Prompt)
		}
		says := strings.Join(p.texts(lane, ".says"), "")
		if w := fmt.Sprintf("Prompt %d of the %d", r.Anatomy.Group+1,
			r.Anatomy.Groups); !strings.Contains(says, w) {
			t.Errorf("%s: %q, want %q", what, says, w)
		}
	case 2:
		for i, text := range p.texts(lane, ".completions .response") {
			if strings.TrimSuffix(text, "…") != r.Samples[i].Response {
				t.Errorf("%s: %q, want %q", what, text, r.Samples[i].Response)
			}
		}
		if n := len(p.texts(lane, ".completions .response")); n != len(r.Samples) {
			t.Errorf("%s: %d completions, want %d", what, n, len(r.Samples))
		}
	case 3:
		for _, s := range r.Samples {
			if s.Source != "demo" {
				want = append(want, s.Reward)
			}
		}
		sameNumbers(t, what, numbers(t, p.texts(lane, ".value b")), want, 4)
	case 4:
		for _, s := range r.Samples {
			switch f := s.Pushes[0]; {
			case s.Paired:
				want = append(want, s.Margin, f.Ratio)
			case f.Share != 0 && evenAdvantage(s):
				want = append(want, f.Advantage)
			}
		}
		sameNumbers(t, what, numbers(t, p.texts(lane, ".value b")), want, 4)
	case 5:
		for _, s := range r.Samples {
			for _, f := range s.Pushes {
				want = append(want, f.Coefficient)
			}
		}
		sameNumbers(t, what, numbers(t, p.texts(lane, ".tok")), want, 4)
		p.checkEquation(t, what, lane)
		p.checkOptimiser(t, what, lane, *r.Anatomy)
	case 6:
		p.checkSymbols(t, what, lane, r)
	case 7:
		var before []float64
		for _, a := range r.Anatomy.Answers {
			before, want = append(before, a.Before), append(want, a.After)
		}
		sameNumbers(t, what, numbers(t, p.texts(lane, ".answers-changed .value b")), want, 3)
		var first []string
		for _, text := range p.texts(lane, ".answers-changed .value") {
			first = append(first, strings.Fields(text)[0])
		}
		sameNumbers(t, what, numbers(t, first), before, 3)
	}
}

// evenAdvantage reports whether all tokens of a sample have the same advantage.
func evenAdvantage(s protocol.Sample) bool {
	for _, f := range s.Pushes {
		if f.Advantage != s.Pushes[0].Advantage {
			return false
		}
	}
	return true
}

// checkEquation checks that what the coefficient of the chosen token is made of makes it.
func (p lab) checkEquation(t *testing.T, what string, lane int) {
	t.Helper()
	terms := map[string]float64{}
	names := p.texts(lane, ".term-of .small")
	for i, x := range numbers(t, p.texts(lane, ".term-of b")) {
		terms[names[i]] = x
	}
	if len(terms) < 2 { // it has no factors
		return
	}
	or := func(name string, other float64) float64 {
		if x, ok := terms[name]; ok {
			return x
		}
		return other
	}
	product := (or("mask", 1)*or("ratio", or("slope in the margin", 1))*
		or("advantage", or("slope of its score", 1)) + or("pull of the reference", 0) +
		or("added by the method", 0)) * terms["share in the average"]
	if c := terms["coefficient"]; math.Abs(product+or("other parts", 0)-c) > 5e-3*math.Abs(c) {
		t.Errorf("%s: %v makes %v, not %v", what, terms, product, c)
	}
}

// checkOptimiser checks that a lane says what made a step of the gradient, and how far it was.
func (p lab) checkOptimiser(t *testing.T, what string, lane int, a protocol.Anatomy) {
	t.Helper()
	title := map[string]string{optim.NameAdamW: "AdamW", optim.NameSGD: "SGD with momentum",
		optim.NameLion: "Lion", optim.NameMuon: "Muon"}[a.Optimiser]
	says := strings.Join(p.texts(lane, ".says"), " ")
	length := regexp.MustCompile(`a length of ([0-9.e-]*[0-9])`).FindStringSubmatch(says)
	if !strings.Contains(says, "the optimiser, "+title+",") || length == nil {
		t.Errorf("%s: %q, want %s and a length of %v", what, says, title, a.Moved)
		return
	}
	sameNumbers(t, what, numbers(t, length[1:]), []float64{a.Moved}, 4)
}

// checkSymbols compares the table of symbols with the places of the report: it is that of the
// chosen token.
func (p lab) checkSymbols(t *testing.T, what string, lane int, r protocol.Event) {
	t.Helper()
	type at struct{ Sample, Place int }
	chosen := browser.Eval[at](p.Page, fmt.Sprintf(`(() => {
		const lists = [...document.querySelectorAll(".walk .lane:nth-child(%d) .toks")];
		const sample = lists.findIndex((l) => l.querySelector("[aria-pressed=true]"));
		const place = [...lists[sample].children].findIndex((b) => b.ariaPressed === "true");
		return {sample, place};
	})()`, lane+1))
	place := r.Samples[chosen.Sample].Places[chosen.Place]
	var before, after, push []float64
	for _, s := range place.Symbols {
		before, after = append(before, s.Before), append(after, s.After)
		push = append(push, s.Push)
	}
	for column, want := range [][]float64{before, after, push} {
		selector := fmt.Sprintf(".symbols tbody td:nth-child(%d)", column+3)
		digits := 3
		if column == 2 {
			digits = 2
		}
		sameNumbers(t, what, numbers(t, p.texts(lane, selector)), want, digits)
	}
	if n := len(p.texts(lane, ".symbols .own")); n != 1 {
		t.Errorf("%s: %d rows are the token itself", what, n)
	}
}

// Another prompt of the same update can be chosen, and the source of the method is there.
func TestAnotherPromptOfTheStep(t *testing.T) {
	p := openLab(t, short)
	p.Click("[data-place=slow]")
	p.walked(1)
	p.Fill("#walk-prompt-1", "2")
	p.Press("\t")
	p.reads(".walk .lane:nth-child(2) .says", "Prompt 2 of")
	if says := p.text(".walk .lane:nth-child(1) .says"); strings.Contains(says, "Prompt 2 of") {
		t.Errorf("the other lane says %q", says)
	}
	p.Click(".walk .lane:nth-child(2) .origin summary")
	p.reads(".walk .lane:nth-child(2) .origin pre", "var GRPO = Method{")
	endsLikeShort(t, p.train(time.Minute))
	p.Run("posttrain.reset()")
	p.Wait(time.Minute, "document.querySelector('.walked').hidden")
}
