package lesson_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
)

// words is a vocabulary with a few panels and pictures.
func words() lesson.Vocabulary {
	return lesson.Vocabulary{
		Links: recipe.Standard(), Panels: []string{"dials", "cost", "try"},
		Scenes: func(*recipe.Recipe) []string { return []string{"race", "tree"} },
	}
}

// full has everything that a lesson can have.
const full = `---
title: "Two ways: which one?"
link: memorise
hide: dials, cost
lock: settings
minutes: 5
predict: Who will be better at rule B?
choices: ["SFT", "GRPO, by far", "no difference"]
cite: Chu et al. 2025, arXiv:2501.17161
---
An *introduction*.

## Two copies of one model
Text with 1 &lt; 2, [a link](https://example.org/a?b=1&c=2) and a table:

| a | b |
|--:|---|
| 1 | 2 |

## Guess first {goal="predict"}
## Train both {goal="run" #train}
SFT is right in ` + "`=sft ood/accuracy`" + ` of them, and ` + "`code`" + ` stays.

## Half way {goal="update 100"}
## Reach it {goal="reach grpo eval/id/accuracy >= 0.9"}
## Look {goal="see tree"}
## Open {goal="open try"}
## Ask {goal="ask"}

## What happened? {goal="answer"}
Some text.

Why did *SFT* fall?

- [ ] It learned **too slowly**
- [x] It learned the answers' form
- [ ] Chance

Because of ` + "`=grpo ood/accuracy`" + `.

## Change one thing {goal="change lr=0.001" link="memorise?seed=2" unlock=true}
## Another seed {goal="change seed"}
## GRPO alone {goal="change grpo lr=0.002"}

## In your own words {goal="answer"}
`

func TestParse(t *testing.T) {
	l, err := lesson.Parse([]byte(full), words())
	if err != nil {
		t.Fatal(err)
	}
	head := *l
	head.Steps, head.Digest = nil, ""
	if want := (lesson.Lesson{
		Name: "two-ways-which-one", Own: true, Title: "Two ways: which one?", Link: "memorise",
		Hide: []string{"dials", "cost"},
		Lock: lesson.LockSettings, Minutes: 5, Cite: "Chu et al. 2025, arXiv:2501.17161",
		Predict: &lesson.Prediction{Question: "Who will be better at rule B?",
			Choices: []string{"SFT", "GRPO, by far", "no difference"}},
	}); !reflect.DeepEqual(head, want) {
		t.Errorf("the head is %+v, want %+v", head, want)
	}
	want := []lesson.Step{
		{ID: "two-copies-of-one-model", Title: "Two copies of one model",
			HTML: "<p>An <em>introduction</em>.</p>\n<p>Text with 1 &lt; 2, <a href=\"https://" +
				"example.org/a?b=1&amp;c=2\" rel=\"noopener\" target=\"_blank\">a link</a> and a " +
				"table:</p>\n<table>\n<thead>\n<tr>\n<th align=\"right\">a</th>\n<th>b</th>\n" +
				"</tr>\n</thead>\n<tbody>\n<tr>\n<td align=\"right\">1</td>\n<td>2</td>\n</tr>\n" +
				"</tbody>\n</table>"},
		{ID: "guess-first", Title: "Guess first", Goal: &lesson.Goal{Kind: lesson.GoalPredict}},
		{ID: "train", Title: "Train both", Goal: &lesson.Goal{Kind: lesson.GoalRun},
			HTML: `<p>SFT is right in <output class="value" data-lane="sft" ` +
				`data-metric="ood/accuracy">…</output> of them, and ` +
				`<code>code</code> stays.</p>`},
		{ID: "half-way", Title: "Half way",
			Goal: &lesson.Goal{Kind: lesson.GoalUpdate, Update: 100}},
		{ID: "reach-it", Title: "Reach it", Goal: &lesson.Goal{Kind: lesson.GoalReach,
			Lane: "grpo", Metric: "id/accuracy", Compare: ">=", Value: 0.9}},
		{ID: "look", Title: "Look", Goal: &lesson.Goal{Kind: lesson.GoalSee, Scene: "tree"}},
		{ID: "open", Title: "Open", Goal: &lesson.Goal{Kind: lesson.GoalOpen, Panel: "try"}},
		{ID: "ask", Title: "Ask", Goal: &lesson.Goal{Kind: lesson.GoalAsk}},
		{ID: "what-happened", Title: "What happened?", Goal: &lesson.Goal{Kind: lesson.GoalAnswer},
			HTML:     "<p>Some text.</p>\n<p>Why did <em>SFT</em> fall?</p>",
			Question: "Why did SFT fall?",
			Choices: []lesson.Choice{
				{HTML: "It learned <strong>too slowly</strong>", Text: "It learned too slowly"},
				{HTML: "It learned the answers' form", Text: "It learned the answers' form",
					Right: true},
				{HTML: "Chance", Text: "Chance"},
			},
			After: `<p>Because of <output class="value" data-lane="grpo" ` +
				`data-metric="ood/accuracy">…</output>.</p>`},
		{ID: "change-one-thing", Title: "Change one thing", Link: "memorise?seed=2", Unlock: true,
			Goal: &lesson.Goal{Kind: lesson.GoalChange, Key: "lr", To: "0.001"}},
		{ID: "another-seed", Title: "Another seed",
			Goal: &lesson.Goal{Kind: lesson.GoalChange, Key: "seed"}},
		{ID: "grpo-alone", Title: "GRPO alone",
			Goal: &lesson.Goal{Kind: lesson.GoalChange, Lane: "grpo", Key: "lr", To: "0.002"}},
		{ID: "in-your-own-words", Title: "In your own words", Question: "In your own words",
			Goal: &lesson.Goal{Kind: lesson.GoalAnswer}},
	}
	for i := range max(len(want), len(l.Steps)) {
		if i >= len(want) || i >= len(l.Steps) || !reflect.DeepEqual(l.Steps[i], want[i]) {
			t.Errorf("step %d is\n%+v\nwant\n%+v", i, l.Steps[min(i, len(l.Steps)-1)],
				want[min(i, len(want)-1)])
		}
	}
}

