package article

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/task"
)

// OfTask returns the article of a task.
func (l *Library) OfTask(t task.Task) Article {
	var levels []Item
	for _, level := range t.Levels {
		example := t.EvalPrompts(level.Name, 1)[0]
		levels = append(levels,
			Item{level.Name, fmt.Sprintf("%s: %s; for example %s, answer %s", level.Title,
				level.Doc, example.Prompt, example.Answer)})
	}
	return Article{t.Name, t.Title, []Paragraph{
		{Text: t.Doc},
		vocabulary(t),
		{Heading: "Worked example", Text: t.Join(t.Example.Prompt, t.Example.Response), Code: true,
			Words: t.Words != nil, Items: steps(t.Example)},
		{Heading: "Prompts", Text: "What the verifier can judge is " + t.Form + "."},
		{Heading: "Levels", Items: levels},
		{Heading: "Demonstrations", Items: demonstrations(t)},
		{Heading: "Training prompts",
			Text: fmt.Sprintf("%d of level %s; a response has at most %d tokens, its end included.",
				t.Prompts, t.Levels[0].Name, t.MaxResponse)},
		{Heading: "Sizes", Text: sizesOf(t)},
		{Heading: "Bases", See: l.basesOf(t)},
		{Heading: "Exhibits", See: l.exhibitsWhere(func(r *recipe.Recipe) bool {
			return r.Task.Name == t.Name
		})},
		{Heading: "Source", Text: t.Cite},
	}, slices.Concat(t.Knobs, t.Sizes), l.c.Knobs(t)}
}

// basesOf returns the bases that were brought up on a task.
func (l *Library) basesOf(t task.Task) (refs []Ref) {
	for _, b := range l.c.Bases() {
		if b.Task.Name == t.Name {
			refs = append(refs, Ref{Base, b.Name, b.Title})
		}
	}
	return refs
}

// sizesOf says how a task's sizes are set, and which suit larger models; "" if it has one size.
func sizesOf(t task.Task) string {
	if t.Sizes == nil {
		return ""
	}
	names := names(t.Sizes, func(k param.Knob) string { return k.Name })
	text := fmt.Sprintf("A link sets %s for all lanes, as in %s?%s=%s&lane=sft.", prose.List(names),
		t.Name, names[0], param.Defaults(t.Sizes).Text(names[0]))
	for _, size := range recipe.Sizes()[1:] {
		if t.Larger == nil {
			break
		}
		if at := t.Larger(size); at != nil {
			text += fmt.Sprintf(" With a base of size=%s they are %s.", size, prose.List(at))
		}
	}
	return text
}

// vocabulary lists the task's symbols.
func vocabulary(t task.Task) Paragraph {
	heading := "Alphabet"
	if t.Words != nil {
		heading = "Words"
	}
	return Paragraph{Heading: heading, Text: t.Join(t.Symbols()...), Code: true,
		Words: t.Words != nil}
}

// steps returns the numbered steps of a worked example.
func steps(e task.Example) (all []Item) {
	for i, step := range e.Steps {
		all = append(all, Item{fmt.Sprint(i + 1), step})
	}
	return all
}

// demonstrations shows the expert's demonstration of one problem in each style.
func demonstrations(t task.Task) []Item {
	show := func(name string, v param.Values) Item {
		shown := recipe.Demonstration(t, v)
		return Item{name, t.Join(shown.Prompt, shown.Response)}
	}
	var shown []Item
	for _, k := range t.Knobs {
		for _, choice := range k.Choices {
			v := param.Defaults(t.Knobs)
			if err := v.Set(k.Name, choice); err == nil { // a knob's own choice
				shown = append(shown, show(k.Name+"="+choice, v))
			}
		}
	}
	if shown == nil {
		shown = append(shown, show("always", param.Defaults(t.Knobs)))
	}
	return shown
}