// A file that an editor under Windows has saved is the same lesson.
func TestLineEnds(t *testing.T) {
	a, err := lesson.Parse([]byte(full), words())
	if err != nil {
		t.Fatal(err)
	}
	b, err := lesson.Parse([]byte("\ufeff"+strings.ReplaceAll(full, "\n", "\r\n")), words())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) || len(a.Digest) != 16 {
		t.Errorf("with other ends of lines the lesson is %+v, want %+v", b, a)
	}
}

// Without a question of its own, a lesson has the exhibit's, and the lanes as choices.
func TestPredictionOfTheExhibit(t *testing.T) {
	l, err := lesson.Parse([]byte("---\ntitle: t\nlink: razor\n---\n## A {goal=\"predict\"}\n"),
		words())
	if err != nil {
		t.Fatal(err)
	}
	e, err := recipe.Standard().Exhibit("razor")
	if err != nil {
		t.Fatal(err)
	}
	if want := (lesson.Prediction{Question: e.Question, Choices: []string{"SFT, foreign style",
		"SFT, own style", "RFT", "GRPO", lesson.NoDifference}}); !reflect.DeepEqual(*l.Predict,
		want) {
		t.Errorf("the prediction is %+v, want %+v", *l.Predict, want)
	}
}

// Each mistake is named with its line, and with what is accepted.
func TestMistakes(t *testing.T) {
	const head, step = "---\ntitle: t\nlink: memorise\n---\n", "## A\n"
	one := func(attributes string) string { return head + "## A {" + attributes + "}\n" }
	ask := head + "## A {goal=\"answer\"}\nQ?\n\n"
	for _, m := range []struct{ source, want string }{
		{"", "line 1: the lesson begins with \"\": want a line of ---"},
		{"# T", "line 1: the lesson begins with \"# T\""},
		{"---\ntitle: t\n", "line 1: the front matter does not end"},
		{"---\ntitle: t\n---\n", "the front matter has no link"},
		{"---\nlink: memorise\n---\n", "the front matter has no title"},
		{"---\ntitel: t\n---\n", `line 2: unknown key "titel": did you mean title?`},
		{"---\nlink: x\ntitle: a: b\n---\n",
			"line 3: this is not KEY: VALUE: mapping value is not allowed"},
		{"---\n- a\n---\n", "line 2: want lines of KEY: VALUE with the keys title"},
		{"---\ntitle: [a, b]\nlink: razor\n---\n", "line 2: title wants one text and not a list"},
		{"---\ntitle: {a: b}\n---\n", "line 2: title wants a text"},
		{"---\ntitle: t\nlink: memorize\n---\n",
			`line 3: link: unknown exhibit or task "memorize"`},
		{"---\ntitle: t\nlink: cards?data=0123456789abcdef&lane=sft\n---\n", "line 3: link: "},
		{"---\ntitle: t\nlink: razor\nhide: dial\n---\n",
			`line 4: hide: unknown panel "dial": did ` +
				"you mean dials? accepted: dials, cost, try"},
		{"---\ntitle: t\nlink: razor\nlock: all\n---\n",
			`line 4: lock: unknown lock "all": ` +
				"accepted: settings, seed"},
		{"---\ntitle: t\nlink: razor\nminutes: 5.5\n---\n",
			"line 4: minutes is \"5.5\": want a whole number from 1 to 600"},
		{"---\ntitle: t\nlink: razor\npredict: Who?\n---\n" + step,
			"line 4: predict is not used: want a step with {goal=\"predict\"}"},
		{"---\ntitle: t\nlink: cards?lane=sft\n---\n## A {goal=\"predict\"}\n",
			"line 3: a step has goal=\"predict\", and \"cards?lane=sft\" is no exhibit"},
		{"---\ntitle: t\nlink: razor\nchoices: a\n---\n## A {goal=\"predict\"}\n",
			"line 4: choices has 1 entries: want 2 to 12"},
		{head, "the lesson has no steps: want headings that begin with ##"},
		{head + "# A\n" + step, "line 5: a heading of level 1 is not accepted here"},
		{head + step + step, "line 6: step \"A\": another step has the ID a too"},
		{head + strings.Repeat("## A\n", 31), "line 35: the lesson has 31 steps: want at most 30"},
		{head + "## A *b*\n", "line 5: step \"A b\": the heading has formatting"},
		{one(`unlock`), "line 5: step \"A {unlock}\": its attributes cannot be read"},
		{one(`unlock=yes`), "line 5: step \"A\": unlock has the wrong form"},
		{one(`unlock=true`), "unlock has no effect: want lock: in the front matter"},
		{one(`goals="run"`), `unknown attribute "goals": did you mean goal?`},
		{one(`goal=""`), "goal is empty: want one of predict, run, update N"},
		{one(`goal="runs"`), `unknown goal "runs": want one of predict, run`},
		{one(`goal="run sft"`), `goal "run sft" has 1 words behind run, and 0 are wanted`},
		{one(`goal="update 301"`), "want a whole number from 1 to 300"},
		{one(`goal="update x"`), "want a whole number from 1 to 300"},
		{one(`goal="see trees"`), `unknown picture "trees": did you mean tree?`},
		{one(`goal="open door"`), `unknown panel "door": accepted: dials, cost, try`},
		{one(`goal="change"`), "has 0 words behind change, and 1 are wanted"},
		{one(`goal="change lrr"`), `unknown setting "lrr": did you mean lr?`},
		{one(`goal="change lr=a"`), "lr=a: expected"},
		{one(`goal="change style=y"`), "style is y already in the step's link"},
		{one(`goal="change dpo lr=1e-3"`), `unknown lane "dpo": did you mean grpo?`},
		{one(`goal="change grpo style=x"`), `unknown setting "style"`},
		{one(`goal="change grpo lr 1e-3"`), "has 3 words behind change, and 2 are wanted"},
		{one(`link="nothing"`), `step "A": link: unknown exhibit or task "nothing"`},
		{one(`goal="reach sft id/accuracy > 2"`),
			"id/accuracy is a share: want a number from 0 to 1"},
		{one(`goal="reach sft id/accuracy = .5"`),
			`unknown comparison "=": did you mean >=? accepted: `},
		{one(`goal="reach sft id/accuracy > x"`), `"x" is not a number`},
		{one(`goal="reach dpo id/accuracy > 0"`),
			`unknown lane "dpo": did you mean grpo? accepted: sft, `},
		{one(`goal="reach sft id/pass_at_2 > 0"`), `unknown metric "id/pass_at_2": `},
		{one(`goal="reach sft x/accuracy > 0"`),
			`unknown metric "x/accuracy": did you mean id/accuracy?`},
		{"---\ntitle: t\nlink: razor\nlock: seed\n---\n## A {goal=\"change seed\"}\n",
			"lock: seed keeps students from changing seed: want unlock=true"},
		{"---\ntitle: t\nlink: razor\nhide: try\n---\n## A {goal=\"open try\"}\n",
			"the panel try is hidden: take it out of hide"},
		{"---\ntitle: t\nlink: razor?hide=try\n---\n## A {goal=\"ask\"}\n",
			"the panel try is hidden"},
		{"---\ntitle: t\nlink: razor?hide=stage\n---\n## A {goal=\"run\"}\n",
			"the panel stage is hidden"},
		{"---\ntitle: t\nlink: razor?hide=predict\n---\n## A {goal=\"predict\"}\n",
			"the panel predict is hidden"},
		{"---\ntitle: t\nlink: razor?hide=recipe\n---\n## A {goal=\"change lr\"}\n",
			"the panel recipe is hidden"},
		{"---\ntitle: t\nlink: razor?hide=try\n---\n## A {goal=\"open try\"}\n",
			"the panel try is hidden"},
		{head + step + "a <b>c</b>\n", "line 6: HTML is not accepted"},
		{head + step + "\n<div>\n", "line 7: HTML is not accepted"},
		{head + step + "![a](https://x.org)\n", "line 6: pictures are not accepted"},
		{head + step + "[a](javascript:x)\n", "line 6: link to \"javascript:x\": want an address"},
		{head + step + "<ftp://x.org>\n", "line 6: link to \"ftp://x.org\""},
		{head + step + "\n### B {x=1}\n", "line 7: this heading has attributes"},
		{head + step + "\n> # B\n", "line 7: a heading of level 1 is not accepted"},
		{head + step + "\na `=sft`\n", "line 7: `=sft`: code that begins with = is a place"},
		{head + step + "\na `=dpo id/reward`", "line 7: `=dpo id/reward`: unknown lane"},
		{head + step + "- [ ] a\n", "line 6: choices are one list"},
		{ask + "- a\n- b\n", "line 8: the list has no boxes: want - [ ] or - [x]"},
		{ask + "- [x] a\n", "line 8: the list has 1 choices, and 1 of them right"},
		{ask + "- [ ] a\n- [ ] b\n", "the list has 2 choices, and 0 of them right"},
		{ask + "- [ ] a\n- b\n", "line 9: this entry of the list has no box"},
		{ask + "- [ ] a\n- [x] a\n", "line 9: the choice \"a\" is empty or there twice"},
		{ask + "- [ ] a\n- [x] `=sft id/reward`\n",
			"line 9: a choice has no place for a measured value"},
		{ask + "- [ ] a\n\n  b\n- [x] c\n", "line 8: a choice is one paragraph"},
		{ask + "- [ ] a\n- [x] b\n\nc\n\n- [x] d\n", "line 13: choices are one list"},
		{head + "\xff", "the lesson is not in UTF-8"},
		{head + step + "\x00", "line 6: there is a zero byte"},
		{strings.Repeat("x", 1<<16+1), "the lesson has 65537 bytes: want at most 65536"},
	} {
		_, err := lesson.Parse([]byte(m.source), words())
		if err == nil || !strings.Contains(err.Error(), m.want) {
			t.Errorf("%q\ngives %v\nwant %s", m.source, err, m.want)
		}
	}
}

// Lessons can name what is measured, and nothing else.
func TestMeasured(t *testing.T) {
	for _, link := range []string{"cards?eval_prompts=2&lane=sft,steps=1",
		"refusal?eval_prompts=2&lane=sft,steps=1",
		"compose?eval_prompts=2&passk=4&lane=sft,steps=1",
		"densities?lane=sft,steps=1"} {
		r, err := recipe.Standard().Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		result, err := study.Run(t.Context(), r, study.Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for name := range result.Lanes[0].Metrics {
			if !strings.HasPrefix(name, "train/") && !strings.HasPrefix(name, "weights/rank_") {
				names = append(names, lesson.Short(name))
			}
		}
		want := lesson.Measured(r)
		slices.Sort(names)
		slices.Sort(want)
		if !slices.Equal(names, want) {
			t.Errorf("%s has measured %q, and lessons can name %q", link, names, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(full))
	for _, name := range lesson.Names() {
		source, err := lesson.Source(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(source)
	}
	v := words()
	f.Fuzz(func(t *testing.T, source []byte) {
		l, err := lesson.Parse(source, v)
		if err != nil {
			return
		}
		ids := map[string]bool{}
		for _, s := range l.Steps {
			if ids[s.ID] || s.ID == "" {
				t.Errorf("the ID %q is empty or there twice", s.ID)
			}
			ids[s.ID] = true
			for _, html := range []string{s.HTML, s.After} {
				if strings.Contains(strings.ToLower(html), "<script") ||
					strings.Contains(html, "href=\"javascript:") {
					t.Errorf("HTML came through: %s", html)
				}
			}
		}
	})
}
